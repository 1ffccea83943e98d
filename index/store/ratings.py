"""RatingStore: rating words that nobody mapped, for a person to map, and what was mapped; at once in force for all."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from index.exchange.local_ratings import RatingMapping, RatingMappings, digest_of
from index.models import NormalizedRating, Statement
from index.store.changes import changing
from index.store.counting import Counted
from index.store.database import reading
from index.store.mappings import delete_mapping, page_of_mappings, put_mapping, read_mapping, read_mappings
from index.store.once import Once
from index.store.rereading import IN_USE, reread
from index.store.rows import storable, to_statement
from index.store.tables import statements

EXAMPLES = 2  # statements shown beside rating words
MOST_PUBLISHERS = 10  # named beside them
COLUMNS = statements.c
UNMAPPED = (COLUMNS.normalized == NormalizedRating.UNMAPPED.value) & IN_USE


@dataclass(frozen=True, slots=True)
class UnmappedWords:
    """Rating words that mean nothing to us yet, as one publisher writes them, and how many statements bear them.

    `publishers` are their sites, the most frequent first and "" where none is known; `examples` the newest statements.
    """

    words: str
    count: int
    publishers: Counted
    examples: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class UnmappedPage:
    """Some rating words, the most frequent first; `next_cursor` asks for more."""

    ratings: tuple[UnmappedWords, ...]
    next_cursor: str | None
    words: int  # how many different ones there are
    statements: int  # how many statements bear them


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping, and how many statements it decides for now."""

    mapping: RatingMapping
    statements: int


@dataclass(frozen=True, slots=True)
class MappedPage:
    """Some mappings, the newest first; `next_cursor` asks for more."""

    mapped: tuple[Mapped, ...]
    next_cursor: str | None


