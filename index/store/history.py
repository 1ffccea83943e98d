"""The versions of a statement: what it said when, whether it was in use, and who wrote that and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from index.models import Statement
from index.store.database import reading
from index.store.editing import row_of
from index.store.rows import Row, aware, from_version, to_columns, to_statement
from index.store.statements import StatementStore
from index.store.tables import revisions

Value = str | float | None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a statement, counted from 1: what it said since `written_at` (None: nobody knows).

    `written_by` is None for imports, and for versions from before that was kept.
    """

    number: int
    statement: Statement
    retired: bool
    written_at: datetime | None
    written_by: str | None
    reason: str | None
    released_by: str | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that says something else than in the version before; None where it said or says nothing."""

    field: str
    before: Value
    after: Value


def versions_of(store: StatementStore, id: str) -> list[Version]:
    """All versions of a statement, retired or not, the newest first. Raises StatementNotFound."""
    with reading(store.engine) as connection:
        row = row_of(connection, id)
        query = sa.select(revisions).where(revisions.c.key == row["key"]).order_by(revisions.c.number)
        earlier = connection.execute(query).mappings().all()
    found: list[Version] = []
    begun: datetime | None = None
    for each in earlier:
        found.append(_earlier(each, id, len(found) + 1, begun))
        begun = each["changed_at"]
    return [_present(row, len(found) + 1), *reversed(found)]


def changes_between(before: Statement | None, after: Statement) -> list[FieldChange]:
    """The fields that say something else; of the first version all that say anything."""
    old, new = (_fields(before) if before else {}), _fields(after)
    return [FieldChange(name, old.get(name), value) for name, value in new.items() if old.get(name) != value]


def _fields(statement: Statement) -> dict[str, Any]:
    columns = to_columns(statement)
    cited = columns.pop("citations") or ()
    lines = [" ".join(part for part in (each["title"], each["url"]) if part) for each in cited]
    return {**columns, "citations": "\n".join(lines) or None}


def _earlier(row: Row, id: str, number: int, begun: datetime | None) -> Version:
    at = row["written_at"] or begun
    statement = from_version(row["version"], id, row["key"])
    return Version(
        number, statement, row["retired"], at and aware(at), row["written_by"], row["reason"], row["released_by"]
    )


def _present(row: Row, number: int) -> Version:
    retired, at = row["deleted_at"] is not None, aware(row["changed_at"])
    return Version(number, to_statement(row), retired, at, row["written_by"], row["reason"], row["released_by"])
