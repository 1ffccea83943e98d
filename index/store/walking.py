"""Statements one after the other, however many: all, or those of some publishers and of nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge

import sqlalchemy as sa

from index.errors import StoreReplaced
from index.models import Statement
from index.store.database import reading
from index.store.one_store import REPLACED
from index.store.statements import StatementStore
from index.store.tables import statements

AT_ONCE = 500


def walk_statements(
    store: StatementStore, publisher: str | None = None, store_id: str | None = None
) -> Iterator[Statement]:
    """All statements, or those of a publisher by name or site, newest first. Of one store (`store_id`: which) alone.

    Raises StoreReplaced where a backup is restored meanwhile: the rest would be of other data.
    """
    cursor: str | None = None
    store_id = store_id or store.checkpoint().store_id
    while True:
        page = store.select(publisher=publisher, cursor=cursor, limit=AT_ONCE)
        if store.checkpoint().store_id != store_id:
            raise StoreReplaced(REPLACED)
        yield from page.statements
        cursor = page.next_cursor
        if cursor is None:
            return


def own_statements(store: StatementStore, sites: Sequence[str]) -> Iterator[Statement]:
    """Those of exactly these sites, newest first: a name that only contains one of them is somebody else's."""
    store_id = store.checkpoint().store_id
    walks = (_of_site(store, site, store_id) for site in dict.fromkeys(sites))
    return merge(*walks, key=lambda statement: statement.key, reverse=True)


def _of_site(store: StatementStore, site: str, store_id: str) -> Iterator[Statement]:
    found = walk_statements(store, site, store_id)
    return (each for each in found if (each.publisher.site or "").lower() == site)


def changed_keys(store: StatementStore, after: int, until: int) -> dict[int, int]:
    """The keys of live statements of which more than the normalized rating last changed after one sequence number and
    not after another, each with the number of that change, in their order."""
    return _keys(store, statements.c.text_sequence, after, until)


def reread_keys(store: StatementStore, after: int, until: int) -> dict[int, int]:
    """The same for statements of which only the normalized rating changed last."""
    columns = statements.c
    return _keys(store, columns.sequence, after, until, columns.sequence > columns.text_sequence)


def retired_keys(store: StatementStore, after: int, until: int) -> dict[int, int]:
    """The same for statements that were taken out of use."""
    return _keys(store, statements.c.text_sequence, after, until, in_use=False)


def _keys(
    store: StatementStore,
    order: sa.Column[int],
    after: int,
    until: int,
    *some: sa.ColumnElement[bool],
    in_use: bool = True,
) -> dict[int, int]:
    used = statements.c.deleted_at.is_(None) if in_use else statements.c.deleted_at.is_not(None)
    changed = (order > after) & (order <= until) & used
    query = sa.select(statements.c.key, order.label("number")).where(changed, *some).order_by(order, statements.c.key)
    with reading(store.engine) as connection:
        return {row.key: row.number for row in connection.execute(query)}
