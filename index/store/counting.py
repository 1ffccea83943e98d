"""How many statements there are of each publisher, language, rating and year, and which rating words are not mapped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from index.models import NormalizedRating
from index.store.database import reading
from index.store.statements import StatementStore
from index.store.tables import statements

MOST_WORDS = 50  # rating words that are not mapped, of which there can be as many as statements
# With literals: PostgreSQL takes two parameters for two expressions, whatever they hold.
YEAR = sa.func.substr(statements.c.date_published, sa.literal_column("1"), sa.literal_column("4"))
Counted = tuple[tuple[str, int], ...]  # the most first; "" where nothing is known


@dataclass(frozen=True, slots=True)
class StatementCounts:
    """How many statements there are. `publishers` by their sites, with the `names` that most of theirs bear."""

    total: int
    publishers: Counted
    names: dict[str, str]
    languages: Counted
    ratings: Counted  # normalized
    years: Counted  # of publication, the newest first
    unmapped: Counted  # the publishers' words, the first MOST_WORDS
    unmapped_words: int  # how many different ones there are


def count_statements(store: StatementStore) -> StatementCounts:
    """Count the statements that are not deleted, in two passes over them."""
    table = statements.c
    groups = (table.publisher_site, table.publisher_name, table.language, table.normalized, YEAR)
    live = statements.c.deleted_at.is_(None)
    words = statements.c.alternate_name
    unmapped = (
        sa.select(words, sa.func.count())
        .where(live, statements.c.normalized == NormalizedRating.UNMAPPED.value)
        .group_by(words)
    )
    with reading(store.engine) as connection:
        rows = connection.execute(sa.select(*groups, sa.func.count()).where(live).group_by(*groups)).all()
        unread: Counter[str] = Counter(dict(tuple(row) for row in connection.execute(unmapped)))
    sites, languages, ratings, years = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    names: dict[str, Counter[str]] = {}
    for *group, n in rows:
        site, name, language, rating, year = (value or "" for value in group)
        sites[site] += n
        languages[language] += n
        ratings[rating] += n
        years[year] += n
        names.setdefault(site, Counter())[name] += n
    return StatementCounts(
        total=sum(sites.values()),
        publishers=_most(sites),
        names={site: max(found, key=lambda name: (bool(name), found[name], name)) for site, found in names.items()},
        languages=_most(languages),
        ratings=_most(ratings),
        years=tuple(sorted(years.items(), reverse=True)),
        unmapped=_most(unread)[:MOST_WORDS],
        unmapped_words=len(unread),
    )


def _most(counter: Counter[str]) -> Counted:
    return tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0])))
