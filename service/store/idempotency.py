"""Idempotency keys: the same POST sent twice with one key makes one thing (IETF draft httpapi-idempotency-key-header).

Only digests are kept, and the id of what was made; the reply is presented anew from that.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from service.clock import Clock
from service.errors import KeyReused
from service.store.tables import idempotency

KEPT_HOURS = 24
REUSED = "This Idempotency-Key was already used for another request: use a new one for a new request."


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A caller's key for one call, and the digest of the request that came with it."""

    owner: str
    call: str
    key: str
    request: str

    @classmethod
    def of(cls, owner: str, call: str, key: str, *request: bytes) -> IdempotencyKey:
        """From the header's text and what the request consists of."""
        sent = hashlib.sha256()
        for part in request:
            sent.update(len(part).to_bytes(8) + part)
        return cls(owner, call, hashlib.sha256(key.encode("utf-8", "replace")).hexdigest(), sent.hexdigest())


class OnceByKey:
    """Lets the statement store make one thing for a key (`index.store.once`)."""

    def __init__(self, key: IdempotencyKey | None, clock: Clock) -> None:
        self.key, self.clock = key, clock

    def find(self, connection: sa.Connection) -> str | None:
        """The id of what this key made before. Raises KeyReused."""
        return find_subject(connection, self.key)

    def remember(self, connection: sa.Connection, id: str) -> None:
        """Note what this key makes; the first counts."""
        if self.find(connection) is None:
            remember_subject(connection, self.key, id, self.clock.read().at)


def find_subject(connection: sa.Connection, key: IdempotencyKey | None) -> str | None:
    """The id of what this key made before. Raises KeyReused where another request came with it."""
    if key is None:
        return None
    columns = idempotency.c
    named = (columns.owner == key.owner) & (columns.call == key.call) & (columns.key == key.key)
    row = connection.execute(sa.select(columns.request, columns.subject).where(named)).one_or_none()
    if row is None:
        return None
    if row.request != key.request:
        raise KeyReused(REUSED)
    return str(row.subject)


def remember_subject(connection: sa.Connection, key: IdempotencyKey | None, subject: str, created_at: datetime) -> None:
    """Note what this key made, in the transaction that made it."""
    if key is not None:
        values = {"owner": key.owner, "call": key.call, "key": key.key, "request": key.request, "subject": subject}
        connection.execute(sa.insert(idempotency).values(created_at=created_at, **values))


def forget_subject(connection: sa.Connection, subjects: list[str]) -> None:
    """Forget the keys of what is deleted."""
    connection.execute(sa.delete(idempotency).where(idempotency.c.subject.in_(subjects)))


def purge_idempotency(connection: sa.Connection, before: datetime) -> None:
    """Forget keys older than `before`."""
    connection.execute(sa.delete(idempotency).where(idempotency.c.created_at < before))
