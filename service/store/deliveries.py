"""Deliveries of webhooks: each tried until it is received or dead, under one id; a dead one can be sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from index.store.database import reading, writing
from service.clock import Clock
from service.errors import NotFound
from service.store.bell import Bell
from service.store.callbacks import DeliveryState, Event
from service.store.cursors import after, cursor_of
from service.store.job_rows import Job, JobKind, Lane, Outcome, add_job, end_job, is_queued, put_off
from service.store.jobs import MAX_POSTPONE_SECONDS
from service.store.tables import deliveries, jobs

MAX_PROBLEM = 500  # characters


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing that somebody is told. `status` is what the receiver last answered, `problem` why that will not do."""

    id: str
    owner: str
    event: Event
    subject: str
    url: str
    language: str
    created_at: datetime
    state: DeliveryState
    tries: int
    tried_at: datetime | None
    status: int | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Some deliveries, newest first; `next_cursor` asks for more."""

    deliveries: tuple[Delivery, ...]
    next_cursor: str | None


class DeliveryStore:
    """Deliveries in the database. `owner` None stands for everybody."""

    def __init__(self, engine: sa.Engine, bell: Bell, clock: Clock) -> None:
        self.engine, self.bell, self.clock = engine, bell, clock

    def get(self, id: str, owner: str | None) -> Delivery:
        """The delivery with this id. Raises NotFound, for foreign ones as well."""
        with reading(self.engine) as connection:
            return _delivery(_visible(connection, id, owner))

    def select(
        self, owner: str | None, state: DeliveryState | None = None, cursor: str | None = None, limit: int = 50
    ) -> DeliveryPage:
        """A page of deliveries, newest first. Raises BadRequest for a cursor that no page gave."""
        columns = deliveries.c
        query = sa.select(deliveries).order_by(columns.created_at.desc(), columns.id.desc()).limit(limit + 1)
        if owner is not None:
            query = query.where(columns.owner == owner)
        if state is not None:
            query = query.where(columns.state == state.value)
        if cursor is not None:
            query = query.where(after(cursor, columns.created_at, columns.id))
        with reading(self.engine) as connection:
            rows = connection.execute(query).mappings().all()
        shown = tuple(map(_delivery, rows[:limit]))
        return DeliveryPage(shown, cursor_of(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None)

    def counts(self) -> dict[DeliveryState, int]:
        """How many of everybody's are kept, by their state."""
        query = sa.select(deliveries.c.state, sa.func.count()).group_by(deliveries.c.state)
        with reading(self.engine) as connection:
            return {DeliveryState(state): int(count) for state, count in connection.execute(query)}

    def resend(self, id: str, owner: str | None) -> Delivery:
        """Try a delivery again, from now on as often as a new one. Raises NotFound."""
        with writing(self.engine) as connection:
            row = _visible(connection, id, owner)
            about = (jobs.c.kind == JobKind.WEBHOOK.value) & (jobs.c.subject == id)
            if is_queued(connection, JobKind.WEBHOOK, id):
                at_once = {"available_at": None, "failed": 0}
                connection.execute(sa.update(jobs).where(about, jobs.c.worker.is_(None)).values(**at_once))
            else:
                add_job(connection, JobKind.WEBHOOK, Lane.DELIVERY, id, row["owner"], self.clock.shared(connection))
            _change(connection, id, state=DeliveryState.WAITING.value, problem=None)
            found = _delivery(_visible(connection, id, owner))
        self.bell.ring()
        return found

    def begin(self, job: Job) -> Delivery | None:
        """What a job is to deliver; None where it is gone."""
        with reading(self.engine) as connection:
            row = _row(connection, job.subject)
        if row is not None:
            return _delivery(row)
        with writing(self.engine) as connection:
            end_job(connection, job, Outcome.CANCELLED)
        return None

    def received(self, job: Job, status: int) -> None:
        """End a delivery that was received."""
        with writing(self.engine) as connection:
            if end_job(connection, job, Outcome.FINISHED):
                self._note(connection, job, DeliveryState.DELIVERED, status, None)

    def failed(self, job: Job, status: int | None, problem: str, pause: float | None) -> None:
        """Note a try that failed; the next one comes after `pause` seconds, None: never."""
        with writing(self.engine) as connection:
            if pause is None:
                if end_job(connection, job, Outcome.FAILED):
                    self._note(connection, job, DeliveryState.DEAD, status, problem)
                return
            self._note(connection, job, DeliveryState.WAITING, status, problem)
            seconds = min(pause, MAX_POSTPONE_SECONDS)
            put_off(connection, job, self.clock.shared(connection), seconds, failed=jobs.c.failed + 1)

    def purge(self, before: datetime) -> None:
        """Delete deliveries from before `before` that nobody works on."""
        old = (deliveries.c.created_at < before) & (deliveries.c.state != DeliveryState.WAITING.value)
        with writing(self.engine) as connection:
            connection.execute(sa.delete(deliveries).where(old))

    def _note(
        self, connection: sa.Connection, job: Job, state: DeliveryState, status: int | None, problem: str | None
    ) -> None:
        said = problem[:MAX_PROBLEM] if problem else None
        noted = {"state": state.value, "status": status, "problem": said, "tried_at": self.clock.read().at}
        _change(connection, job.subject, tries=deliveries.c.tries + 1, **noted)


def _row(connection: sa.Connection, id: str) -> Any:
    return connection.execute(sa.select(deliveries).where(deliveries.c.id == id)).mappings().one_or_none()


def _visible(connection: sa.Connection, id: str, owner: str | None) -> Any:
    row = _row(connection, id)
    if row is None or owner not in (None, row["owner"]):
        raise NotFound("There is no such delivery; it goes with what it tells of, or belongs to another key.")
    return row


def _change(connection: sa.Connection, id: str, **values: Any) -> None:
    connection.execute(sa.update(deliveries).where(deliveries.c.id == id).values(**values))


def _delivery(row: Any) -> Delivery:
    values = {name: row[name] for name in Delivery.__slots__}
    return Delivery(**{**values, "event": Event(row["event"]), "state": DeliveryState(row["state"])})
