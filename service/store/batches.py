"""Batches: up to a thousand pages or texts asked for at once, each a check of its own in the lane that waits."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from index.store.database import reading, writing
from service.clock import Clock
from service.errors import NotFound
from service.models import Check, CheckRequest, CheckState
from service.store.batch_items import ItemState, Refusal, add_items, end_batches, item_row
from service.store.bell import Bell
from service.store.callbacks import Callback, ask_back, forget_callbacks
from service.store.check_rows import check_of, new_row
from service.store.idempotency import IdempotencyKey, find_subject, forget_subject, remember_subject
from service.store.job_rows import JobKind, Lane, add_jobs, cancel_waiting
from service.store.jobs import JobStore
from service.store.tables import batch_items, batches, checks

PART = 500  # rows named in one statement: SQLite takes some thousands


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch and how many of its items stand where."""

    id: str
    owner: str
    created_at: datetime
    finished_at: datetime | None
    counts: dict[ItemState, int]

    @property
    def state(self) -> CheckState:
        """Queued until something was begun, finished when nothing is left."""
        if self.finished_at is not None:
            return CheckState.FINISHED
        begun = any(self.counts[state] for state in ItemState if state is not ItemState.QUEUED)
        return CheckState.RUNNING if begun else CheckState.QUEUED


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One item, by its place from 0. It has a check unless it was refused or cancelled, or the check was deleted."""

    place: int
    url: str | None
    reference: str | None
    state: ItemState
    refusal: Refusal | None
    check: Check | None


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Some items in their order; `next_cursor` asks for more."""

    items: tuple[BatchItem, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for in one item, or why that cannot be checked."""

    request: CheckRequest
    refusal: Refusal | None = None


class BatchStore:
    """Batches in the database, their checks queued as `jobs`. `bell` rings when some were queued."""

    def __init__(self, engine: sa.Engine, bell: Bell, clock: Clock, jobs: JobStore) -> None:
        self.engine, self.bell, self.clock, self.jobs = engine, bell, clock, jobs

    def submit(
        self,
        owner: str,
        asked: Sequence[Asked],
        key: IdempotencyKey | None = None,
        callback: Callback | None = None,
    ) -> Batch:
        """Queue what can be checked of a batch; the earlier one where `key` stands for it.

        `callback` is told when it has ended. All of it is committed, or nothing. Raises ServiceBusy or
        TooManyRequests where too much waits already.
        """
        with writing(self.engine) as connection:
            id = find_subject(connection, key)
            if id is None:
                self.jobs.admission.admit_batch(connection, owner)
                self.jobs.admission.admit_callback(connection, owner, callback)
                id = secrets.token_hex(16)
                ask_back(connection, id, owner, callback)
                self._enter(connection, id, owner, asked)
                remember_subject(connection, key, id, self.clock.read().at)
            batch = _batch(connection, _visible(connection, id, owner))
        self.bell.ring()
        return batch

    def get(self, id: str, owner: str | None) -> Batch:
        """The batch with this id; `owner` None sees everybody's. Raises NotFound, for foreign ones as well."""
        with reading(self.engine) as connection:
            return _batch(connection, _visible(connection, id, owner))

    def items(self, id: str, owner: str | None, cursor: str | None = None, limit: int = 50) -> ItemPage:
        """A page of a batch's items, whatever became of them. Raises NotFound."""
        first = int(cursor) if cursor is not None else 0
        wanted = (batch_items.c.batch_id == id) & (batch_items.c.place >= first)
        query = sa.select(batch_items).where(wanted).order_by(batch_items.c.place).limit(limit + 1)
        now = self.clock.read().at
        with reading(self.engine) as connection:
            _visible(connection, id, owner)
            rows = connection.execute(query).mappings().all()
            ids = [row["check_id"] for row in rows[:limit]]
            found = connection.execute(sa.select(checks).where(checks.c.id.in_(ids))).mappings().all()
        made = {row["id"]: check_of(row, now) for row in found}
        items = tuple(_item(row, made.get(row["check_id"])) for row in rows[:limit])
        return ItemPage(items, str(rows[limit]["place"]) if len(rows) > limit else None)

    def cancel(self, id: str, owner: str | None) -> list[str]:
        """Cancel what nobody has begun of a batch; returns the batches that ended by it. Raises NotFound."""
        with writing(self.engine) as connection:
            _visible(connection, id, owner)
            waiting = (batch_items.c.batch_id == id) & (batch_items.c.state == ItemState.QUEUED.value)
            ids = list(connection.execute(sa.select(batch_items.c.check_id).where(waiting)).scalars())
            for start in range(0, len(ids), PART):
                part = cancel_waiting(connection, JobKind.CHECK, ids[start : start + PART])
                about = batch_items.c.check_id.in_(part)
                connection.execute(sa.update(batch_items).where(about).values(state=ItemState.CANCELLED.value))
                connection.execute(sa.delete(checks).where(checks.c.id.in_(part)))
            return end_batches(connection, [id], self.clock.read().at)

    def purge(self, before: datetime) -> None:
        """Delete batches that were asked for before `before`; their checks are deleted as all others are."""
        old = sa.select(batches.c.id).where(batches.c.created_at < before)
        with writing(self.engine) as connection:
            ids = list(connection.execute(old).scalars())
            forget_subject(connection, ids)
            forget_callbacks(connection, ids)
            connection.execute(sa.delete(batch_items).where(batch_items.c.batch_id.in_(ids)))
            connection.execute(sa.delete(batches).where(batches.c.id.in_(ids)))

    def _enter(self, connection: sa.Connection, id: str, owner: str, asked: Sequence[Asked]) -> None:
        now = self.clock.read().at
        rows = [None if each.refusal else new_row(each.request, owner, now) for each in asked]
        queued = [row for row in rows if row is not None]
        connection.execute(sa.insert(batches).values(id=id, owner=owner, created_at=now))
        if queued:
            connection.execute(sa.insert(checks), queued)
            ids = [row["id"] for row in queued]
            add_jobs(connection, JobKind.CHECK, Lane.BULK, ids, owner, self.clock.shared(connection))
        items = [
            item_row(row, each.request.url, each.request.reference, each.refusal)
            for row, each in zip(rows, asked, strict=True)
        ]
        add_items(connection, id, items)
        end_batches(connection, [id], now)


def _visible(connection: sa.Connection, id: str, owner: str | None) -> Any:
    row = connection.execute(sa.select(batches).where(batches.c.id == id)).mappings().one_or_none()
    if row is None or owner not in (None, row["owner"]):
        raise NotFound("There is no such batch; it may be too old, or belong to another key.")
    return row


def _batch(connection: sa.Connection, row: Any) -> Batch:
    """A batch with its counts: what runs is told from the checks."""
    query = (
        sa.select(batch_items.c.state, checks.c.state, sa.func.count())
        .select_from(batch_items.outerjoin(checks, checks.c.id == batch_items.c.check_id))
        .where(batch_items.c.batch_id == row["id"])
        .group_by(batch_items.c.state, checks.c.state)
    )
    counts = dict.fromkeys(ItemState, 0)
    for state, of_check, count in connection.execute(query):
        counts[_state(state, of_check)] += count
    return Batch(row["id"], row["owner"], row["created_at"], row["finished_at"], counts)


def _item(row: Any, check: Check | None) -> BatchItem:
    refusal = Refusal(row["problem_code"], row["problem_detail"]) if row["problem_code"] else None
    state = _state(row["state"], check.state.value if check else None)
    return BatchItem(row["place"], row["url"], row["reference"], state, refusal, check)


def _state(of_item: str, of_check: str | None) -> ItemState:
    running = of_item == ItemState.QUEUED.value and of_check == CheckState.RUNNING.value
    return ItemState.RUNNING if running else ItemState(of_item)
