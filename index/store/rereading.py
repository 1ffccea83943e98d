"""What rating words mean, read anew for statements that are there already.

That is due where a person maps words or takes a mapping back, and once where another version of the program knows other
words. Only the normalized rating changes, under a new sequence number: texts and their vectors stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from index.exchange.local_ratings import digest_of
from index.exchange.ratings import reading_digest
from index.store.changes import Changes, changing
from index.store.database import glancing
from index.store.tables import statements, store

AT_ONCE = 500  # statements: SQLite limits the variables of one query
COLUMNS = statements.c
READ = (
    COLUMNS.key, COLUMNS.alternate_name, COLUMNS.language, COLUMNS.publisher_site, COLUMNS.normalized,
    COLUMNS.words_digest,
)  # fmt: skip
IN_USE = COLUMNS.deleted_at.is_(None)


def reread_ratings(engine: sa.Engine) -> int:
    """Read the words of all statements anew where they were read by another version; how many mean something else now.

    Raises StoreUnavailable.
    """
    wanted = reading_digest()
    with glancing(engine) as connection:
        if connection.execute(sa.select(store.c.ratings_read)).scalar_one() == wanted:
            return 0
    with changing(engine) as changes:
        if changes.connection.execute(sa.select(store.c.ratings_read)).scalar_one() == wanted:
            return 0  # another process was quicker
        changed = reread(changes, sa.true())
        changes.connection.execute(sa.update(store).values(ratings_read=wanted))
    return changed


def reread(changes: Changes, some: sa.ColumnElement[bool]) -> int:
    """Read the words of some of the statements anew; how many mean something else now."""
    changed = 0
    for rows in _portions(changes.connection, some):
        read = {row.key: changes.mappings.read(row.alternate_name, row.language, row.publisher_site) for row in rows}
        digests = {row.key: digest_of(row.alternate_name) for row in rows}
        _put(changes.connection, {row.key: digests[row.key] for row in rows if row.words_digest != digests[row.key]})
        anew = {row.key: read[row.key].value for row in rows if row.normalized != read[row.key].value}
        _put(changes.connection, anew, changes.sequence)
        changed += len(anew)
        changes.made |= bool(anew)
    return changed


def _put(connection: sa.Connection, values: dict[int, str], sequence: int | None = None) -> None:
    """Write digests, or with a sequence number normalized ratings, by the keys of their statements."""
    keys: dict[str, list[int]] = {}
    for key, value in values.items():
        keys.setdefault(value, []).append(key)
    for value, same in keys.items():
        new = {"words_digest": value} if sequence is None else {"normalized": value, "sequence": sequence}
        connection.execute(sa.update(statements).where(COLUMNS.key.in_(same)).values(**new))


def _portions(connection: sa.Connection, some: sa.ColumnElement[bool]) -> Iterator[Sequence[Any]]:
    last = 0
    query = sa.select(*READ).where(some, IN_USE).order_by(COLUMNS.key).limit(AT_ONCE)
    while rows := connection.execute(query.where(COLUMNS.key > last)).all():
        yield rows
        last = rows[-1].key
