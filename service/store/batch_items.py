"""The items of batches: each begins as a check or a refusal, and ends once, in the transaction that ends its check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from service.store.callbacks import Event, tell
from service.store.tables import batch_items, batches


class ItemState(StrEnum):
    """Where an item of a batch stands. The last three are final."""

    QUEUED = "queued"
    RUNNING = "running"  # told from its check, never stored
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an item cannot be checked; the others of its batch are."""

    code: str
    detail: str


def add_items(connection: sa.Connection, batch_id: str, items: Iterable[dict[str, Any]]) -> None:
    """Store the items of a batch, in their order."""
    rows = [{"batch_id": batch_id, "place": place, **item} for place, item in enumerate(items)]
    connection.execute(sa.insert(batch_items), rows)


def item_row(
    check: dict[str, Any] | None, url: str | None, reference: str | None, why: Refusal | None
) -> dict[str, Any]:
    """An item that waits for its check, or was refused."""
    return {
        "check_id": check["id"] if check else None,
        "url": url,
        "reference": reference,
        "state": (ItemState.FAILED if why else ItemState.QUEUED).value,
        "problem_code": why.code if why else None,
        "problem_detail": why.detail if why else None,
    }


def end_items(connection: sa.Connection, check_ids: Sequence[str], state: ItemState, now: datetime) -> list[str]:
    """Let the items of checks end, those that have not; returns the batches of which they were the last."""
    about = batch_items.c.check_id.in_(check_ids) & (batch_items.c.state == ItemState.QUEUED.value)
    touched = list(connection.execute(sa.select(batch_items.c.batch_id).where(about).distinct()).scalars())
    if not touched:
        return []
    connection.execute(sa.update(batch_items).where(about).values(state=state.value))
    return end_batches(connection, touched, now)


def end_batches(connection: sa.Connection, ids: Iterable[str], now: datetime) -> list[str]:
    """Let batches end in which nothing waits any more, and tell of it; returns those that did."""
    waiting = sa.select(batch_items.c.place).where(
        batch_items.c.batch_id == batches.c.id, batch_items.c.state == ItemState.QUEUED.value
    )
    ended = []
    for id in ids:
        done = (batches.c.id == id) & batches.c.finished_at.is_(None) & ~waiting.exists()
        if connection.execute(sa.update(batches).where(done).values(finished_at=now)).rowcount:
            ended.append(id)
    tell(connection, Event.BATCH_FINISHED, ended, now)
    return ended