class RatingStore:
    """Local mappings of rating words in the statements' database; thread-safe, and safe for several processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    # ------------------------------------------------------------ reading

    def unmapped(self, cursor: str | None = None, limit: int = 50) -> UnmappedPage:
        """A page of the rating words that are not mapped. Words that are compared as equal are one."""
        skipped = int(cursor) if cursor is not None else 0
        count = sa.func.count()
        with reading(self.engine) as connection:
            groups = (
                sa.select(COLUMNS.words_digest, sa.func.min(COLUMNS.alternate_name).label("words"), count.label("n"))
                .where(UNMAPPED)
                .group_by(COLUMNS.words_digest)
            )
            inner = groups.subquery()
            totals = connection.execute(sa.select(count, sa.func.coalesce(sa.func.sum(inner.c.n), 0))).one()
            ordered = sa.select(inner).order_by(inner.c.n.desc(), inner.c.words, inner.c.words_digest)
            rows = connection.execute(ordered.offset(skipped).limit(limit + 1)).all()
            shown = rows[:limit]
            digests = [row.words_digest for row in shown]
            publishers, examples = _publishers(connection, digests), _examples(connection, digests)
        found = tuple(
            UnmappedWords(row.words, row.n, publishers[row.words_digest], examples[row.words_digest]) for row in shown
        )
        return UnmappedPage(found, str(skipped + limit) if len(rows) > limit else None, int(totals[0]), int(totals[1]))

    def mappings(self) -> RatingMappings:
        """What was mapped, to be looked up."""
        with reading(self.engine) as connection:
            return RatingMappings(read_mappings(connection))

    def list(self, cursor: str | None = None, limit: int = 50) -> MappedPage:
        """A page of what was mapped, the newest first, with how many statements each mapping decides for."""
        with reading(self.engine) as connection:
            found, next_cursor = page_of_mappings(connection, cursor, limit)
            every = RatingMappings(read_mappings(connection))
            return MappedPage(tuple(Mapped(each, _decides(connection, each, every)) for each in found), next_cursor)

    def get(self, id: str) -> Mapped:
        """A mapping. Raises MappingNotFound."""
        with reading(self.engine) as connection:
            return _mapped(connection, read_mapping(connection, id))

    # ------------------------------------------------------------ writing

    def map(
        self,
        words: str,
        normalized: NormalizedRating,
        mapped_by: str,
        mapped_at: datetime,
        site: str | None = None,
        once: Once | None = None,
    ) -> Mapped:
        """Say what words mean, of one publisher by its site or of all; it holds for all statements from then on.

        A mapping of the same words and publisher is replaced. What `once` made before is given instead.
        """
        words = storable(words)
        given = RatingMapping(words, _host(site), normalized, mapped_by, mapped_at, secrets.token_hex(12))
        with changing(self.engine) as changes:
            known = once.find(changes.connection) if once is not None else None
            if known is None:
                made = put_mapping(changes.connection, given)
                if once is not None:
                    once.remember(changes.connection, made.id)
                reread(changes, COLUMNS.words_digest == digest_of(words))
            else:
                made = read_mapping(changes.connection, known)
            return _mapped(changes.connection, made)

    def unmap(self, id: str) -> None:
        """Take a mapping back: its words mean again what they would without it. Raises MappingNotFound."""
        with changing(self.engine) as changes:
            mapping = read_mapping(changes.connection, id)
            delete_mapping(changes.connection, id)
            reread(changes, COLUMNS.words_digest == digest_of(mapping.words))


def _publishers(connection: sa.Connection, digests: Sequence[str]) -> dict[str, Counted]:
    """How many statements each publisher has with these words, for the first publishers."""
    count, site = sa.func.count(), sa.func.coalesce(COLUMNS.publisher_site, "").label("site")
    query = sa.select(COLUMNS.words_digest, site, count.label("n")).where(UNMAPPED, COLUMNS.words_digest.in_(digests))
    rows = connection.execute(query.group_by(COLUMNS.words_digest, site).order_by(count.desc(), site))
    found: dict[str, list[tuple[str, int]]] = {digest: [] for digest in digests}
    for row in rows:
        if len(found[row.words_digest]) < MOST_PUBLISHERS:
            found[row.words_digest].append((row.site, row.n))
    return {digest: tuple(counted) for digest, counted in found.items()}


def _examples(connection: sa.Connection, digests: Sequence[str]) -> dict[str, tuple[Statement, ...]]:
    place = sa.func.row_number().over(partition_by=COLUMNS.words_digest, order_by=COLUMNS.key.desc())
    placed = sa.select(COLUMNS.key, place.label("place")).where(UNMAPPED, COLUMNS.words_digest.in_(digests)).subquery()
    newest = sa.select(placed.c.key).where(placed.c.place <= EXAMPLES)
    rows = connection.execute(sa.select(statements).where(COLUMNS.key.in_(newest)).order_by(COLUMNS.key.desc()))
    found: dict[str, list[Statement]] = {digest: [] for digest in digests}
    for row in rows.mappings():
        found[row["words_digest"]].append(to_statement(row))
    return {digest: tuple(shown) for digest, shown in found.items()}


def _mapped(connection: sa.Connection, mapping: RatingMapping) -> Mapped:
    return Mapped(mapping, _decides(connection, mapping, RatingMappings(read_mappings(connection))))


def _decides(connection: sa.Connection, mapping: RatingMapping, every: RatingMappings) -> int:
    """How many statements a mapping decides for: those of its words that no nearer mapping is for."""
    ours, site = COLUMNS.words_digest == digest_of(mapping.words), COLUMNS.publisher_site
    counted = connection.execute(sa.select(site, sa.func.count()).where(ours, IN_USE).group_by(site)).all()
    found = [(every.find(mapping.words, host), n) for host, n in counted]
    return sum(n for each, n in found if each is not None and each.id == mapping.id)


def _host(site: str | None) -> str | None:
    return storable(site).strip().lower().rstrip(".") or None if site else None
