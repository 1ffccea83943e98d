"""One transaction's changes to the statements, all under one sequence number."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from index.store.rows import Columns, Row
from index.store.tables import revisions, statements

PRINTS_AT_ONCE = 500  # SQLite limits the variables of one query


class Changes:
    """Collects what one transaction changes; `made` says whether anything did. `by_hand`: a person writes this."""

    def __init__(self, connection: sa.Connection, sequence: int, *, by_hand: bool = False) -> None:
        self.connection, self.sequence = connection, sequence
        self.made = False
        self._now = datetime.now(UTC)
        self._written = {"revised_at": self._now if by_hand else None}

    def by_fingerprint(self, prints: Sequence[str]) -> dict[str, Row]:
        """The rows with these fingerprints, deleted ones too."""
        found: dict[str, Row] = {}
        for start in range(0, len(prints), PRINTS_AT_ONCE):
            some = list(prints[start : start + PRINTS_AT_ONCE])
            query = sa.select(statements).where(statements.c.fingerprint.in_(some))
            found |= {row["fingerprint"]: row for row in self.connection.execute(query).mappings()}
        return found

    def insert(self, new: Sequence[tuple[str, Columns]]) -> None:
        """Add statements, each with its fingerprint."""
        if not new:
            return
        fixed = {"sequence": self.sequence, "changed_at": self._now, "deleted_at": None, **self._written}
        rows = [{**columns, **fixed, "fingerprint": print_, "id": secrets.token_hex(12)} for print_, columns in new]
        self.connection.execute(sa.insert(statements), rows)
        self.made = True

    def update(self, row: Row, columns: Columns) -> Row:
        """Give a row new content (and life, where it was deleted) and keep the old as a revision; the new row."""
        kept = {name: row[name] for name in columns}
        self.connection.execute(
            sa.insert(revisions).values(key=row["key"], sequence=row["sequence"], changed_at=self._now, version=kept)
        )
        return self._set(row, {**columns, "deleted_at": None, **self._written})

    def delete(self, row: Row) -> None:
        """Mark a row as deleted."""
        self._set(row, {"deleted_at": self._now})

    def _set(self, row: Row, values: dict[str, Any]) -> Row:
        new = {**values, "sequence": self.sequence, "changed_at": self._now}
        self.connection.execute(sa.update(statements).where(statements.c.key == row["key"]).values(**new))
        self.made = True
        return {**row, **new}
