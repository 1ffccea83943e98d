"""Which numbers a database has given out: one that it gave to a row is never given again, also after a move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

Positions = Mapping[str, int]  # by table: the last number that it gave out


def read_positions(connection: sa.Connection, tables: Iterable[sa.Table]) -> Positions:
    """The last number of each table that counts, whether its row is still there or not."""
    last = _last_of_sqlite if connection.dialect.name == "sqlite" else _last_of_postgresql
    return {table.name: last(connection, table) for table in tables if table.autoincrement_column is not None}


def set_positions(connection: sa.Connection, tables: Iterable[sa.Table], positions: Positions) -> None:
    """Let tables count on from there, or from their highest number where that is more."""
    for table in tables:
        if table.name in positions:
            last = max(positions[table.name], _highest(connection, table))
            if connection.dialect.name == "sqlite":
                _set_in_sqlite(connection, table, last)
            elif last:
                connection.execute(sa.select(sa.func.setval(_sequence(connection, table), last)))


def _highest(connection: sa.Connection, table: sa.Table) -> int:
    (key,) = table.primary_key.columns
    return int(connection.execute(sa.select(sa.func.max(key))).scalar_one() or 0)


def _last_of_sqlite(connection: sa.Connection, table: sa.Table) -> int:
    if not _counts_in_sqlite(connection, table):
        return _highest(connection, table)
    query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return int(connection.execute(query, {"name": table.name}).scalar_one_or_none() or 0)


def _counts_in_sqlite(connection: sa.Connection, table: sa.Table) -> bool:
    """Whether SQLite remembers numbers whose rows are gone: that is said when the table is made."""
    query = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return "AUTOINCREMENT" in str(connection.execute(query, {"name": table.name}).scalar_one())


def _set_in_sqlite(connection: sa.Connection, table: sa.Table, last: int) -> None:
    if _counts_in_sqlite(connection, table):
        given = {"name": table.name, "last": last}
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), given)


def _last_of_postgresql(connection: sa.Connection, table: sa.Table) -> int:
    sequence = _sequence(connection, table)
    schema, name = sequence.split(".")
    last, is_called = sa.column("last_value", sa.BigInteger), sa.column("is_called", sa.Boolean)
    row = connection.execute(sa.select(last, is_called).select_from(sa.table(name, schema=schema))).one()
    return int(row.last_value) if row.is_called else 0


def _sequence(connection: sa.Connection, table: sa.Table) -> str:
    (key,) = table.primary_key.columns
    return str(connection.execute(sa.select(sa.func.pg_get_serial_sequence(table.name, key.name))).scalar_one())
