"""Rows changed behind the stores' backs, alike on every database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa


def shift(connection: sa.Connection, column: sa.Column[Any], **by: float) -> None:
    """Move every instant of a column."""
    (key,) = column.table.primary_key.columns
    for place, instant in connection.execute(sa.select(key, column).where(column.is_not(None))).all():
        set_where(connection, key == place, column, instant + timedelta(**by))


def set_where(
    connection: sa.Connection, condition: sa.ColumnElement[bool], column: sa.Column[Any], value: datetime | str | int
) -> None:
    """Set a column of some rows."""
    connection.execute(sa.update(column.table).where(condition).values({column: value}))
