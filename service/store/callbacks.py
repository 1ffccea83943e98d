"""Who wants to be told when something has ended, and what is told: queued in the transaction that ends it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from service.models import CheckState
from service.store.job_rows import JobKind, Lane, add_job
from service.store.tables import callbacks, deliveries, jobs


class Event(StrEnum):
    """What a webhook tells of."""

    CHECK_FINISHED = "check.finished"
    CHECK_FAILED = "check.failed"
    CHECK_REVISED = "check.revised"  # it was judged anew, and says something else
    BATCH_FINISHED = "batch.finished"
    IMPORT_FINISHED = "import.finished"  # also where it failed


class DeliveryState(StrEnum):
    """Where a delivery stands. A dead one is not tried again unless somebody asks for it."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Callback:
    """Where to tell a caller, and in which language."""

    url: str
    language: str


def event_of(state: str) -> Event:
    """What is told of a check that ended in a state."""
    return Event.CHECK_FAILED if state == CheckState.FAILED.value else Event.CHECK_FINISHED


def ask_back(connection: sa.Connection, subject: str, owner: str, callback: Callback | None) -> None:
    """Note that a caller wants to be told when something ends."""
    if callback is not None:
        values = {"subject": subject, "owner": owner, "url": callback.url, "language": callback.language}
        connection.execute(sa.insert(callbacks).values(**values))


def tell(
    connection: sa.Connection, event: Event, subjects: Sequence[str], now: datetime, about: str | None = None
) -> None:
    """Queue what is to be told of things that have just ended, or `about` another one that their callers asked for.

    What waits already tells of that one as it is when it is sent.
    """
    if not subjects:
        return
    wanted = sa.select(callbacks).where(callbacks.c.subject.in_(subjects))
    for row in connection.execute(wanted).mappings().all():
        callback = Callback(row["url"], row["language"])
        if about is None or not _waits(connection, event, about, row["owner"], callback):
            # What ends does so once: where a backup is restored and it ends again, it is told under the same id.
            id = None if about else delivery_id(hashlib.sha256(f"{event.value} {row['subject']}".encode()).hexdigest())
            deliver(connection, event, about or row["subject"], row["owner"], callback, now, id=id)


def _waits(connection: sa.Connection, event: Event, subject: str, owner: str, callback: Callback) -> bool:
    """Whether there is such a delivery that nobody has begun to send, or is to be tried again."""
    columns = deliveries.c
    alike = (columns.event == event.value) & (columns.subject == subject) & (columns.owner == owner)
    there = (columns.url == callback.url) & (columns.language == callback.language)
    idle = (jobs.c.kind == JobKind.WEBHOOK.value) & (jobs.c.subject == columns.id) & jobs.c.worker.is_(None)
    query = sa.select(columns.id).join(jobs, idle).where(alike, there).limit(1)
    return connection.execute(query).first() is not None


def deliver(
    connection: sa.Connection,
    event: Event,
    subject: str,
    owner: str,
    callback: Callback,
    now: datetime,
    at: datetime | None = None,
    id: str | None = None,
) -> None:
    """Queue one delivery, under an id that stays the same however often it is tried; not before `at`."""
    later = at if at is not None and at > now else None
    values = {
        "id": id or delivery_id(secrets.token_hex()),
        "owner": owner,
        "event": event.value,
        "subject": subject,
        "url": callback.url,
        "language": callback.language,
        "created_at": later or now,
        "state": DeliveryState.WAITING.value,
        "tries": 0,
    }
    connection.execute(sa.insert(deliveries).values(**values))
    add_job(connection, JobKind.WEBHOOK, Lane.DELIVERY, str(values["id"]), owner, now, later)


def delivery_id(digits: str) -> str:
    """The id of a delivery, from hexadecimal digits."""
    return f"msg_{digits[:28]}"


def forget_callbacks(connection: sa.Connection, subjects: Sequence[str]) -> None:
    """Tell nobody any more of what is being deleted."""
    of_these = sa.select(deliveries.c.id).where(deliveries.c.subject.in_(subjects))
    ids = list(connection.execute(of_these).scalars())
    if ids:
        about = (jobs.c.kind == JobKind.WEBHOOK.value) & jobs.c.subject.in_(ids)
        connection.execute(sa.delete(jobs).where(about))
        connection.execute(sa.delete(deliveries).where(deliveries.c.id.in_(ids)))
    connection.execute(sa.delete(callbacks).where(callbacks.c.subject.in_(subjects)))
