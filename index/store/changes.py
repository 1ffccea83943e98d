"""One transaction's changes to the statements, all under one sequence number."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from index.exchange.local_ratings import RatingMappings, digest_of
from index.models import Statement
from index.store.database import writing
from index.store.mappings import read_mappings
from index.store.rows import Columns, Row, storable, to_columns, to_statement
from index.store.tables import revisions, statements, store

PRINTS_AT_ONCE = 500  # SQLite limits the variables of one query


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes a statement by hand, by an id of the service's (None: nobody says), why, and who released it."""

    id: str | None = None
    reason: str | None = None
    released_by: str | None = None


class Changes:
    """Collects what one transaction changes; `made` says whether anything did. Without `writer` it is an import."""

    def __init__(self, connection: sa.Connection, sequence: int, writer: Writer | None = None) -> None:
        self.connection, self.sequence = connection, sequence
        self.made = False
        self._now = datetime.now(UTC)
        self._hand = {
            "written_by": writer.id if writer else None,
            "released_by": writer.released_by if writer else None,
            "reason": _kept(writer),
        }
        self._written = {"revised_at": self._now if writer else None, **self._hand}

    @cached_property
    def mappings(self) -> RatingMappings:
        """What persons say that rating words mean."""
        return RatingMappings(read_mappings(self.connection))

    def columns_of(self, statement: Statement) -> Columns:
        """What is kept of a statement; where a person mapped its rating words, with what they mean by that."""
        mapped = self.mappings.find(statement.rating.alternate_name, statement.publisher.site)
        return {**to_columns(statement), **({"normalized": mapped.normalized.value} if mapped else {})}

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
        fixed = {"deleted_at": None, **self._written, **self._numbered}
        rows = [
            {**columns, **fixed, **_found_by(columns), "fingerprint": print_, "id": secrets.token_hex(12)}
            for print_, columns in new
        ]
        self.connection.execute(sa.insert(statements), rows)
        self.made = True

    def update(self, row: Row, columns: Columns) -> Row:
        """Give a row new content (and life, where it was deleted) and keep the old as a revision; the new row."""
        self._keep(row, columns)
        return self._set(row, {**columns, "deleted_at": None, **self._written, **_found_by(columns)})

    def delete(self, row: Row) -> None:
        """Mark a row as deleted; the version of it that was in use is kept."""
        self._keep(row, to_columns(to_statement(row)))
        self._set(row, {"deleted_at": self._now, **self._hand})

    def _keep(self, row: Row, columns: Columns) -> None:
        kept = {
            "key": row["key"],
            "sequence": row["sequence"],
            "changed_at": self._now,
            "version": {name: row[name] for name in columns},
            "written_at": row["changed_at"],
            "written_by": row["written_by"],
            "released_by": row["released_by"],
            "reason": row["reason"],
            "retired": row["deleted_at"] is not None,
        }
        self.connection.execute(sa.insert(revisions).values(**kept))

    @property
    def _numbered(self) -> Columns:
        return {"sequence": self.sequence, "text_sequence": self.sequence, "changed_at": self._now}

    def _set(self, row: Row, values: dict[str, Any]) -> Row:
        new = {**values, **self._numbered}
        self.connection.execute(sa.update(statements).where(statements.c.key == row["key"]).values(**new))
        self.made = True
        return {**row, **new}


@contextmanager
def changing(engine: sa.Engine, writer: Writer | None = None) -> Iterator[Changes]:
    """A transaction that changes statements, under the next sequence number. Raises StoreUnavailable."""
    with writing(engine) as connection:
        # Taking the counter's row first makes writers wait for each other (SQLite: BEGIN IMMEDIATE does).
        taken = connection.execute(sa.select(store.c.sequence).with_for_update()).scalar_one()
        changes = Changes(connection, taken + 1, writer)
        yield changes
        if changes.made:
            connection.execute(sa.update(store).values(sequence=changes.sequence))


def _kept(writer: Writer | None) -> str | None:
    return storable(writer.reason.strip()) or None if writer and writer.reason else None


def _found_by(columns: Columns) -> Columns:
    return {"words_digest": digest_of(columns["alternate_name"])}
