"""What a house keeps of its statements besides the review: links it rests on, its period, and who keeps it right.

In ClaimReview these are `citation`, `validFrom`, `expires` and `maintainer`. They are read where a person hands over a
file; of what was fetched from others only the links are taken, for nobody else says what is ours or how long it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from index.exchange.dates import read_day
from index.exchange.fields import Warnings, first, read_text, read_url
from index.models import Citation, Statement

if TYPE_CHECKING:
    from index.exchange.claimreview import ParsedReview

MAX_CITATIONS = 50


def kept_fields(statement: Statement) -> dict[str, Any]:
    """The fields of a ClaimReview; None where there is nothing to say."""
    cited = [
        {"@type": "CreativeWork", "url": each.url, **({"name": each.title} if each.title else {})}
        for each in statement.citations
    ]
    begins, ends = statement.valid_from, statement.valid_until
    return {
        "citation": cited or None,
        "validFrom": begins.isoformat() if begins else None,
        "expires": ends.isoformat() if ends else None,
        "maintainer": {"@type": "Organization", "name": statement.owner} if statement.owner else None,
    }


def read_kept(review: Mapping[str, Any], warnings: Warnings) -> dict[str, Any]:
    """The same of a review, as fields of a Statement."""
    return {
        "citations": tuple(_citations(review.get("citation"), warnings)),
        "valid_from": _day(review.get("validFrom"), "validFrom", warnings),
        "valid_until": _day(review.get("expires"), "expires", warnings),
        "owner": read_text(first(review.get("maintainer")), "maintainer", warnings),
    }


def of_others(reviews: Iterable[ParsedReview]) -> Iterator[ParsedReview]:
    """Reviews that were fetched: none of their statements is ours, or holds for a time of ours."""
    for review in reviews:
        if review.statement is None:
            yield review
        else:
            theirs = replace(review.statement, owner=None, valid_from=None, valid_until=None)
            yield replace(review, statement=theirs)


def _citations(value: Any, warnings: Warnings) -> Iterator[Citation]:
    listed = value if isinstance(value, list) else [value] if value else []
    if len(listed) > MAX_CITATIONS:
        warnings.say(f"there are more than {MAX_CITATIONS} citations; the rest is left out")
    for each in listed[:MAX_CITATIONS]:
        url = read_url(each)
        if url is None:
            warnings.say("a citation has no http(s) address and is left out")
        else:
            title = read_text(each.get("name"), "citation.name", warnings) if isinstance(each, Mapping) else None
            yield Citation(url, title)


def _day(value: Any, name: str, warnings: Warnings) -> date | None:
    value = first(value)
    day = read_day(value) if isinstance(value, str) else None
    if day is None and value not in (None, ""):
        warnings.say(f"{name} is not a date")
    return day
