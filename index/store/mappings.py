"""Rows of the mappings of rating words, read and written on somebody's connection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from index.errors import MappingNotFound
from index.exchange.local_ratings import EVERYWHERE, RatingMapping, digest_of
from index.models import NormalizedRating
from index.store.rows import aware, storable
from index.store.tables import rating_mappings

COLUMNS = rating_mappings.c


def read_mappings(connection: sa.Connection) -> list[RatingMapping]:
    """All mappings, the newest first."""
    rows = connection.execute(sa.select(rating_mappings).order_by(COLUMNS.number.desc()))
    return [_mapping(row) for row in rows.mappings()]


def page_of_mappings(
    connection: sa.Connection, cursor: str | None, limit: int
) -> tuple[list[RatingMapping], str | None]:
    """Some mappings, the newest first, and the cursor that continues after them."""
    query = sa.select(rating_mappings).order_by(COLUMNS.number.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(COLUMNS.number < int(cursor))
    rows = connection.execute(query).mappings().all()
    shown = rows[:limit]
    return [_mapping(row) for row in shown], str(shown[-1]["number"]) if len(rows) > limit else None


def read_mapping(connection: sa.Connection, id: str) -> RatingMapping:
    """The mapping with this id. Raises MappingNotFound."""
    query = sa.select(rating_mappings).where(COLUMNS.id == storable(id))
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise MappingNotFound("There is no such mapping of rating words; it may have been taken back.")
    return _mapping(row)


def put_mapping(connection: sa.Connection, mapping: RatingMapping) -> RatingMapping:
    """Store a mapping in the place of another for the same words and publisher, whose id it takes over."""
    values = {
        "words": mapping.words,
        "words_digest": digest_of(mapping.words),
        "site": mapping.site or EVERYWHERE,
        "normalized": mapping.normalized.value,
        "mapped_by": mapping.mapped_by,
        "mapped_at": mapping.mapped_at,
    }
    same = (COLUMNS.words_digest == values["words_digest"]) & (COLUMNS.site == values["site"])
    known = connection.execute(sa.select(COLUMNS.id).where(same)).scalar_one_or_none()
    if known is None:
        connection.execute(sa.insert(rating_mappings).values(**values, id=mapping.id))
    else:
        connection.execute(sa.update(rating_mappings).where(same).values(**values))
    return replace(mapping, id=known or mapping.id)


def delete_mapping(connection: sa.Connection, id: str) -> None:
    """Forget a mapping."""
    connection.execute(sa.delete(rating_mappings).where(COLUMNS.id == id))


def _mapping(row: Any) -> RatingMapping:
    return RatingMapping(
        id=row["id"],
        words=row["words"],
        site=row["site"] or None,
        normalized=NormalizedRating(row["normalized"]),
        mapped_by=row["mapped_by"],
        mapped_at=aware(row["mapped_at"]),
    )
