"""The same page in several batches is fetched once: a check of a batch takes over what another found, or waits for it.

As where a page is asked for by itself (reuse.py), nothing tells that it was somebody else's: taking over another
owner's result takes as long as the run took.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.models import CheckState
from service.store.batch_items import ItemState, end_items
from service.store.callbacks import Event, tell
from service.store.check_rows import request_of
from service.store.job_rows import Job, JobKind, Lane, Outcome, end_job, put_off
from service.store.reuse import Freshness, answer_with, find_reusable, time_taken
from service.store.tables import checks, jobs

AGAIN_SECONDS = 1.0  # until a run of the same page is looked for again


def share(connection: sa.Connection, job: Job, row: Any, reuse: Freshness, now: datetime, shared_now: datetime) -> bool:
    """Answer a check of a batch by another one of the same page, or put it off; False where it must run by itself."""
    request = request_of(row)
    found = find_reusable(connection, request, row["owner"], reuse, now)
    if found is None:
        if not _is_running(connection, row):
            return False
        put_off(connection, job, shared_now, AGAIN_SECONDS)
        return True
    seconds = _seconds_left(row, found, now)
    if seconds > 0:
        begun = {"state": CheckState.RUNNING.value, "begun_at": row["begun_at"] or now}
        connection.execute(sa.update(checks).where(checks.c.id == row["id"]).values(**begun))
        put_off(connection, job, shared_now, seconds)
    elif end_job(connection, job, Outcome.FINISHED):
        answer_with(connection, row["id"], request, found, now)
        tell(connection, Event.CHECK_FINISHED, [row["id"]], now)
        end_items(connection, [row["id"]], ItemState.FINISHED, now)
    return True


def _seconds_left(row: Any, found: Any, now: datetime) -> float:
    """For how long a check must still seem to run before it is answered by another owner's."""
    if found["owner"] == row["owner"]:
        return 0.0
    taken = time_taken(found).total_seconds()
    if row["begun_at"] is None:
        return float(taken)
    passed = (now - row["begun_at"]).total_seconds()
    return taken - passed if 0 <= passed < taken else 0.0  # where the clock was set back since, it has passed


def _is_running(connection: sa.Connection, row: Any) -> bool:
    """Whether somebody works on a check of the same page, for a batch or for the same owner."""
    held = sa.select(checks.c.id).join(jobs, (jobs.c.subject == checks.c.id) & (jobs.c.kind == JobKind.CHECK.value))
    same = (checks.c.digest == row["digest"]) & (checks.c.kind == row["kind"]) & (checks.c.id != row["id"])
    working = (checks.c.state == CheckState.RUNNING.value) & jobs.c.worker.is_not(None)
    own = checks.c.owner == row["owner"]
    theirs = own | ((jobs.c.lane == Lane.BULK.value) & (checks.c.kind == "url"))
    return connection.execute(held.where(same, working, theirs).limit(1)).first() is not None
