"""Checks: each a committed row before anybody is told of it, answered from an earlier one where the rules allow."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from index.errors import StoreUnavailable
from index.store.database import reading, writing
from index.store.one_store import require_same_store
from service.clock import Clock
from service.errors import NotFound
from service.findings import SentenceFindings
from service.models import Check, CheckRequest, CheckResult, CheckState, Problem, Stage
from service.store.batch_items import ItemState, end_items
from service.store.bell import POLL_SECONDS, Bell
from service.store.blobs import BlobStore
from service.store.callbacks import Callback, ask_back, deliver, event_of, forget_callbacks, tell
from service.store.check_lists import CheckPage, Wanted, select_checks
from service.store.check_rows import (
    PICTURE,
    as_begun,
    check_of,
    digest,
    new_id,
    new_row,
    request_of,
    result_json,
    seconds_until_shown,
    versions_digest,
)
from service.store.corrections import forget_earlier, note_if_late, with_earlier
from service.store.database import overwrite_deleted
from service.store.feedback import forget_feedback
from service.store.findings import forget_findings, read_findings, store_findings
from service.store.idempotency import IdempotencyKey, find_subject, forget_subject, remember_subject
from service.store.jobs import Job, JobKind, JobStore, Lane, Outcome, cancel_job, end_job
from service.store.policies import decision_columns
from service.store.reuse import Freshness, add_copy, find_reusable, find_seen, is_own
from service.store.sharing import share
from service.store.spool import Spool, body_name, drop_pictures
from service.store.tables import checks

DONE = (CheckState.FINISHED.value, CheckState.FAILED.value)


class CheckStore:
    """Checks in the database, queued as `jobs`, their pictures in `blobs` until they are read.

    `bell` rings when one was queued or ended.
    """

    def __init__(self, engine: sa.Engine, blobs: BlobStore, bell: Bell, clock: Clock, jobs: JobStore) -> None:
        self.engine, self.blobs, self.bell, self.clock, self.jobs = engine, blobs, bell, clock, jobs

    # ------------------------------------------------------------ asking

    def submit(
        self,
        request: CheckRequest,
        owner: str,
        reuse: Freshness | None,
        key: IdempotencyKey | None = None,
        lane: Lane = Lane.INTERACTIVE,
        resting: Callable[[], AbstractContextManager[None]] = nullcontext,
        callback: Callback | None = None,
    ) -> Check:
        """The check of a request: an earlier one of this owner, a copy of a shareable one, or a new one, queued.

        With `reuse` None nothing earlier is looked for. What is returned is committed; writing, and waiting for the
        turn to write, happens inside `resting`. `callback` is told when it has ended, or at once where it has. Raises
        ServiceBusy or TooManyRequests where a new one would be one too many, StoreUnavailable where there is no room
        for a picture.
        """
        with ExitStack() as entered:
            with reading(self.engine) as connection:
                known, is_new = self._known(connection, request, owner, reuse, key, callback)
                if known is not None:
                    return known
                if is_new:
                    entered.enter_context(self.jobs.admission.entering(connection, owner, key or object()))
            entered.enter_context(resting())
            if request.picture is None:
                return self._enter(request, owner, reuse, key, lane, callback, new_id())
            spool = Spool(new_id(), self.blobs)
            entered.callback(spool.close)
            spool.write(request.picture)
            spool.keep()
            check = self._enter(request, owner, reuse, key, lane, callback, spool.id)
            if check.id == spool.id:
                spool.hand_over()
            return check

    def _enter(
        self,
        request: CheckRequest,
        owner: str,
        reuse: Freshness | None,
        key: IdempotencyKey | None,
        lane: Lane,
        callback: Callback | None,
        id: str,
    ) -> Check:
        """The check of a request that could not be answered without writing; a new one is named `id`."""
        with writing(self.engine) as connection:
            now = self._now()
            subject = find_subject(connection, key)
            row = _row(connection, subject) if subject else find_reusable(connection, request, owner, reuse, now)
            if subject is None:
                self.jobs.admission.admit_callback(connection, owner, callback)
            begun = row is None or row["owner"] != owner  # to the caller, another's check begins like every other
            if row is None:
                row = new_row(request, owner, now, id)
                ask_back(connection, row["id"], owner, callback)
                self.jobs.add(connection, JobKind.CHECK, lane, row["id"], owner)
                connection.execute(sa.insert(checks).values(**row))
            elif not is_own(row, request, owner):
                if begun:
                    self.jobs.admission.admit(connection, owner)
                row = add_copy(connection, row, request, owner, now)
            if subject is None and callback is not None and row["finished_at"] is not None:
                deliver(connection, event_of(row["state"]), row["id"], owner, callback, now, row["finished_at"])
            if subject is None:
                remember_subject(connection, key, row["id"], now)
        self.bell.ring()
        return as_begun(row) if begun else check_of(row, now)

    def get(self, id: str, owner: str | None) -> Check:
        """The check with this id; `owner` None sees everybody's. Raises NotFound, for foreign ones as well."""
        with reading(self.engine) as connection:
            return with_earlier(connection, [check_of(_visible(connection, id, owner), self._now())])[0]

    def findings(self, id: str, owner: str | None) -> tuple[SentenceFindings, ...]:
        """What a finished check was concluded from; empty where it was made before that was kept. Raises NotFound."""
        with reading(self.engine) as connection:
            _visible(connection, id, owner)
            return read_findings(connection, id)

    def find_page(self, url: str, owner: str) -> Check:
        """This owner's newest finished check of a page that the service itself fetched. Raises NotFound.

        It starts nothing, and says nothing of what others checked.
        """
        now = self._now()
        with reading(self.engine) as connection:
            row = find_seen(connection, url, owner, now)
            if row is None:
                raise NotFound("You have no finished check of this page: POST /v1/checks makes one.")
            return with_earlier(connection, [check_of(row, now)])[0]

    def select(self, owner: str | None, wanted: Wanted, cursor: str | None = None, limit: int = 20) -> CheckPage:
        """A page of this owner's checks, or (None) of everybody's, newest first.

        Raises BadRequest for a cursor that no page gave.
        """
        with reading(self.engine) as connection:
            return select_checks(connection, owner, wanted, cursor, limit, self._now())

    def wait(self, id: str, owner: str | None, seconds: float) -> Check:
        """The check once it has ended, or as it is after `seconds`. Raises NotFound, StoreReplaced."""
        until = self.clock.read().steady + seconds
        with self.bell.listening(id) as heard:
            while True:
                heard.clear()
                with reading(self.engine) as connection:
                    require_same_store(connection)  # in other data it never was
                    row = _visible(connection, id, owner)
                now = self.clock.read()
                check, left = check_of(row, now.at), until - now.steady
                if check.state.value in DONE or left <= 0:
                    return check
                heard.wait(min(left, POLL_SECONDS, seconds_until_shown(row, now.at)))

    def forget(self, id: str, owner: str | None) -> None:
        """Delete a check and the work queued for it, and overwrite it on the disk. Raises NotFound."""
        with writing(self.engine) as connection:
            _visible(connection, id, owner)
            delete_checks(connection, self.blobs, [id], self._now())
        self.bell.ring_for(id)
        with suppress(StoreUnavailable):  # a busy database is overwritten by the next tidying instead
            overwrite_deleted(self.engine)

    def purge(self, before: datetime) -> int:
        """Delete up to 500 checks that are older than `before`; returns how many.

        It counts from when its run began, so that copies made of copies keep nothing for longer; where that was
        never, from when it was asked for.
        """
        with writing(self.engine) as connection:
            counted = sa.func.coalesce(checks.c.begun_at, checks.c.created_at)
            old = sa.select(checks.c.id).where(counted < before).limit(500)
            ids = list(connection.execute(old).scalars())
            delete_checks(connection, self.blobs, ids, self._now())
        return len(ids)

    # ------------------------------------------------------------ working

    def begin(self, job: Job, reuse: Freshness | None = None) -> CheckRequest | None:
        """What to check, now marked as running; None where there is nothing to do.

        So it is where the check was deleted, and, of a batch with `reuse`, where the same page was checked already or
        is being checked: the check is answered by that, or put off until it ends. Raises StoreUnavailable where its
        picture is gone.
        """
        with writing(self.engine) as connection:
            row = _row(connection, job.subject)
            if row is None:
                end_job(connection, job, Outcome.CANCELLED)
                return None
            if reuse is not None and share(connection, job, row, reuse, self._now(), self.clock.shared(connection)):
                return None
            running = {"state": CheckState.RUNNING.value}
            connection.execute(sa.update(checks).where(checks.c.id == job.subject).values(**running))
        request = request_of(row)
        if request.picture is None:
            return request
        with self.blobs.open(body_name(job.subject)) as picture:
            return replace(request, picture=picture.read())

    def note_stages(self, stages: dict[str, Stage]) -> None:
        """Record how far running checks are, by their ids."""
        with writing(self.engine) as connection:
            for id, stage in stages.items():
                running = (checks.c.id == id) & (checks.c.state == CheckState.RUNNING.value)
                connection.execute(sa.update(checks).where(running).values(stage=stage.value))

    def finish(self, job: Job, result: CheckResult, began_at: datetime) -> bool:
        """Store a result and drop what was supplied; False, and nothing is stored, where the lease was lost."""
        state = CheckState.FAILED if result.problem else CheckState.FINISHED
        now = self._now()
        values = {
            "state": state.value,
            "stage": result.problem.stage.value if result.problem else None,
            "finished_at": now,
            "payload": None,
            "result": result_json(result),
            "verdict": result.verdict.code.value if result.verdict else None,
            "versions": versions_digest(result.versions) if result.versions else None,
            "page": digest(result.final_url) if result.is_shared and result.final_url else None,
            "fetched_at": began_at if result.fetched else None,
            "begun_at": began_at,
        }
        with writing(self.engine) as connection:
            held = end_job(connection, job, Outcome.FAILED if result.problem else Outcome.FINISHED)
            if held:
                asked = sa.select(checks.c.policy, checks.c.kind).where(checks.c.id == job.subject)
                row = connection.execute(asked).one_or_none()
                values |= decision_columns(connection, row.policy if row else None, result)
                connection.execute(sa.update(checks).where(checks.c.id == job.subject).values(**values))
                store_findings(connection, job.subject, result.findings)
                note_if_late(connection, job.subject, result.versions)
                tell(connection, event_of(state.value), [job.subject], now)
                end_items(connection, [job.subject], ItemState(state.value), now)
        if held and row is not None and row.kind == PICTURE:
            self._drop_picture(job.subject)
        self.bell.ring_for(job.subject)
        return held

    def give_up(self, job: Job, code: str, detail: str) -> bool:
        """End a check that cannot be worked on, as failed at the stage where it was last seen."""
        with reading(self.engine) as connection:
            row = _row(connection, job.subject)
        stage = Stage(row["stage"]) if row and row["stage"] else Stage.FETCH
        return self.finish(job, CheckResult(problem=Problem(code, detail, stage)), self._now())

    # ------------------------------------------------------------ inside

    def _known(
        self,
        connection: sa.Connection,
        request: CheckRequest,
        owner: str,
        reuse: Freshness | None,
        key: IdempotencyKey | None,
        callback: Callback | None,
    ) -> tuple[Check | None, bool]:
        """What can be answered without writing, so without waiting for a writer; and whether it is new to this owner.

        What only others had checked is new: refusing only what nobody checked would tell what others did.
        """
        now = self._now()
        subject = find_subject(connection, key)
        row = _row(connection, subject) if subject else find_reusable(connection, request, owner, reuse, now)
        if row is None or row["owner"] != owner:
            return None, True
        needs_no_note = subject is not None or (key is None and callback is None)
        is_answer = needs_no_note and (subject or is_own(row, request, owner))
        return (check_of(row, now) if is_answer else None), False

    def _now(self) -> datetime:
        return self.clock.read().at

    def _drop_picture(self, id: str) -> None:
        """Remove a picture that was read. If that cannot be done now it strays, and goes as such."""
        with suppress(StoreUnavailable), writing(self.engine) as connection:
            self.blobs.delete(body_name(id), connection)


# ---------------------------------------------------------------- rows


def _row(connection: sa.Connection, id: str) -> Any:
    return connection.execute(sa.select(checks).where(checks.c.id == id)).mappings().one_or_none()


def _visible(connection: sa.Connection, id: str, owner: str | None) -> Any:
    row = _row(connection, id)
    if row is None or owner not in (None, row["owner"]):
        raise NotFound("There is no such check; it may have been deleted, or belong to another key.")
    return row


def delete_checks(connection: sa.Connection, blobs: BlobStore, ids: list[str], now: datetime) -> None:
    """Delete checks with whatever hangs on them, and cancel the work queued for them."""
    drop_pictures(blobs, connection, ids)
    forget_subject(connection, ids)
    forget_feedback(connection, ids)
    forget_findings(connection, ids)
    forget_earlier(connection, ids)
    forget_callbacks(connection, ids)
    for id in ids:
        cancel_job(connection, JobKind.CHECK, id)
    end_items(connection, ids, ItemState.CANCELLED, now)
    connection.execute(sa.delete(checks).where(checks.c.id.in_(ids)))
