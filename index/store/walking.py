"""Statements one after the other, however many: all, or those of some publishers and of nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge

import sqlalchemy as sa

from index.models import Statement
from index.store.database import reading
from index.store.statements import StatementStore
from index.store.tables import statements

AT_ONCE = 500


def walk_statements(store: StatementStore, publisher: str | None = None) -> Iterator[Statement]:
    """All statements, or those of a publisher by name or site, newest first."""
    cursor: str | None = None
    while True:
        page = store.select(publisher=publisher, cursor=cursor, limit=AT_ONCE)
        yield from page.statements
        cursor = page.next_cursor
        if cursor is None:
            return


def own_statements(store: StatementStore, sites: Sequence[str]) -> Iterator[Statement]:
    """Those of exactly these sites, newest first: a name that only contains one of them is somebody else's."""
    walks = (_of_site(store, site) for site in dict.fromkeys(sites))
    return merge(*walks, key=lambda statement: statement.key, reverse=True)


def _of_site(store: StatementStore, site: str) -> Iterator[Statement]:
    return (each for each in walk_statements(store, site) if (each.publisher.site or "").lower() == site)


def changed_keys(store: StatementStore, after: int, until: int) -> dict[int, int]:
    """The keys of live statements that last changed after one sequence number and not after another, each with the
    number of its change, in their order."""
    columns = statements.c
    changed = (columns.sequence > after) & (columns.sequence <= until) & columns.deleted_at.is_(None)
    query = sa.select(columns.key, columns.sequence).where(changed).order_by(columns.sequence, columns.key)
    with reading(store.engine) as connection:
        return {row.key: row.sequence for row in connection.execute(query)}
