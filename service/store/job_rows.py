"""One row of the queue: what a job is, whose turn comes next, and how a row is held, put back and ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from index.store.tables import store
from service.store.leases import Lease
from service.store.tables import jobs, lines, tallies

MAX_ATTEMPTS = 3  # that were interrupted; then a job is given up
STORE_ID = sa.select(store.c.store_id).scalar_subquery()
SERVICE = "service"  # owns what the service does by itself: no caller's, so it counts for no caller's bounds


class JobKind(StrEnum):
    """What callers ask for. Jobs have further kinds: `service.work.registry` knows them all."""

    CHECK = "check"
    IMPORT = "import"
    WEBHOOK = "webhook"


class Lane(StrEnum):
    """How soon it is wanted: somebody may be waiting for each `interactive` job.

    A `delivery` goes to somebody else's machine, which may take its time: it waits in nobody's way. Nobody waits for
    what is done in the `background`, and it may take minutes: its kinds have a thread of their own.
    """

    INTERACTIVE = "interactive"
    BULK = "bulk"
    DELIVERY = "delivery"
    BACKGROUND = "background"


class Outcome(StrEnum):
    """How a job ended."""

    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """Work that a worker holds. `attempts` counts every claim and tells holders apart.

    Its worker died `crashed` times, and was stopped before it was done `outlasted` times; the work itself failed
    `failed` times, for a reason that may pass. In the data that a restore puts in place the same numbers are those of
    other jobs, so `store_id` says in which data it was claimed.
    """

    number: int
    kind: str
    lane: Lane
    subject: str
    attempts: int
    worker: str
    crashed: int
    outlasted: int
    failed: int = 0
    owner: str = ""
    store_id: str = ""

    @property
    def is_hopeless(self) -> bool:
        """Whether it was interrupted so often that it must be given up, not tried."""
        return self.crashed + self.outlasted >= MAX_ATTEMPTS

    @property
    def postponed(self) -> int:
        """How often it was put back before anything was done."""
        return self.attempts - 1 - self.crashed - self.outlasted - self.failed


# ---------------------------------------------------------------- in a transaction


def add_job(
    connection: sa.Connection,
    kind: str,
    lane: Lane,
    subject: str,
    owner: str,
    now: datetime,
    later: datetime | None = None,
) -> None:
    """Queue work at the end of its line, to be begun at once or `later`."""
    add_jobs(connection, kind, lane, [subject], owner, now)
    if later is not None:
        about = (jobs.c.kind == kind) & (jobs.c.subject == subject)
        connection.execute(sa.update(jobs).where(about).values(postponed_at=now, available_at=later))


def add_jobs(
    connection: sa.Connection, kind: str, lane: Lane, subjects: Iterable[str], owner: str, now: datetime
) -> None:
    """Queue work about several subjects at the end of its line, in their order."""
    place = {"kind": kind, "lane": lane.value, "owner": owner}
    nothing_yet = {"attempts": 0, "crashed": 0, "outlasted": 0, "failed": 0, "beats": 0, "queued_at": now}
    connection.execute(sa.insert(jobs), [{**place, **nothing_yet, "subject": subject} for subject in subjects])
    if connection.execute(sa.select(lines.c.turn).where(of_line(place))).first() is None:
        connection.execute(sa.insert(lines).values(**place, turn=0))


def is_queued(connection: sa.Connection, kind: str, subject: str) -> bool:
    """Whether there is such work, waiting or in somebody's hands."""
    query = sa.select(jobs.c.number).where(jobs.c.kind == kind, jobs.c.subject == subject)
    return connection.execute(query).first() is not None


def take_job(connection: sa.Connection, row: Any, worker: str) -> Job:
    """Let a worker hold the job of a row; its line goes to the end of all lines."""
    attempts = row["attempts"] + 1
    connection.execute(sa.update(jobs).where(jobs.c.number == row["number"]).values(worker=worker, attempts=attempts))
    last = sa.select(sa.func.max(lines.c.turn) + 1).scalar_subquery()
    connection.execute(sa.update(lines).where(of_line(row)).values(turn=last))
    counts = {name: row[name] for name in ("number", "kind", "subject", "crashed", "outlasted", "failed", "owner")}
    store_id = str(connection.execute(sa.select(store.c.store_id)).scalar_one())
    return Job(**counts, lane=Lane(row["lane"]), attempts=attempts, worker=worker, store_id=store_id)


