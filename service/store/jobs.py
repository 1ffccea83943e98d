"""Jobs: queued work with a lease, a heartbeat and a limit of attempts. A row exists as long as there is work to do."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from index.store.database import reading, writing
from service.store.bell import Bell
from service.store.tables import jobs

LEASE_SECONDS = 15  # a worker that stops renewing is taken for dead after this
MAX_ATTEMPTS = 3


class JobKind(StrEnum):
    """What there is to do."""

    CHECK = "check"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Job:
    """Work that a worker holds. `attempts` counts this one; past MAX_ATTEMPTS it must be given up, not tried."""

    number: int
    kind: JobKind
    subject: str
    attempts: int
    worker: str
    available_at: datetime


@dataclass(frozen=True, slots=True)
class WorkerName:
    """Names a worker process, so that another on the same machine can tell whether it still lives."""

    host: str
    process: int
    token: str

    @classmethod
    def own(cls) -> WorkerName:
        """A name for this process that no other has had."""
        return cls(socket.gethostname()[:60].replace(":", "-"), os.getpid(), secrets.token_hex(8))

    def __str__(self) -> str:
        return f"{self.host}:{self.process}:{self.token}"

    def outlived(self, other: str) -> bool:
        """Whether `other` ran on this machine and is certainly gone."""
        host, process, token = other.rsplit(":", 2)
        if host != self.host or token == self.token:
            return False
        return int(process) == self.process or not _lives(int(process))


class JobStore:
    """The queue. Transactions are short and take the write lock at once, so threads and processes can share it.

    `bell` rings when something may have been queued in this process.
    """

    def __init__(self, engine: sa.Engine, bell: Bell) -> None:
        self.engine, self.bell = engine, bell

    def claim(self, worker: str, kinds: Iterable[JobKind]) -> Job | None:
        """The oldest job that nobody works on, now leased to `worker`; None where there is none."""
        free = self._free(tuple(kinds))
        with reading(self.engine) as connection:  # looking costs no lock
            if connection.execute(free).first() is None:
                return None
        with writing(self.engine) as connection:
            row = connection.execute(free.with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            attempts = row.attempts + 1
            lease = {"worker": worker, "leased_until": _after(LEASE_SECONDS), "attempts": attempts}
            connection.execute(sa.update(jobs).where(jobs.c.number == row.number).values(**lease))
        return Job(row.number, JobKind(row.kind), row.subject, attempts, worker, row.available_at)

    def renew(self, worker: str, numbers: Sequence[int]) -> None:
        """The heartbeat: these jobs are still being worked on."""
        if not numbers:
            return
        with writing(self.engine) as connection:
            held = (jobs.c.worker == worker) & jobs.c.number.in_(numbers)
            connection.execute(sa.update(jobs).where(held).values(leased_until=_after(LEASE_SECONDS)))

    def postpone(self, job: Job, seconds: float) -> None:
        """Put a job back for later, as if it had not been tried: what it needs is not there yet."""
        later = {"worker": None, "leased_until": None, "available_at": _after(seconds), "attempts": job.attempts - 1}
        with writing(self.engine) as connection:
            connection.execute(sa.update(jobs).where(held_by(job)).values(**later))

    def release_dead(self, name: WorkerName) -> int:
        """Free the jobs of workers that died on this machine, without waiting for their leases; returns how many."""
        with reading(self.engine) as connection:
            holders = connection.execute(sa.select(jobs.c.worker).where(jobs.c.worker.is_not(None)).distinct())
            dead = [holder for holder in holders.scalars() if name.outlived(holder)]
        if not dead:
            return 0
        with writing(self.engine) as connection:
            freed = sa.update(jobs).where(jobs.c.worker.in_(dead)).values(worker=None, leased_until=None)
            return int(connection.execute(freed).rowcount)

    def count(self) -> int:
        """How much is left to do."""
        with reading(self.engine) as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(jobs)).scalar_one())

    def _free(self, kinds: tuple[JobKind, ...]) -> sa.Select[tuple[int, str, str, int, datetime]]:
        now = datetime.now(UTC)
        free = sa.or_(jobs.c.leased_until.is_(None), jobs.c.leased_until < now)
        columns = (jobs.c.number, jobs.c.kind, jobs.c.subject, jobs.c.attempts, jobs.c.available_at)
        wanted = jobs.c.kind.in_([kind.value for kind in kinds]) & (jobs.c.available_at <= now) & free
        return sa.select(*columns).where(wanted).order_by(jobs.c.number).limit(1)


def add_job(connection: sa.Connection, kind: JobKind, subject: str) -> None:
    """Queue work, in the transaction that commits what it is about."""
    now = datetime.now(UTC)
    connection.execute(sa.insert(jobs).values(kind=kind.value, subject=subject, available_at=now, attempts=0))


def end_job(connection: sa.Connection, job: Job) -> bool:
    """Take finished work off the queue; False where the lease was lost or the work cancelled: then store nothing."""
    return connection.execute(sa.delete(jobs).where(held_by(job))).rowcount == 1


def cancel_job(connection: sa.Connection, subject: str) -> None:
    """Take work off the queue, whoever holds it."""
    connection.execute(sa.delete(jobs).where(jobs.c.subject == subject))


def held_by(job: Job) -> sa.ColumnElement[bool]:
    """The row of a job, as long as it is leased to this worker."""
    return (jobs.c.number == job.number) & (jobs.c.worker == job.worker) & (jobs.c.attempts == job.attempts)


def _after(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
