"""How much each key has asked for of late: counts in fixed windows, the same for all machines of a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from index.store.database import reading, writing
from service.clock import Clock
from service.errors import TooManyRequests
from service.store.tables import usage


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of something a key may ask for within a window."""

    name: str
    most: int
    window_seconds: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a quota, and in how many seconds all of it is there again."""

    quota: Quota
    left: int
    reset_seconds: int


class UsageStore:
    """Counts in the database. A window begins at a multiple of its length on the database's clock."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self.engine, self.clock = engine, clock

    def look(self, owner: str, quota: Quota) -> Allowance:
        """What is left of a key's quota."""
        with reading(self.engine) as connection:
            return _allowance(connection, owner, quota, self.clock.shared(connection))

    def spend(self, owner: str, quota: Quota, amount: int = 1) -> Allowance:
        """Take so much of a key's quota; what is left. Raises TooManyRequests, and nothing is taken, past its end."""
        with writing(self.engine) as connection:
            now = self.clock.shared(connection)
            before = _allowance(connection, owner, quota, now)
            if amount > before.left:
                raise TooManyRequests(_why(before, amount), max(before.reset_seconds, 1))
            left = before.left - amount
            values = {"window": _window(now, quota), "count": quota.most - left}
            changed = connection.execute(sa.update(usage).where(_of(owner, quota)).values(**values))
            if not changed.rowcount:
                connection.execute(sa.insert(usage).values(owner=owner, name=quota.name, **values))
        return Allowance(quota, left, before.reset_seconds)


def _allowance(connection: sa.Connection, owner: str, quota: Quota, now: datetime) -> Allowance:
    counted = sa.select(usage.c.window, usage.c["count"]).where(_of(owner, quota))
    row = connection.execute(counted).mappings().one_or_none()
    spent = row["count"] if row is not None and row["window"] == _window(now, quota) else 0
    return Allowance(quota, max(quota.most - int(spent), 0), _until_next(now, quota))


def _window(now: datetime, quota: Quota) -> int:
    return int(now.timestamp()) // quota.window_seconds


def _of(owner: str, quota: Quota) -> sa.ColumnElement[bool]:
    return (usage.c.owner == owner) & (usage.c.name == quota.name)


def _until_next(now: datetime, quota: Quota) -> int:
    return quota.window_seconds - int(now.timestamp()) % quota.window_seconds


def _why(left: Allowance, amount: int) -> str:
    quota = left.quota
    asked = f"This asks for {amount:,}, and {left.left:,} are left" if amount > 1 else "None is left"
    return (
        f"This key may ask for {quota.most:,} {quota.name} in {quota.window_seconds:,} seconds. {asked}. "
        f"Send it again in {left.reset_seconds:,} seconds."
    )
