"""Statements by words and filters, for whoever searches them rather than checks a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from index.models import Statement
from index.store.walking import own_statements, walk_statements
from service.bootstrap import Application
from service.catalogue import primary_of

NEAREST = 200  # that are looked at by what they say
BY_WORDS = 500  # further ones that have all the words
MIN_CONFIDENCE = 0.5  # of the cheap estimate that both say the same: likelier than not


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched. `site` "" and `language` "" stand for any, `max_age_days` 0 too; `sites` None: everybody's."""

    query: str
    language: str = ""
    site: str = ""
    max_age_days: int = 0
    sites: tuple[str, ...] | None = None


def find_statements(application: Application, wanted: Wanted) -> Iterator[Statement]:
    """The statements that answer: what says the same first, then what has all the words; without words the newest.

    Raises IndexFault.
    """
    today = application.clock.read().at.date()
    found = by_query(application, wanted) if wanted.query.strip() else of_sites(application, wanted)
    return (statement for statement in found if is_wanted(statement, wanted, today))


def by_query(application: Application, wanted: Wanted) -> Iterator[Statement]:
    """What says the same as the query, the nearest first, then what has all its words, the newest first."""
    (matches,) = application.index.current().search([wanted.query], limit=NEAREST, rerank=False)
    near = [match.statement for match in matches if match.confidence >= MIN_CONFIDENCE]
    yield from near
    seen = {statement.key for statement in near}
    for site in wanted.sites or (wanted.site or None,):
        page = application.statements.select(query=wanted.query, publisher=site, limit=BY_WORDS)
        yield from (each for each in page.statements if each.key not in seen)


def of_sites(application: Application, wanted: Wanted) -> Iterator[Statement]:
    """All statements of the site that is asked for, the newest first."""
    if wanted.sites is not None:
        return own_statements(application.statements, wanted.sites)
    return walk_statements(application.statements, wanted.site)


def is_wanted(statement: Statement, wanted: Wanted, today: date) -> bool:
    """Whether a statement passes the filters."""
    site = (statement.publisher.site or "").lower()
    if wanted.sites is not None and site not in wanted.sites:
        return False
    if wanted.site and bare(site) != bare(wanted.site):
        return False
    if wanted.language and primary_of(statement.language) != primary_of(wanted.language.strip()):
        return False
    reviewed = statement.date_published
    return not wanted.max_age_days or (reviewed is not None and reviewed >= today - timedelta(wanted.max_age_days))


def bare(site: str) -> str:
    """A site without what makes it no other one."""
    return site.strip().lower().removeprefix("www.")
