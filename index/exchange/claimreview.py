"""ClaimReview JSON-LD (schema.org) <-> Statement, however dirty its fields are.

Rejected is only what has no claim, no http(s) URL or no rating; any other bad field is dropped with a warning.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from index.exchange.dates import possible_days, read_day
from index.exchange.fields import Warnings, first, host_of, read_text, read_url
from index.exchange.finding import types_of
from index.exchange.keeping import kept_fields, read_kept
from index.exchange.publishers import read_author, read_publisher
from index.exchange.ratings import normalize_rating
from index.models import NormalizedRating, Rating, Statement
from index.retrieval.queries import says_something

SCALE = re.compile(
    r"([+-]?\d{1,9}(?:[.,]\d{1,2})?)\s?(?:/|von|of|out of|aus)\s?(\d{1,9}(?:[.,]\d{1,2})?)|([+-]?\d{1,9},\d{1,2})"
)
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
LANGUAGES = {"german": "de", "deutsch": "de", "english": "en", "englisch": "en"}


@dataclass(frozen=True, slots=True)
class ParsedReview:
    """One review as read: a statement, or the reason why there is none; `line` where the input has lines or items.

    With neither it is a note about the input as a whole. `url` is the review's own, also if it was rejected.
    """

    line: int | None
    statement: Statement | None
    rejection: str | None = None
    warnings: tuple[str, ...] = ()
    url: str | None = None

    @property
    def is_review(self) -> bool:
        """Whether this is a review, taken or not, rather than a note."""
        return self.statement is not None or self.rejection is not None


def read_review(review: Any, line: int | None = None, base: str | None = None) -> ParsedReview:
    """One ClaimReview object to a statement; whatever is wrong with it becomes a rejection or a warning.

    `base` is the address of its page: relative addresses start there, but it never replaces a missing one.
    """
    if not isinstance(review, Mapping):
        return ParsedReview(line, None, "not a JSON object")
    warnings = Warnings()
    url = _own_url(review, base)
    language = _language(review.get("inLanguage"), warnings)
    claim = _claim(review, language, warnings)
    if not claim:
        return ParsedReview(line, None, "claimReviewed is missing", tuple(warnings), url)
    if not url:
        return ParsedReview(line, None, "url is missing or not an http(s) address", tuple(warnings))
    publisher = read_publisher(review, url, warnings)
    rating = _rating(review.get("reviewRating"), language, publisher.site, warnings)
    if rating is None:
        return ParsedReview(line, None, "reviewRating has no rating words and no rating value", tuple(warnings), url)
    if not says_something(claim, publisher.names):
        warnings.say(f"claimReviewed is only {claim!r}, which says nothing; it never matches")
    statement = Statement(
        claim_reviewed=claim,
        url=url,
        rating=rating,
        publisher=publisher,
        language=language,
        headline=read_text(review.get("headline") or review.get("name"), "headline", warnings, language),
        author=read_author(review, warnings),
        claimant=_claimant(first(review.get("itemReviewed")), warnings),
        date_published=_date(review.get("datePublished"), warnings),
        explanation=read_text(
            review.get("reviewBody") or _explanation(review.get("reviewRating")) or review.get("description"),
            "reviewBody",
            warnings,
            language,
        ),
        cluster=read_text(review.get("identifier"), "identifier", warnings),
        license=read_text(review.get("sdLicense") or review.get("license"), "license", warnings),
    )
    return ParsedReview(line, replace(statement, **read_kept(review, warnings)), None, tuple(warnings), url)


def statement_to_claimreview(statement: Statement) -> dict[str, Any]:
    """A statement as ClaimReview JSON-LD; read_review gives the same statement back (id and key aside)."""
    rating = {
        "@type": "Rating",
        "alternateName": statement.rating.alternate_name,
        "ratingValue": statement.rating.rating_value,
        "bestRating": statement.rating.best_rating,
        "worstRating": statement.rating.worst_rating,
    }
    organisation = _filled({"@type": "Organization", "name": statement.publisher.name, "url": _site_url(statement)})
    person = {"@type": "Person", "name": statement.author, "affiliation": organisation}
    claimant = {"@type": "Claim", "author": {"@type": "Person", "name": statement.claimant}}
    published = statement.date_published
    review = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": statement.claim_reviewed,
        "url": statement.url,
        "inLanguage": statement.language,
        "headline": statement.headline,
        "datePublished": published.isoformat() if published else None,
        "author": person if statement.author else organisation,
        "itemReviewed": claimant if statement.claimant else None,
        "reviewRating": _filled(rating),
        "reviewBody": statement.explanation,
        "identifier": statement.cluster,
        "sdLicense": statement.license,
        **kept_fields(statement),
    }
    return _filled(review)


# ---------------------------------------------------------------- fields


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _site_url(statement: Statement) -> str | None:
    site = statement.publisher.site
    return f"https://{site}" if site and site != host_of(statement.url) else None


def _claim(review: Mapping[str, Any], language: str | None, warnings: Warnings) -> str | None:
    """What was reviewed, in its own words: the text of claimReviewed, else that of the Claim it is about."""
    if claim := read_text(review.get("claimReviewed"), "claimReviewed", warnings, language):
        return claim
    item = first(review.get("itemReviewed"))
    if isinstance(item, Mapping) and "claim" in types_of(item):
        return read_text(item.get("text") or item.get("name"), "itemReviewed", warnings, language)
    return None


def _own_url(review: Mapping[str, Any], base: str | None) -> str | None:
    for name in ("url", "mainEntityOfPage", "@id"):
        if url := read_url(review.get(name), base):
            return url
    return None if review.get("url") else read_url(base)


def _claimant(item: Any, warnings: Warnings) -> str | None:
    if not isinstance(item, Mapping):
        if item:
            warnings.say("itemReviewed is not an object and is left out")
        return None
    author = first(item.get("author")) or first(item.get("creator"))
    return read_text(author, "itemReviewed.author", warnings)


def _explanation(rating: Any) -> Any:
    rating = first(rating)
    return rating.get("ratingExplanation") if isinstance(rating, Mapping) else None


def _rating(value: Any, language: str | None, site: str | None, warnings: Warnings) -> Rating | None:
    value = _telling(value, warnings)
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        value = {"alternateName": value}
    if not isinstance(value, Mapping):
        return None
    words = read_text(value.get("alternateName") or value.get("name"), "alternateName", warnings, language)
    number, best = _number_of(value.get("ratingValue"), "ratingValue", warnings)
    if not words:
        # Some publishers rate in numbers only; the number is then the publisher's word.
        words = read_text(value.get("ratingValue"), "ratingValue", Warnings())
        if not words:
            return None
    stated = _number_of(value.get("bestRating"), "bestRating", warnings)[0]
    worst = _number_of(value.get("worstRating"), "worstRating", warnings)[0]
    normalized = normalize_rating(words, language, site)
    if normalized is NormalizedRating.UNMAPPED:
        warnings.say(unmapped_note(words))
    return Rating(words, number, best if stated is None else stated, worst, normalized)


def unmapped_note(words: str) -> str:
    """The warning that nobody knows what rating words mean."""
    return f"the rating “{words[:60]}” is not mapped, so it decides nothing"


def _telling(ratings: Any, warnings: Warnings) -> Any:
    """Of several ratings the first one with words; a note says that others say something else."""
    listed = [rating for rating in ratings if rating] if isinstance(ratings, list) else [ratings]
    worded = [(one.get("alternateName") or one.get("name"), one) for one in listed if isinstance(one, Mapping)]
    worded = [(words, one) for words, one in worded if words]
    if any(words != worded[0][0] for words, _ in worded):
        warnings.say("reviewRating has several values; the first one with words is taken")
    return worded[0][1] if worded else listed[0] if listed else None


def _number_of(value: Any, name: str, warnings: Warnings) -> tuple[float | None, float | None]:
    """A number, and the best rating where the text names it: "1,5", "1/5", "1 von 5"."""
    value = first(value)
    if value is None or value == "":
        return None, None
    parts: list[Any] = [value]
    if isinstance(value, str):
        written = value.strip().replace("\u2212", "-")
        found = SCALE.fullmatch(written)
        parts = [part.replace(",", ".") for part in found.groups() if part] if found else [written]
    try:
        numbers = [math.nan if isinstance(part, bool) else float(part) for part in parts]
    except (ValueError, OverflowError, TypeError):
        numbers = [math.nan]
    if not all(math.isfinite(number) for number in numbers):
        warnings.say(f"{name} is not a number")
        return None, None
    return numbers[0], numbers[1] if len(numbers) > 1 else None


def _language(value: Any, warnings: Warnings) -> str | None:
    value = first(value)
    if isinstance(value, Mapping):
        value = value.get("alternateName") or value.get("name") or value.get("@value")
    value = first(value)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        if known := LANGUAGES.get(value.strip().lower()):
            return known
        if LANGUAGE_TAG.fullmatch(value.strip()):
            return value.strip().replace("_", "-").lower().split("-")[0]
    warnings.say("inLanguage is not a language tag")
    return None


def _date(value: Any, warnings: Warnings) -> date | None:
    value = first(value)
    if isinstance(value, Mapping):
        value = value.get("@value")
    if value is None or value == "":
        return None
    is_moment = isinstance(value, (str, int, float)) and not isinstance(value, bool)  # a number: seconds since 1970
    day = read_day(str(value)) if is_moment else None
    if day is None and len(days := possible_days(str(value))) > 1:
        warnings.say(
            f"datePublished may be {' or '.join(map(str, days))} and is left out: write it in one of these ways"
        )
    elif day is None:
        warnings.say("datePublished is not a date")
    return day
