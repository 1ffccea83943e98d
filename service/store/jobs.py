"""Jobs: queued work in lines that take turns, held by heartbeats. A row exists as long as there is work to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from index.store.database import reading, writing
from service.clock import Clock
from service.store.admission import Admission, Bounds
from service.store.bell import Bell
from service.store.leases import Lease, SilenceWatch
from service.store.tables import jobs, lines, tallies
from service.store.worker_names import WorkerName

MAX_ATTEMPTS = 3  # that were interrupted; then a job is given up
MAX_POSTPONE_SECONDS = 60  # what seems to be due later than this is due now: somebody has set the clock back
BULK_TURN = 5  # of so many turns bulk work gets one, however much else is waiting


class JobKind(StrEnum):
    """What there is to do."""

    CHECK = "check"
    IMPORT = "import"


class Lane(StrEnum):
    """How soon it is wanted: somebody may be waiting for each `interactive` job."""

    INTERACTIVE = "interactive"
    BULK = "bulk"


class Outcome(StrEnum):
    """How a job ended."""

    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """Work that a worker holds. `attempts` counts every claim and tells holders apart.

    Its worker died `crashed` times, and was stopped before it was done `outlasted` times.
    """

    number: int
    kind: JobKind
    lane: Lane
    subject: str
    attempts: int
    worker: str
    crashed: int
    outlasted: int

    @property
    def is_hopeless(self) -> bool:
        """Whether it was interrupted so often that it must be given up, not tried."""
        return self.crashed + self.outlasted >= MAX_ATTEMPTS

    @property
    def postponed(self) -> int:
        """How often it was put back before anything was done."""
        return self.attempts - 1 - self.crashed - self.outlasted


@dataclass(frozen=True, slots=True)
class QueueState:
    """What waits: how much of each lane and kind, and for how long the oldest has."""

    waiting: dict[tuple[Lane, JobKind], int]
    oldest_seconds: float

    @property
    def in_all(self) -> int:
        """How much waits."""
        return sum(self.waiting.values())


class JobStore:
    """The queue. Transactions are short and take the write lock at once, so threads and processes can share it.

    `bell` rings when something may have been queued in this process.
    """

    def __init__(self, engine: sa.Engine, bell: Bell, clock: Clock, bounds: Bounds) -> None:
        self.engine, self.bell, self.clock = engine, bell, clock
        self.admission = Admission(clock, bounds)
        self._watch = SilenceWatch()
        self._since_bulk: dict[tuple[JobKind, ...], int] = {}

    # ------------------------------------------------------------ queueing

    def add(self, connection: sa.Connection, kind: JobKind, lane: Lane, subject: str, owner: str) -> None:
        """Queue work, in the transaction that commits what it is about. Raises ServiceBusy, TooManyRequests."""
        self.admission.admit(connection, owner)
        place = {"kind": kind.value, "lane": lane.value, "owner": owner}
        nothing_yet = {"attempts": 0, "crashed": 0, "outlasted": 0, "beats": 0}
        values = {**place, **nothing_yet, "subject": subject, "queued_at": self.clock.read().at}
        connection.execute(sa.insert(jobs).values(**values))
        if connection.execute(sa.select(lines.c.turn).where(_of_line(place))).first() is None:
            connection.execute(sa.insert(lines).values(**place, turn=0))

    def state(self) -> QueueState:
        """What waits now, in every process's eyes."""
        query = sa.select(jobs.c.lane, jobs.c.kind, sa.func.count().label("n"), sa.func.min(jobs.c.queued_at))
        with reading(self.engine) as connection:
            waiting = query.where(jobs.c.worker.is_(None)).group_by(jobs.c.lane, jobs.c.kind)
            rows = connection.execute(waiting).all()
        now = self.clock.read().at
        oldest = max(((now - first).total_seconds() for *_, first in rows), default=0.0)
        return QueueState({(Lane(lane), JobKind(kind)): n for lane, kind, n, _ in rows}, max(oldest, 0.0))

    def count(self) -> int:
        """How much is left to do, what is being worked on included."""
        with reading(self.engine) as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(jobs)).scalar_one())

    def ends(self) -> dict[tuple[JobKind, Outcome], int]:
        """How many jobs have ever ended, and how."""
        with reading(self.engine) as connection:
            rows = connection.execute(sa.select(tallies.c.kind, tallies.c.outcome, tallies.c.count)).all()
        return {(JobKind(kind), Outcome(outcome)): count for kind, outcome, count in rows}

    # ------------------------------------------------------------ working

    def claim(self, worker: str, kinds: Iterable[JobKind]) -> Job | None:
        """The next job that nobody works on, now held by `worker`; None where there is none.

        The line that was served longest ago is next, in it the oldest job; interactive lines come before bulk ones,
        but for one turn in BULK_TURN.
        """
        kinds = tuple(kinds)
        self.free_silent()
        with reading(self.engine) as connection:  # looking costs no lock
            if self._next(connection, kinds, lock=False) is None:
                return None
        with writing(self.engine) as connection:
            row = self._next(connection, kinds, lock=True)
            if row is None:
                return None
            taken = {"worker": worker, "attempts": row["attempts"] + 1}
            connection.execute(sa.update(jobs).where(jobs.c.number == row["number"]).values(**taken))
            last = sa.select(sa.func.max(lines.c.turn) + 1).scalar_subquery()
            connection.execute(sa.update(lines).where(_of_line(row)).values(turn=last))
        lane = Lane(row["lane"])
        self._since_bulk[kinds] = 0 if lane is Lane.BULK else self._since_bulk.get(kinds, 0) + 1
        kind = JobKind(row["kind"])
        return Job(
            row["number"], kind, lane, row["subject"], row["attempts"] + 1, worker, row["crashed"], row["outlasted"]
        )

    def renew(self, worker: str, numbers: Sequence[int]) -> None:
        """The heartbeat: these jobs are still being worked on."""
        if not numbers:
            return
        with writing(self.engine) as connection:
            held = (jobs.c.worker == worker) & jobs.c.number.in_(numbers)
            connection.execute(sa.update(jobs).where(held).values(beats=jobs.c.beats + 1))

    def still_held(self, held: Sequence[Job]) -> list[Job]:
        """Those of these jobs that were neither cancelled nor taken from their worker. It costs no lock."""
        query = sa.select(jobs.c.number, jobs.c.attempts, jobs.c.worker)
        with reading(self.engine) as connection:
            rows = connection.execute(query.where(jobs.c.number.in_([job.number for job in held]))).all()
        kept = {(row.number, row.attempts, row.worker) for row in rows}
        return [job for job in held if (job.number, job.attempts, job.worker) in kept]

    def postpone(self, job: Job, seconds: float) -> None:
        """Put a job back for later before it is begun: what it needs is not there yet. That is not counted."""
        later = self.clock.read().at + timedelta(seconds=min(seconds, MAX_POSTPONE_SECONDS))
        with writing(self.engine) as connection:
            connection.execute(sa.update(jobs).where(held_by(job)).values(worker=None, available_at=later))

    def put_back(self, job: Job) -> None:
        """Put back a job that was begun and not done when its worker had to stop. That is counted."""
        again = {"worker": None, "available_at": None, "outlasted": jobs.c.outlasted + 1}
        with writing(self.engine) as connection:
            connection.execute(sa.update(jobs).where(held_by(job)).values(**again))

    # ------------------------------------------------------------ workers that died

    def release_dead(self, name: WorkerName) -> int:
        """Free the jobs of workers that died on this machine, without waiting for their silence; returns how many."""
        with reading(self.engine) as connection:
            holders = connection.execute(sa.select(jobs.c.worker).where(jobs.c.worker > "").distinct())
            dead = [holder for holder in holders.scalars() if name.outlived(holder)]
        return self._free(jobs.c.worker.in_(dead)) if dead else 0

    def free_silent(self) -> int:
        """Free the jobs whose workers have not renewed them for a lease's time; returns how many."""
        now = self.clock.read().steady
        if not self._watch.is_due(now):
            return 0
        query = sa.select(jobs.c.number, jobs.c.attempts, jobs.c.beats).where(jobs.c.worker > "")
        with reading(self.engine) as connection:
            silent = self._watch.look(now, [Lease(*row) for row in connection.execute(query)])
        return sum(self._free(_is_lease(lease)) for lease in silent)

    def _free(self, whose: sa.ColumnElement[bool]) -> int:
        freed = {"worker": None, "available_at": None, "crashed": jobs.c.crashed + 1}
        with writing(self.engine) as connection:
            return int(connection.execute(sa.update(jobs).where(whose).values(**freed)).rowcount)

    # ------------------------------------------------------------ whose turn it is

    def _next(self, connection: sa.Connection, kinds: tuple[JobKind, ...], *, lock: bool) -> Any:
        order = [Lane.INTERACTIVE, Lane.BULK]
        if self._since_bulk.get(kinds, 0) >= BULK_TURN - 1:
            order.reverse()
        now = self.clock.read().at
        for lane in order:
            first = _first_in_turn(kinds, lane, now)
            if lock:  # SQLite's writers have the whole database to themselves
                first = first.with_for_update(of=jobs, skip_locked=True)
            row = connection.execute(first).mappings().first()
            if row is not None:
                return row
        return None


