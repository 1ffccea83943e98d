"""Cursors of lists whose rows stand by the instant at which they came in, and by their ids where instants are equal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.errors import BadRequest, FieldProblem

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NOT_OURS = "is not the next_cursor of a page"


def cursor_of(created_at: datetime, id: str) -> str:
    """What asks for the rows after this one."""
    return f"{(created_at - BEGINNING) // MICROSECOND}-{id}"


def after(cursor: str, created_at: sa.ColumnElement[Any], id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """The rows that come after the one that a cursor names, newest first. Raises BadRequest."""
    microseconds, _, last = cursor.partition("-")
    try:
        moment = BEGINNING + int(microseconds) * MICROSECOND
    except (ValueError, OverflowError):
        raise BadRequest(f"cursor {NOT_OURS}.", (FieldProblem("/cursor", NOT_OURS),)) from None
    return (created_at < moment) | ((created_at == moment) & (id < last))
