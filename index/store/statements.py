"""StatementStore: the truth about verified statements, in a database. Vectors and keywords are derived from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from index.errors import StatementChanged, StatementNotFound, StoreReplaced, StoreUnavailable
from index.models import Statement
from index.store.changes import Writer, changing
from index.store.database import glancing, open_engine, reading
from index.store.migrations import bring_up_to_date
from index.store.once import Once
from index.store.one_store import REPLACED
from index.store.rereading import reread_ratings
from index.store.rows import (
    Columns,
    Row,
    fingerprint,
    rated_otherwise,
    says_the_same,
    storable,
    tag_of,
    to_statement,
)
from index.store.tables import revisions, statements, store

KEYS_AT_ONCE = 500  # SQLite limits the variables of one query
NOBODY = Writer()  # a person, of whom nothing more is said
_IN_USE = statements.c.deleted_at.is_(None)
STATE = sa.select(store.c.store_id, store.c.sequence)  # put together once: it is asked before every search


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Names a state of the store: which store, and after which change."""

    store_id: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.store_id}-{self.sequence:06d}"


@dataclass(frozen=True, slots=True)
class Change:
    """The latest state of a statement of which more than the normalized rating changed; None where it was deleted.

    `sequence` is the number of that change.
    """

    sequence: int
    key: int
    statement: Statement | None


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
    KEPT = "kept"  # as a person wrote it, although it came otherwise


