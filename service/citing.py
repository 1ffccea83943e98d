"""How a fact-check is cited: its publisher, its rating, its reason, its link. Imports are trusted little."""

from __future__ import annotations

from urllib.parse import urlsplit

from index.models import Statement
from service.catalogue import name_language, primary_of, say

MAX_REASON_LETTERS = 300
MAX_RATING_LETTERS = 90  # some publishers rate in whole paragraphs


def publisher_words(statement: Statement, language: str, inside: bool = False) -> str:
    """Who published the fact-check; its site, or `a fact-check`, where no name is known."""
    publisher = statement.publisher
    return publisher.name or publisher.site or say(language, f"publisher.unknown{'_inside' if inside else ''}")


def rating_label(statement: Statement, language: str) -> str:
    """The rating as the publisher wrote it, cut where it is very long; our word where it wrote none."""
    words = " ".join(statement.rating.alternate_name.split())
    if not words:
        return say(language, f"rating.{statement.rating.normalized.value}")
    return words if len(words) <= MAX_RATING_LETTERS else f"{words[: MAX_RATING_LETTERS - 1].rstrip()}…"


def fact_check_link(statement: Statement, language: str) -> str:
    """What the link to a fact-check is called; it names the fact-check's language where that is not the reader's."""
    name = foreign_name(statement.language, language)
    return say(language, "claim.read_fact_check_in", name=name) if name else say(language, "claim.read_fact_check")


def also_checked_words(statement: Statement, language: str) -> str:
    """Who else checked a claim, when, and how they rate it, in a line."""
    said = {"publisher": publisher_words(statement, language, inside=True), "rating": rating_label(statement, language)}
    foreign = foreign_name(statement.language, language)
    line = (
        say(language, "claim.also_checked_in", year=str(statement.date_published.year), **said)
        if statement.date_published
        else say(language, "claim.also_checked", **said)
    )
    return f"{line} ({say(language, 'claim.in_language', name=foreign)})" if foreign else line


def cited_url(statement: Statement, language: str) -> str:
    """The address of a fact-check, with its language where that is not the reader's."""
    foreign = foreign_name(statement.language, language)
    said = f" ({say(language, 'claim.in_language', name=foreign)})" if foreign else ""
    return f"{statement.url}{said}"


def foreign_name(tag: str | None, language: str) -> str:
    """What a language is called where it is another than the reader's; "" for that one and where none is known."""
    return "" if primary_of(tag) == primary_of(language) else name_language(tag, language)


def reason_of(statement: Statement) -> str:
    """Why the fact-checkers rated it so: the statement's explanation, else the headline of the fact-check."""
    words = " ".join((statement.explanation or statement.headline or "").split())
    if words == " ".join(statement.claim_reviewed.split()):
        return ""
    return words if len(words) <= MAX_REASON_LETTERS else f"{words[: MAX_REASON_LETTERS - 1].rstrip()}…"


def is_link(url: str | None) -> bool:
    """Whether this is an address of the web: what imports bring is not trusted to be one."""
    try:
        return bool(url) and urlsplit(url).scheme.lower() in ("http", "https")
    except ValueError:
        return False