def put_off(connection: sa.Connection, job: Job, now: datetime, seconds: float, **counted: Any) -> None:
    """Put a job back for later."""
    later = {"worker": None, "postponed_at": now, "available_at": now + timedelta(seconds=seconds)}
    connection.execute(sa.update(jobs).where(held_by(job)).values(**later, **counted))


def end_job(connection: sa.Connection, job: Job, outcome: Outcome) -> bool:
    """Take work off the queue; False where it was cancelled or taken from this worker: then store nothing."""
    ended = connection.execute(sa.delete(jobs).where(held_by(job))).rowcount == 1
    if ended and job.owner != SERVICE:
        _count_end(connection, job.kind, outcome)
    return ended


def cancel_job(connection: sa.Connection, kind: str, subject: str) -> None:
    """Take work off the queue, whoever holds it."""
    about = (jobs.c.kind == kind) & (jobs.c.subject == subject)
    if connection.execute(sa.delete(jobs).where(about)).rowcount:
        _count_end(connection, kind, Outcome.CANCELLED)


def drop_job(connection: sa.Connection, kind: str, subject: str) -> None:
    """Take work off the queue that no caller asked for."""
    connection.execute(sa.delete(jobs).where(jobs.c.kind == kind, jobs.c.subject == subject))


def cancel_waiting(connection: sa.Connection, kind: str, subjects: Sequence[str]) -> list[str]:
    """Take work off the queue that nobody holds; returns what it was about."""
    idle = (jobs.c.kind == kind) & jobs.c.subject.in_(subjects) & jobs.c.worker.is_(None)
    cancelled = list(connection.execute(sa.select(jobs.c.subject).where(idle)).scalars())
    if cancelled:
        connection.execute(sa.delete(jobs).where(idle))
        _count_end(connection, kind, Outcome.CANCELLED, len(cancelled))
    return cancelled


def _count_end(connection: sa.Connection, kind: str, outcome: Outcome, times: int = 1) -> None:
    these = (tallies.c.kind == kind) & (tallies.c.outcome == outcome.value)
    if not connection.execute(sa.update(tallies).where(these).values(count=tallies.c.count + times)).rowcount:
        connection.execute(sa.insert(tallies).values(kind=kind, outcome=outcome.value, count=times))


# ---------------------------------------------------------------- whose turn it is


def first_in_turn(kinds: tuple[str, ...], lane: Lane, now: datetime) -> sa.Select[Any]:
    """The oldest job that is due of the line served longest ago: one step in an index for each line without any.

    What was put off is due as well where it seems that this happens only later: somebody has set the clock back.
    """
    waiting = jobs.alias("waiting")
    due = waiting.c.available_at.is_(None) | (waiting.c.available_at <= now) | (waiting.c.postponed_at > now)
    in_line = of_line(lines.c, waiting.c) & waiting.c.worker.is_(None)
    oldest = sa.select(waiting.c.number).where(in_line, due).order_by(waiting.c.number).limit(1)
    return (
        sa.select(jobs)
        .select_from(lines.join(jobs, jobs.c.number == oldest.correlate(lines).scalar_subquery()))
        .where(lines.c.lane == lane.value, lines.c.kind.in_([str(kind) for kind in kinds]), jobs.c.worker.is_(None))
        .order_by(lines.c.turn)
        .limit(1)
    )


def held_by(job: Job) -> sa.ColumnElement[bool]:
    """The row of a job, as long as it is in the hands of this worker."""
    held = (jobs.c.number == job.number) & (jobs.c.worker == job.worker) & (jobs.c.attempts == job.attempts)
    return held & (sa.literal(job.store_id) == STORE_ID)


def of_line(place: Any, of: Any = lines.c) -> sa.ColumnElement[bool]:
    """Rows of the line that a job stands in."""
    return sa.and_(*(of[name] == place[name] for name in ("kind", "lane", "owner")))


def is_lease(lease: Lease) -> sa.ColumnElement[bool]:
    """The row of a job, as long as it is held as it was seen."""
    seen = (jobs.c.number == lease.number) & (jobs.c.attempts == lease.attempts) & (jobs.c.beats == lease.beats)
    return seen & jobs.c.worker.is_not(None)
