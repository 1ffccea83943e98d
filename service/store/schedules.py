"""Work that comes again and again: one row a schedule, which whoever sees it due turns into a job.

The time is the database's, so that machines agree on it. Of a clock that was set back no schedule waits for longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from index.store.database import reading, writing
from service.clock import Clock
from service.store.bell import Bell
from service.store.job_rows import SERVICE, Job, Lane, Outcome, add_job, drop_job, end_job, is_queued
from service.store.tables import jobs, schedules


@dataclass(frozen=True, slots=True)
class Schedule:
    """Work that comes again; `problem` says why it last failed, None that it did not."""

    name: str
    kind: str
    every_seconds: int
    next_run_at: datetime | None
    ran_at: datetime | None
    problem: str | None


class ScheduleStore:
    """Schedules in the database. `bell` rings when one was queued."""

    def __init__(self, engine: sa.Engine, bell: Bell, clock: Clock) -> None:
        self.engine, self.bell, self.clock = engine, bell, clock

    def plan(self, name: str, kind: str, every_seconds: int) -> None:
        """Let jobs of a kind come again, the first at once; what was planned so already stays as it is."""
        with writing(self.engine) as connection:
            plan_schedule(connection, name, kind, every_seconds)

    def get(self, name: str) -> Schedule | None:
        """The schedule of a name."""
        with reading(self.engine) as connection:
            row = _row(connection, name)
        return Schedule(**{field: row[field] for field in Schedule.__slots__}) if row else None

    def hurry(self, name: str) -> None:
        """Let the work of a schedule be due now."""
        at_once = {"planned_at": None, "next_run_at": None}
        with writing(self.engine) as connection:
            connection.execute(sa.update(schedules).where(schedules.c.name == name).values(**at_once))
        self.queue_due()

    def is_queued(self, name: str) -> bool:
        """Whether the work of a schedule waits or is in somebody's hands."""
        with reading(self.engine) as connection:
            row = _row(connection, name)
            return row is not None and is_queued(connection, row["kind"], name)

    def waits_longer(self, name: str, seconds: float) -> bool:
        """Whether the work of a schedule was put off for longer than so many seconds."""
        with reading(self.engine) as connection:
            until = self.clock.shared(connection) + timedelta(seconds=seconds)
            put_off = (jobs.c.subject == name) & jobs.c.worker.is_(None) & (jobs.c.available_at > until)
            return connection.execute(sa.select(jobs.c.number).where(put_off)).first() is not None

    def queue_due(self) -> int:
        """Queue a job for each schedule that is due; returns how many. Where the last job is not done none is added."""
        with reading(self.engine) as connection:  # looking costs no lock
            if not _due(connection, self.clock.shared(connection)):
                return 0
        queued = 0
        with writing(self.engine) as connection:
            now = self.clock.shared(connection)
            for row in _due(connection, now):
                planned = {"planned_at": now, "next_run_at": now + timedelta(seconds=row["every_seconds"])}
                connection.execute(sa.update(schedules).where(schedules.c.name == row["name"]).values(**planned))
                if not is_queued(connection, row["kind"], row["name"]):
                    add_job(connection, row["kind"], Lane.BULK, row["name"], SERVICE, now)
                    queued += 1
        if queued:
            self.bell.ring()
        return queued

    def finish(self, job: Job, problem: str | None = None) -> bool:
        """End the job of a schedule and note how it went; False where it is no longer this worker's."""
        with writing(self.engine) as connection:
            held = end_job(connection, job, Outcome.FAILED if problem else Outcome.FINISHED)
            if held:
                noted = {"ran_at": self.clock.shared(connection), "problem": problem}
                connection.execute(sa.update(schedules).where(schedules.c.name == job.subject).values(**noted))
        return held


def plan_schedule(connection: sa.Connection, name: str, kind: str, every_seconds: int) -> None:
    """See `ScheduleStore.plan`: in the transaction of what is to come again."""
    values = {"kind": kind, "every_seconds": every_seconds}
    row = _row(connection, name)
    if row is None:
        connection.execute(sa.insert(schedules).values(name=name, **values))
    elif (row["kind"], row["every_seconds"]) != (kind, every_seconds):
        at_once = {"planned_at": None, "next_run_at": None}
        connection.execute(sa.update(schedules).where(schedules.c.name == name).values(**values, **at_once))


def drop_schedule(connection: sa.Connection, name: str) -> None:
    """Plan it no more, and take its work off the queue, whoever holds it."""
    row = _row(connection, name)
    if row is not None:
        drop_job(connection, row["kind"], name)
        connection.execute(sa.delete(schedules).where(schedules.c.name == name))


def _row(connection: sa.Connection, name: str) -> Any:
    return connection.execute(sa.select(schedules).where(schedules.c.name == name)).mappings().one_or_none()


def _due(connection: sa.Connection, now: datetime) -> Any:
    columns = schedules.c
    due = columns.next_run_at.is_(None) | (columns.next_run_at <= now) | (columns.planned_at > now)
    return connection.execute(sa.select(schedules).where(due).order_by(columns.name)).mappings().all()
