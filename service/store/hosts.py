"""Whose turn it is to ask a host: one request at a time, with a pause after it, whichever process makes it."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from index.store.database import writing
from service.clock import Clock
from service.store.source_tables import asked_hosts

KEPT = timedelta(days=1)  # after a host's last pause; a list may lead to any number of hosts
HOLD_SECONDS = 180  # a request that takes longer has died with its process


class HostStore:
    """When each host may be asked again, by the database's clock. One that was set back makes nobody wait."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self.engine, self.clock = engine, clock

    def take_turn(self, host: str) -> float:
        """Seconds until the host may be asked; with 0 it is this caller's turn now, until `end_turn`."""
        with writing(self.engine) as connection:
            now = self.clock.shared(connection)
            row = connection.execute(sa.select(asked_hosts).where(asked_hosts.c.host == host)).one_or_none()
            if row is not None and row.noted_at <= now < row.free_at:
                return float((row.free_at - now).total_seconds())
            _note(connection, host, now, HOLD_SECONDS)
        return 0.0

    def end_turn(self, host: str, pause_seconds: float) -> None:
        """Let the host be asked again after a pause."""
        with writing(self.engine) as connection:
            now = self.clock.shared(connection)
            _note(connection, host, now, pause_seconds)
            over = (asked_hosts.c.free_at < now - KEPT) & (asked_hosts.c.noted_at < now - KEPT)
            connection.execute(sa.delete(asked_hosts).where(over))


def _note(connection: sa.Connection, host: str, now: datetime, seconds: float) -> None:
    values = {"noted_at": now, "free_at": now + timedelta(seconds=seconds)}
    if not connection.execute(sa.update(asked_hosts).where(asked_hosts.c.host == host).values(**values)).rowcount:
        connection.execute(sa.insert(asked_hosts).values(host=host, **values))