def _first_in_turn(kinds: tuple[JobKind, ...], lane: Lane, now: datetime) -> sa.Select[Any]:
    """The oldest job that is due of the line served longest ago: one step in an index for each line without any."""
    waiting = jobs.alias("waiting")
    postponed = (waiting.c.available_at > now) & (
        waiting.c.available_at <= now + timedelta(seconds=MAX_POSTPONE_SECONDS)
    )
    due = waiting.c.available_at.is_(None) | ~postponed
    in_line = _of_line(lines.c, waiting.c) & waiting.c.worker.is_(None)
    oldest = sa.select(waiting.c.number).where(in_line, due).order_by(waiting.c.number).limit(1)
    return (
        sa.select(jobs)
        .select_from(lines.join(jobs, jobs.c.number == oldest.correlate(lines).scalar_subquery()))
        .where(lines.c.lane == lane.value, lines.c.kind.in_([kind.value for kind in kinds]), jobs.c.worker.is_(None))
        .order_by(lines.c.turn)
        .limit(1)
    )


def end_job(connection: sa.Connection, job: Job, outcome: Outcome) -> bool:
    """Take work off the queue; False where it was cancelled or taken from this worker: then store nothing."""
    ended = connection.execute(sa.delete(jobs).where(held_by(job))).rowcount == 1
    if ended:
        _count_end(connection, job.kind, outcome)
    return ended


