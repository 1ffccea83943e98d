"""Rows of a table from one database into another, whatever kinds they are: read again, counted and compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

BATCH_ROWS = 1000
NUL, REPLACED = "\0", "\N{REPLACEMENT CHARACTER}"  # PostgreSQL takes no NUL; `index.store.database` replaces it


class CopyDiffers(Exception):
    """What arrived is not what was sent."""


@dataclass(slots=True)
class Digest:
    """Count and digest of rows, whatever their order and database."""

    count: int = 0
    total: int = 0

    def add(self, row: sa.RowMapping) -> None:
        """Take in a row."""
        spelled = json.dumps([plain(value) for value in row.values()], sort_keys=True).encode()
        self.count += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(spelled).digest())) % 2**256


def copy_table(origin: sa.Connection, target: sa.Connection, table: sa.Table) -> int:
    """Copy a table into an empty one; returns how many rows. Raises CopyDiffers."""
    sent, arrived = Digest(), Digest()
    insert = sa.insert(_as_it_is(table))
    for rows in _batches(origin, table):
        for row in rows:
            sent.add(row)
        target.execute(insert, [dict(row) for row in rows])
    for rows in _batches(target, table):
        for row in rows:
            arrived.add(row)
    if sent != arrived:
        raise CopyDiffers(f"The copy of {table.name} differs from the original. Nothing was kept: try again.")
    return sent.count


def plain(value: Any) -> Any:
    """A value as every kind of database gives it back."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value.replace(NUL, REPLACED) if isinstance(value, str) else value


def _batches(connection: sa.Connection, table: sa.Table) -> Iterator[list[sa.RowMapping]]:
    query = sa.select(table).execution_options(yield_per=BATCH_ROWS)
    with connection.execute(query) as found:
        for rows in found.mappings().partitions():
            yield list(rows)


def _as_it_is(table: sa.Table) -> sa.Table:
    """The table for writing what was read: JSON that is not there stays not there, and is no `null`."""
    made = table.to_metadata(sa.MetaData())
    for column in made.columns:
        if isinstance(column.type, sa.JSON):
            column.type = sa.JSON(none_as_null=True)
    return made
