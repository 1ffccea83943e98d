"""StatementStore: the truth about verified statements, in a database. Vectors and keywords are derived from it."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from index.database import open_engine, reading, writing
from index.errors import StatementNotFound
from index.migrations import upgrade
from index.models import Statement
from index.rows import Row, aware, from_version, says_the_same, to_columns, to_statement
from index.tables import revisions, statements, store

KEYS_AT_ONCE = 500  # SQLite limits the variables of one query


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Names a state of the store: which store, and after which change."""

    store_id: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.store_id}-{self.sequence:06d}"


@dataclass(frozen=True, slots=True)
class Change:
    """The latest state of a statement that changed; `statement` is None where it was deleted."""

    sequence: int
    key: int
    statement: Statement | None


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier version of a statement, in force until `changed_at`."""

    sequence: int
    changed_at: datetime
    statement: Statement


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Some statements, and the cursor that continues after them (None at the end)."""

    statements: tuple[Statement, ...]
    next_cursor: str | None


class Outcome(StrEnum):
    """What an import did with one statement."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class StatementStore:
    """Statements in a database: thread-safe, and safe for several processes at once.

    Every transaction that changes something takes the next sequence number first and holds that row until it
    commits, so numbers become visible in their order.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, database_url: str) -> StatementStore:
        """Open or create the store and bring its tables up to date. Raises StoreUnavailable."""
        engine = open_engine(database_url)
        with writing(engine) as connection:
            upgrade(connection)
        return cls(engine)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    # ------------------------------------------------------------ reading

    def checkpoint(self) -> Checkpoint:
        """The state the store is in now."""
        with reading(self.engine) as connection:
            row = connection.execute(sa.select(store.c.store_id, store.c.sequence)).one()
        return Checkpoint(row.store_id, row.sequence)

    def count(self) -> int:
        """How many statements there are, deleted ones left out."""
        with reading(self.engine) as connection:
            query = sa.select(sa.func.count()).select_from(statements).where(statements.c.deleted_at.is_(None))
            return int(connection.execute(query).scalar_one())

    def get(self, id: str) -> Statement:
        """The statement with this public id. Raises StatementNotFound."""
        with reading(self.engine) as connection:
            return to_statement(_live_row(connection, id)._mapping)

    def by_keys(self, keys: Sequence[int]) -> dict[int, Statement]:
        """The live statements among these keys."""
        found: dict[int, Statement] = {}
        with reading(self.engine) as connection:
            for start in range(0, len(keys), KEYS_AT_ONCE):
                some = [int(key) for key in keys[start : start + KEYS_AT_ONCE]]
                query = sa.select(statements).where(statements.c.key.in_(some), statements.c.deleted_at.is_(None))
                found |= {row.key: to_statement(row._mapping) for row in connection.execute(query)}
        return found

    def revisions(self, id: str) -> list[Revision]:
        """Earlier versions of a statement, newest first. Raises StatementNotFound."""
        with reading(self.engine) as connection:
            key = _live_row(connection, id).key
            query = sa.select(revisions).where(revisions.c.key == key).order_by(revisions.c.number.desc())
            return [
                Revision(row.sequence, aware(row.changed_at), from_version(row.version, id, key))
                for row in connection.execute(query)
            ]

    def changes_since(self, sequence: int, limit: int = 2000) -> list[Change]:
        """What changed after `sequence`, in order; whole sequence numbers only, so it may exceed `limit`."""
        with reading(self.engine) as connection:
            after = statements.c.sequence > sequence
            cut = connection.execute(
                sa.select(statements.c.sequence).where(after).order_by(statements.c.sequence).offset(limit - 1).limit(1)
            ).scalar_one_or_none()
            query = sa.select(statements).where(after).order_by(statements.c.sequence, statements.c.key)
            if cut is not None:
                query = query.where(statements.c.sequence <= cut)
            rows = connection.execute(query).mappings().all()
        return [Change(row["sequence"], row["key"], None if row["deleted_at"] else to_statement(row)) for row in rows]

    def select(
        self,
        query: str | None = None,
        language: str | None = None,
        publisher: str | None = None,
        rating: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> StatementPage:
        """Live statements, newest first; every word of `query` must occur in claim, headline or publisher."""
        columns = statements.c
        where: list[sa.ColumnElement[bool]] = [columns.deleted_at.is_(None)]
        for word in (query or "").split():
            where.append(
                sa.or_(
                    columns.claim_reviewed.icontains(word, autoescape=True),
                    columns.headline.icontains(word, autoescape=True),
                    columns.publisher_name.icontains(word, autoescape=True),
                )
            )
        if language:
            where.append(sa.or_(columns.language == language, columns.language.startswith(f"{language}-")))
        if publisher:
            where.append(
                sa.or_(
                    sa.func.lower(columns.publisher_site) == publisher.lower(),
                    columns.publisher_name.icontains(publisher, autoescape=True),
                )
            )
        if rating:
            where.append(columns.normalized == rating)
        if cursor and cursor.isdigit():
            where.append(columns.key < int(cursor))
        with reading(self.engine) as connection:
            found = sa.select(statements).where(*where).order_by(columns.key.desc()).limit(limit + 1)
            rows = connection.execute(found).mappings().all()
        shown = tuple(to_statement(row) for row in rows[:limit])
        return StatementPage(shown, str(shown[-1].key) if len(rows) > limit else None)

    # ------------------------------------------------------------ writing

    def put_many(self, given: Sequence[Statement]) -> list[Outcome]:
        """Import statements in one transaction: recognised by `fingerprint`, added, updated or left as they are.

        A deleted statement that is imported again comes back under its old id. Raises StoreUnavailable; then nothing
        of the batch was stored.
        """
        prints = [fingerprint(statement) for statement in given]
        outcomes: list[Outcome] = []
        with self._writing() as write:
            known = write.by_fingerprint(prints)
            for print_, statement in zip(prints, given, strict=True):
                row = known.get(print_)
                if row is None:
                    known[print_] = write.insert(print_, statement)
                    outcomes.append(Outcome.ADDED)
                elif row["deleted_at"] is not None:
                    known[print_] = write.update(row, statement)
                    outcomes.append(Outcome.ADDED)
                elif says_the_same(row, statement):
                    outcomes.append(Outcome.UNCHANGED)
                else:
                    known[print_] = write.update(row, statement)
                    outcomes.append(Outcome.UPDATED)
        return outcomes

    def create(self, statement: Statement) -> Statement:
        """Add one statement (or bring back or revise the one with the same URL and claim); id and key are filled in."""
        print_ = fingerprint(statement)
        with self._writing() as write:
            row = write.by_fingerprint([print_]).get(print_)
            if row is None:
                row = write.insert(print_, statement)
            elif row["deleted_at"] is not None or not says_the_same(row, statement):
                row = write.update(row, statement)
            return to_statement(row)

    def revise(self, id: str, statement: Statement) -> Statement:
        """Replace a statement's content; key and id stay, the old version is kept. Raises StatementNotFound."""
        with self._writing() as write:
            row = _live_row(write.connection, id)._mapping
            return to_statement(row if says_the_same(row, statement) else write.update(row, statement))

    def delete(self, id: str) -> None:
        """Take a statement out of use; its row stays as a marker. Raises StatementNotFound."""
        with self._writing() as write:
            write.delete(_live_row(write.connection, id).key)

    # ------------------------------------------------------------ transactions

    @contextmanager
    def _writing(self) -> Iterator[_Write]:
        with writing(self.engine) as connection:
            # Taking the counter's row first makes writers wait for each other (SQLite: BEGIN IMMEDIATE does).
            taken = connection.execute(sa.select(store.c.sequence).with_for_update()).scalar_one()
            write = _Write(connection, taken + 1)
            yield write
            if write.changed:
                connection.execute(sa.update(store).values(sequence=write.sequence))


class _Write:
    """One transaction's changes, all under one sequence number."""

    def __init__(self, connection: sa.Connection, sequence: int) -> None:
        self.connection, self.sequence = connection, sequence
        self.changed = False
        self.now = datetime.now(UTC)

    def by_fingerprint(self, prints: Sequence[str]) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for start in range(0, len(prints), KEYS_AT_ONCE):
            some = list(prints[start : start + KEYS_AT_ONCE])
            query = sa.select(statements).where(statements.c.fingerprint.in_(some))
            found |= {row["fingerprint"]: row for row in self.connection.execute(query).mappings()}
        return found

    def insert(self, print_: str, statement: Statement) -> Row:
        row = {
            **to_columns(statement), "id": secrets.token_hex(12), "fingerprint": print_, "sequence": self.sequence,
            "changed_at": self.now, "deleted_at": None,
        }  # fmt: skip
        (key,) = self.connection.execute(sa.insert(statements).values(**row)).inserted_primary_key or (0,)
        self.changed = True
        return {**row, "key": key}

    def update(self, row: Row, statement: Statement) -> Row:
        kept = {name: row[name] for name in to_columns(statement)}
        self.connection.execute(
            sa.insert(revisions).values(key=row["key"], sequence=row["sequence"], changed_at=self.now, version=kept)
        )
        new = {**to_columns(statement), "sequence": self.sequence, "changed_at": self.now, "deleted_at": None}
        self.connection.execute(sa.update(statements).where(statements.c.key == row["key"]).values(**new))
        self.changed = True
        return {**row, **new}

    def delete(self, key: int) -> None:
        values = {"deleted_at": self.now, "sequence": self.sequence, "changed_at": self.now}
        self.connection.execute(sa.update(statements).where(statements.c.key == key).values(**values))
        self.changed = True


def fingerprint(statement: Statement) -> str:
    """Recognises a statement on import: SHA-256 of the review's URL and the claim, case and spaces folded."""
    claim = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", statement.claim_reviewed)).strip().casefold()
    return hashlib.sha256(json.dumps([statement.url.strip(), claim]).encode()).hexdigest()


def _live_row(connection: sa.Connection, id: str) -> sa.Row[Any]:
    query = sa.select(statements).where(statements.c.id == id, statements.c.deleted_at.is_(None))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise StatementNotFound(f"There is no statement {id!r}; it may have been deleted.")
    return row