def cancel_job(connection: sa.Connection, kind: JobKind, subject: str) -> None:
    """Take work off the queue, whoever holds it."""
    if connection.execute(sa.delete(jobs).where(jobs.c.subject == subject)).rowcount:
        _count_end(connection, kind, Outcome.CANCELLED)


def held_by(job: Job) -> sa.ColumnElement[bool]:
    """The row of a job, as long as it is in the hands of this worker."""
    return (jobs.c.number == job.number) & (jobs.c.worker == job.worker) & (jobs.c.attempts == job.attempts)


def _count_end(connection: sa.Connection, kind: JobKind, outcome: Outcome) -> None:
    these = (tallies.c.kind == kind.value) & (tallies.c.outcome == outcome.value)
    connection.execute(sa.update(tallies).where(these).values(count=tallies.c.count + 1))


def _of_line(place: Any, of: Any = lines.c) -> sa.ColumnElement[bool]:
    return sa.and_(*(of[name] == place[name] for name in ("kind", "lane", "owner")))


def _is_lease(lease: Lease) -> sa.ColumnElement[bool]:
    seen = (jobs.c.number == lease.number) & (jobs.c.attempts == lease.attempts) & (jobs.c.beats == lease.beats)
    return seen & jobs.c.worker.is_not(None)