class StatementStore:
    """Statements in a database: thread-safe, and safe for several processes at once.

    Every transaction that changes something takes the next sequence number first and holds that row until it
    commits, so numbers become visible in their order.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, database_url: str) -> StatementStore:
        """Open or create the store, and bring its tables and normalized ratings up to date. Raises StoreUnavailable."""
        engine = open_engine(database_url)
        try:
            bring_up_to_date(engine)
            reread_ratings(engine)
        except StoreUnavailable:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    # ------------------------------------------------------------ reading

    def checkpoint(self) -> Checkpoint:
        """The state the store is in now."""
        with glancing(self.engine) as connection:
            row = connection.execute(STATE).one()
        return Checkpoint(row.store_id, row.sequence)

    def count(self) -> int:
        """How many statements there are, deleted ones left out."""
        with reading(self.engine) as connection:
            query = sa.select(sa.func.count()).select_from(statements).where(statements.c.deleted_at.is_(None))
            return int(connection.execute(query).scalar_one())

    def count_changes(self, sequence: int) -> int:
        """How many statements `changes_since` would give, of all there are."""
        with reading(self.engine) as connection:
            query = sa.select(sa.func.count()).select_from(statements).where(statements.c.text_sequence > sequence)
            return int(connection.execute(query).scalar_one())

    def get(self, id: str) -> Statement:
        """The statement with this public id. Raises StatementNotFound."""
        with reading(self.engine) as connection:
            return to_statement(_live_row(connection, id)._mapping)

    def by_keys(self, keys: Sequence[int], store_id: str | None = None) -> dict[int, Statement]:
        """The live statements among these keys; those of one store alone, where that is named. Raises StoreReplaced."""
        found: dict[int, Statement] = {}
        with reading(self.engine) as connection:
            if store_id is not None and store_id != connection.execute(STATE).one().store_id:
                raise StoreReplaced(REPLACED)
            for start in range(0, len(keys), KEYS_AT_ONCE):
                some = [int(key) for key in keys[start : start + KEYS_AT_ONCE]]
                query = sa.select(statements).where(statements.c.key.in_(some), statements.c.deleted_at.is_(None))
                found |= {row.key: to_statement(row._mapping) for row in connection.execute(query)}
        return found

    def rerated(self, keys: Sequence[int]) -> frozenset[int]:
        """Those of these keys whose statement had another rating in an earlier version."""
        found: set[int] = set()
        columns = (revisions.c.key, revisions.c.version, statements.c.normalized, statements.c.alternate_name)
        with reading(self.engine) as connection:
            for start in range(0, len(keys), KEYS_AT_ONCE):
                some = [int(key) for key in keys[start : start + KEYS_AT_ONCE]]
                query = sa.select(*columns).join(statements, statements.c.key == revisions.c.key)
                rows = connection.execute(query.where(revisions.c.key.in_(some)))
                found |= {row.key for row in rows if rated_otherwise(row.version, row._mapping)}
        return frozenset(found)

    def changes_since(self, sequence: int, limit: int = 2000) -> list[Change]:
        """What changed after `sequence`, in order; whole sequence numbers only, so it may exceed `limit`.

        Where only the normalized rating changed nothing is given: whoever searches looks that up.
        """
        order = statements.c.text_sequence
        with reading(self.engine) as connection:
            after = order > sequence
            cut = connection.execute(
                sa.select(order).where(after).order_by(order).offset(limit - 1).limit(1)
            ).scalar_one_or_none()
            query = sa.select(statements).where(after).order_by(order, statements.c.key)
            if cut is not None:
                query = query.where(order <= cut)
            rows = connection.execute(query).mappings().all()
        return [
            Change(row["text_sequence"], row["key"], None if row["deleted_at"] else to_statement(row)) for row in rows
        ]

    def select(
        self,
        query: str | None = None,
        language: str | None = None,
        publisher: str | None = None,
        rating: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
        *,
        own: bool = False,
        retired: bool = False,
    ) -> StatementPage:
        """Live statements, newest first; every word of `query` must occur in claim, headline or publisher.

        With `own` only this house's own; with `retired` those that were taken out of use instead.
        """
        columns = statements.c
        where: list[sa.ColumnElement[bool]] = [columns.deleted_at.is_not(None) if retired else _IN_USE]
        where += [columns.owner.is_not(None)] if own else []
        headline, publisher_name = (sa.func.coalesce(each, "") for each in (columns.headline, columns.publisher_name))
        searched = columns.claim_reviewed + " " + headline + " " + publisher_name
        where += [searched.icontains(word, autoescape=True) for word in storable(query or "").split()]
        if language:
            tag = storable(language)
            where.append(sa.or_(columns.language == tag, columns.language.startswith(f"{tag}-", autoescape=True)))
        if publisher:
            named = storable(publisher)
            where.append(
                sa.or_(
                    sa.func.lower(columns.publisher_site) == sa.func.lower(named),
                    columns.publisher_name.icontains(named, autoescape=True),
                )
            )
        if rating:
            where.append(columns.normalized == storable(rating))
        if cursor is not None:
            # A cursor that was never given continues nowhere: beginning again would repeat what was seen.
            where.append(columns.key < (int(cursor) if re.fullmatch(r"[0-9]{1,18}", cursor) else 0))
        with reading(self.engine) as connection:
            found = sa.select(statements).where(*where).order_by(columns.key.desc()).limit(limit + 1)
            rows = connection.execute(found).mappings().all()
        shown = tuple(to_statement(row) for row in rows[:limit])
        return StatementPage(shown, str(shown[-1].key) if len(rows) > limit else None)

    # ------------------------------------------------------------ writing

    def put_many(self, given: Sequence[Statement], *, unasked: bool = False) -> list[Outcome]:
        """Import statements in one transaction: recognised by `fingerprint`, added, updated or left as they are.

        Of twins in one batch the first counts, the others change nothing. A deleted statement that is imported again
        comes back under its old id. What nobody asked for now (`unasked`) brings back nothing that a person deleted,
        and changes nothing that a person wrote. Raises StoreUnavailable; then nothing of the batch was stored.
        """
        prints = [fingerprint(statement) for statement in given]
        new: dict[str, Columns] = {}
        outcomes: list[Outcome] = []
        with changing(self.engine) as changes:
            known = changes.by_fingerprint(prints)
            seen: set[str] = set()
            for print_, statement in zip(prints, given, strict=True):
                row, columns = known.get(print_), changes.columns_of(statement)
                deleted = unasked and row is not None and row["deleted_at"] is not None
                if print_ in seen or deleted or (row is not None and says_the_same(row, columns)):
                    outcomes.append(Outcome.UNCHANGED)
                elif unasked and row is not None and row["revised_at"] is not None:
                    outcomes.append(Outcome.KEPT)
                elif row is None:
                    new[print_] = columns
                    outcomes.append(Outcome.ADDED)
                else:
                    outcomes.append(Outcome.UPDATED if row["deleted_at"] is None else Outcome.ADDED)
                    changes.update(row, columns)
                seen.add(print_)
            changes.insert(list(new.items()))
        return outcomes

    def create(self, statement: Statement, once: Once | None = None, writer: Writer = NOBODY) -> Statement:
        """Add one statement (or bring back or revise the one with the same URL and claim); id and key are filled in.

        What `once` made before is given instead, as it is now, unless it was deleted since.
        """
        print_ = fingerprint(statement)
        with changing(self.engine, writer) as changes:
            if once is not None and (known := once.find(changes.connection)) is not None:
                with suppress(StatementNotFound):
                    return to_statement(_live_row(changes.connection, known)._mapping)
            columns = changes.columns_of(statement)
            row = changes.by_fingerprint([print_]).get(print_)
            if row is None:
                changes.insert([(print_, columns)])
                row = changes.by_fingerprint([print_])[print_]
            elif not says_the_same(row, columns):
                row = changes.update(row, columns)
            if once is not None:
                once.remember(changes.connection, row["id"])
            return to_statement(row)

    def revise(self, id: str, statement: Statement, tag: str | None = None, writer: Writer = NOBODY) -> Statement:
        """Replace a statement's content; key, id, fingerprint and the old version stay.

        Importing the publisher's own version again puts that back, if somebody asks for it. Raises StatementNotFound;
        StatementChanged where it is no longer what `tag` names.
        """
        with changing(self.engine, writer) as changes:
            row, columns = _expected_row(changes.connection, id, tag), changes.columns_of(statement)
            return to_statement(row if says_the_same(row, columns) else changes.update(row, columns))

    def delete(self, id: str, tag: str | None = None, writer: Writer = NOBODY) -> None:
        """Take a statement out of use; its row stays as a marker. Raises as `revise`."""
        with changing(self.engine, writer) as changes:
            changes.delete(_expected_row(changes.connection, id, tag))


def _expected_row(connection: sa.Connection, id: str, tag: str | None) -> Row:
    """The row of a statement that still is what a tag names, if there is one. Raises as `revise`."""
    row = _live_row(connection, id)._mapping
    if tag is not None and tag != tag_of(to_statement(row)):
        raise StatementChanged(f"The statement {id!r} was changed meanwhile: read it again, then decide.")
    return row


def _live_row(connection: sa.Connection, id: str) -> sa.Row[Any]:
    row = connection.execute(sa.select(statements).where(statements.c.id == storable(id), _IN_USE)).one_or_none()
    if row is None:
        raise StatementNotFound(f"There is no statement {id!r}; it may have been deleted.")
    return row
