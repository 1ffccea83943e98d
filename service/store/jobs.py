"""Jobs: queued work in lines that take turns, held by heartbeats. A row exists as long as there is work to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from index.store.database import reading, writing
from service.clock import Clock
from service.store.admission import Admission, Bounds
from service.store.bell import Bell
from service.store.job_rows import (
    MAX_ATTEMPTS,
    SERVICE,
    STORE_ID,
    Job,
    JobKind,
    Lane,
    Outcome,
    add_job,
    cancel_job,
    end_job,
    first_in_turn,
    held_by,
    is_lease,
    put_off,
    take_job,
)
from service.store.leases import Lease, SilenceWatch
from service.store.tables import jobs, tallies
from service.store.worker_names import WorkerName

__all__ = ["MAX_ATTEMPTS", "Job", "JobKind", "JobStore", "Lane", "Outcome", "QueueState", "cancel_job", "end_job"]

MAX_POSTPONE_SECONDS = 3600  # nothing is put off for longer
BULK_TURN = 5  # of so many turns bulk work gets one, however much else is waiting


@dataclass(frozen=True, slots=True)
class QueueState:
    """What waits of what callers asked for: how much of each lane and kind, and for how long the oldest has."""

    waiting: dict[tuple[Lane, str], int]
    oldest_seconds: float

    @property
    def in_all(self) -> int:
        """How much waits to be done here."""
        return sum(count for (lane, _), count in self.waiting.items() if lane is not Lane.DELIVERY)


class JobStore:
    """The queue. Transactions are short and take the write lock at once, so threads and processes can share it.

    Instants are the database's, so that machines agree on them. `bell` rings when something may have been queued.
    """

    def __init__(self, engine: sa.Engine, bell: Bell, clock: Clock, bounds: Bounds) -> None:
        self.engine, self.bell, self.clock = engine, bell, clock
        self.admission = Admission(clock, bounds)
        self._watch = SilenceWatch()
        self._since_bulk: dict[tuple[tuple[str, ...], tuple[Lane, ...]], int] = {}

    # ------------------------------------------------------------ queueing

    def add(self, connection: sa.Connection, kind: str, lane: Lane, subject: str, owner: str) -> None:
        """Queue work, in the transaction that commits what it is about. Raises ServiceBusy, TooManyRequests."""
        self.admission.admit(connection, owner)
        add_job(connection, kind, lane, subject, owner, self.clock.shared(connection))

    def state(self) -> QueueState:
        """What waits now, in every process's eyes."""
        query = sa.select(jobs.c.lane, jobs.c.kind, sa.func.count().label("n"), sa.func.min(jobs.c.queued_at))
        with reading(self.engine) as connection:
            waiting = query.where(jobs.c.worker.is_(None), jobs.c.owner != SERVICE)
            rows = connection.execute(waiting.group_by(jobs.c.lane, jobs.c.kind)).all()
            now = self.clock.shared(connection)
        here = [first for lane, *_, first in rows if lane != Lane.DELIVERY.value]  # receivers may be away for hours
        oldest = max(((now - first).total_seconds() for first in here), default=0.0)
        return QueueState({(Lane(lane), kind): n for lane, kind, n, _ in rows}, max(oldest, 0.0))

    def count(self) -> int:
        """How much is left to do of what callers asked for, what is being worked on included."""
        query = sa.select(sa.func.count()).select_from(jobs).where(jobs.c.owner != SERVICE)
        with reading(self.engine) as connection:
            return int(connection.execute(query).scalar_one())

    def ends(self) -> dict[tuple[str, Outcome], int]:
        """How many jobs have ever ended, and how."""
        with reading(self.engine) as connection:
            rows = connection.execute(sa.select(tallies.c.kind, tallies.c.outcome, tallies.c.count)).all()
        return {(kind, Outcome(outcome)): count for kind, outcome, count in rows}

    # ------------------------------------------------------------ working

    def claim(self, worker: str, kinds: Iterable[str], lanes: Iterable[Lane] = tuple(Lane)) -> Job | None:
        """The next job of some kinds and lanes that nobody works on, now held by `worker`; None where there is none.

        The line that was served longest ago is next, in it the oldest job; interactive lines come before bulk ones,
        but for one turn in BULK_TURN.
        """
        kinds, lanes = tuple(kinds), tuple(lanes)
        self.free_silent()
        with reading(self.engine) as connection:  # looking costs no lock
            if self._next(connection, kinds, lanes, lock=False) is None:
                return None
        with writing(self.engine) as connection:
            row = self._next(connection, kinds, lanes, lock=True)
            if row is None:
                return None
            job = take_job(connection, row, worker)
        turns = (kinds, lanes)
        self._since_bulk[turns] = 0 if job.lane is Lane.BULK else self._since_bulk.get(turns, 0) + 1
        return job

    def renew(self, worker: str, numbers: Sequence[int]) -> None:
        """The heartbeat: these jobs are still being worked on."""
        if not numbers:
            return
        with writing(self.engine) as connection:
            held = (jobs.c.worker == worker) & jobs.c.number.in_(numbers)
            connection.execute(sa.update(jobs).where(held).values(beats=jobs.c.beats + 1))

    def still_held(self, held: Sequence[Job]) -> list[Job]:
        """Those of these jobs that were neither cancelled nor taken from their worker. It costs no lock."""
        query = sa.select(jobs.c.number, jobs.c.attempts, jobs.c.worker, STORE_ID.label("store_id"))
        with reading(self.engine) as connection:
            rows = connection.execute(query.where(jobs.c.number.in_([job.number for job in held]))).all()
        kept = {tuple(row) for row in rows}
        return [job for job in held if (job.number, job.attempts, job.worker, job.store_id) in kept]

    def postpone(self, job: Job, seconds: float) -> None:
        """Put a job back for later before it is begun: what it needs is not there yet. That is not counted."""
        with writing(self.engine) as connection:
            put_off(connection, job, self.clock.shared(connection), min(seconds, MAX_POSTPONE_SECONDS))

    def retry(self, job: Job, seconds: float) -> None:
        """Put a job back for later that failed for a reason that may pass. That is counted."""
        with writing(self.engine) as connection:
            now = self.clock.shared(connection)
            put_off(connection, job, now, min(seconds, MAX_POSTPONE_SECONDS), failed=jobs.c.failed + 1)

    def put_back(self, job: Job) -> None:
        """Put back a job that was begun and not done when its worker had to stop. That is counted."""
        again = {"worker": None, "available_at": None, "outlasted": jobs.c.outlasted + 1}
        with writing(self.engine) as connection:
            connection.execute(sa.update(jobs).where(held_by(job)).values(**again))

    def end(self, job: Job, outcome: Outcome) -> bool:
        """Take work off the queue that has no row of its own; False where it is no longer this worker's."""
        with writing(self.engine) as connection:
            return end_job(connection, job, outcome)

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
        return sum(self._free(is_lease(lease)) for lease in silent)

    def _free(self, whose: sa.ColumnElement[bool]) -> int:
        freed = {"worker": None, "available_at": None, "crashed": jobs.c.crashed + 1}
        with writing(self.engine) as connection:
            return int(connection.execute(sa.update(jobs).where(whose).values(**freed)).rowcount)

    # ------------------------------------------------------------ whose turn it is

    def _next(self, connection: sa.Connection, kinds: tuple[str, ...], lanes: tuple[Lane, ...], *, lock: bool) -> Any:
        order = [lane for lane in Lane if lane in lanes]
        if self._since_bulk.get((kinds, lanes), 0) >= BULK_TURN - 1:
            order.sort(key=lambda lane: lane is not Lane.BULK)
        now = self.clock.shared(connection)
        for lane in order:
            first = first_in_turn(kinds, lane, now)
            if lock:  # SQLite's writers have the whole database to themselves
                first = first.with_for_update(of=jobs, skip_locked=True)
            row = connection.execute(first).mappings().first()
            if row is not None:
                return row
        return None
