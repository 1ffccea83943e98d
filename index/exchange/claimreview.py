"""ClaimReview JSON-LD (schema.org) <-> Statement. The only file that knows camelCase, and how dirty real markup is.

Rejected is only what has no claim, no http(s) URL or no rating; any other bad field is dropped with a warning.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from index.exchange.ratings import normalize_rating
from index.models import Publisher, Rating, Statement

MAX_DEPTH = 40
MAX_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class ParsedReview:
    """One review as read: a statement, or the reason why there is none; `line` where the input has lines or items."""

    line: int | None
    statement: Statement | None
    rejection: str | None = None
    warnings: tuple[str, ...] = ()


def find_reviews(data: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Every ClaimReview object in a JSON value: alone, in an array, a @graph, or a DataFeed's items."""
    if depth > MAX_DEPTH:
        return
    if isinstance(data, list):
        for item in data:
            yield from find_reviews(item, depth + 1)
    elif isinstance(data, dict):
        if _has_type(data, "claimreview"):
            yield data
            return
        for name in ("@graph", "dataFeedElement", "item", "itemListElement", "mainEntity", "review", "hasPart"):
            if isinstance(data.get(name), list | dict):
                yield from find_reviews(data[name], depth + 1)


def read_review(review: Any, line: int | None = None) -> ParsedReview:
    """One ClaimReview object to a statement; whatever is wrong with it becomes a rejection or a warning."""
    if not isinstance(review, Mapping):
        return ParsedReview(line, None, "not a JSON object")
    warnings: list[str] = []
    claim = _text(review.get("claimReviewed"), "claimReviewed", warnings)
    if not claim:
        return ParsedReview(line, None, "claimReviewed is missing")
    url = _url(review.get("url")) or _url(review.get("mainEntityOfPage"))
    if not url:
        return ParsedReview(line, None, "url is missing or not an http(s) address")
    language = _language(review.get("inLanguage"), warnings)
    rating = _rating(review.get("reviewRating"), language, warnings)
    if rating is None:
        return ParsedReview(line, None, "reviewRating has no rating words and no rating value")
    author = _first(review.get("author")) or _first(review.get("publisher"))
    item = _first(review.get("itemReviewed"))
    statement = Statement(
        claim_reviewed=claim,
        url=url,
        rating=rating,
        publisher=_publisher(author, url, warnings),
        language=language,
        headline=_text(review.get("headline") or review.get("name"), "headline", warnings),
        claimant=_claimant(item, warnings),
        date_published=_date(review.get("datePublished"), warnings),
        explanation=_text(
            review.get("reviewBody") or _explanation(review.get("reviewRating")) or review.get("description"),
            "reviewBody",
            warnings,
        ),
        cluster=_text(review.get("identifier"), "identifier", warnings),
        license=_text(review.get("sdLicense") or review.get("license"), "license", warnings),
    )
    return ParsedReview(line, statement, None, tuple(warnings))


def statement_to_claimreview(statement: Statement) -> dict[str, Any]:
    """A statement as ClaimReview JSON-LD; read_review gives the same statement back (id and key aside)."""
    rating = {
        "@type": "Rating",
        "alternateName": statement.rating.alternate_name,
        "ratingValue": statement.rating.rating_value,
        "bestRating": statement.rating.best_rating,
        "worstRating": statement.rating.worst_rating,
    }
    author = {"@type": "Organization", "name": statement.publisher.name, "url": _site_url(statement)}
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
        "author": _filled(author),
        "itemReviewed": claimant if statement.claimant else None,
        "reviewRating": _filled(rating),
        "reviewBody": statement.explanation,
        "identifier": statement.cluster,
        "sdLicense": statement.license,
    }
    return _filled(review)


# ---------------------------------------------------------------- fields


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _site_url(statement: Statement) -> str | None:
    site = statement.publisher.site
    return f"https://{site}" if site and site != host_of(statement.url) else None


def _has_type(data: Mapping[str, Any], wanted: str) -> bool:
    given = data.get("@type", data.get("type"))
    names = given if isinstance(given, list) else [given]
    return any(isinstance(name, str) and name.rsplit("/", 1)[-1].lower() == wanted for name in names)


def _first(value: Any) -> Any:
    """Of a list the first useful item: markup often wraps single things in lists."""
    if isinstance(value, list):
        return next((item for item in value if item), None)
    return value


def _clean(text: str) -> str | None:
    text = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    text = re.sub(r"\s+", " ", text).strip()
    return text[:MAX_TEXT] or None


def _text(value: Any, name: str, warnings: list[str]) -> str | None:
    value = _first(value)
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("@value") or value.get("url")
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        warnings.append(f"{name} is not a text")
        return None
    return _clean(str(value))


def _url(value: Any) -> str | None:
    value = _first(value)
    if isinstance(value, Mapping):
        value = value.get("@id") or value.get("url")
    if not isinstance(value, str):
        return None
    url = _clean(value)
    try:
        parts = urlsplit(url or "")
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in (url or "")
    except ValueError:
        return None
    return url if usable else None


def host_of(url: str) -> str | None:
    """The host name of a URL, without `www.`."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _publisher(author: Any, url: str, warnings: list[str]) -> Publisher:
    site = host_of(url)
    if isinstance(author, Mapping):
        own = _url(author.get("url")) or _url(author.get("@id"))
        return Publisher(_text(author.get("name"), "author.name", warnings), host_of(own) if own else site)
    return Publisher(_text(author, "author", warnings), site)


def _claimant(item: Any, warnings: list[str]) -> str | None:
    if not isinstance(item, Mapping):
        return None
    author = _first(item.get("author")) or _first(item.get("creator"))
    return _text(author, "itemReviewed.author", warnings)


def _explanation(rating: Any) -> Any:
    rating = _first(rating)
    return rating.get("ratingExplanation") if isinstance(rating, Mapping) else None


def _rating(value: Any, language: str | None, warnings: list[str]) -> Rating | None:
    value = _first(value)
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        value = {"alternateName": value}
    if not isinstance(value, Mapping):
        return None
    words = _text(value.get("alternateName") or value.get("name"), "alternateName", warnings)
    numbers = {name: _number(value.get(name), name, warnings) for name in ("ratingValue", "bestRating", "worstRating")}
    if not words:
        # Some publishers rate in numbers only; the number is then the publisher's word.
        raw = _text(value.get("ratingValue"), "ratingValue", [])
        if not raw:
            return None
        words = raw
    return Rating(
        words, numbers["ratingValue"], numbers["bestRating"], numbers["worstRating"], normalize_rating(words, language)
    )


def _number(value: Any, name: str, warnings: list[str]) -> float | None:
    value = _first(value)
    if value is None or value == "":
        return None
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        warnings.append(f"{name} is not a number")
        return None
    return number


def _language(value: Any, warnings: list[str]) -> str | None:
    value = _first(value)
    if isinstance(value, Mapping):
        value = value.get("alternateName") or value.get("name")
    if value is None or value == "":
        return None
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", value.strip()):
        return value.strip().replace("_", "-").lower().split("-")[0]
    warnings.append("inLanguage is not a language tag")
    return None


def _date(value: Any, warnings: list[str]) -> date | None:
    value = _first(value)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        text = value.strip()
        for pattern in (r"\d{4}-\d{2}-\d{2}", r"\d{4}/\d{2}/\d{2}", r"\d{8}"):
            if found := re.match(pattern + r"(?!\d)", text):
                return _iso(found[0].replace("/", "-"), warnings)
        if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
            return _iso(f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}", warnings)
        for pattern in ("%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y"):
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - only the day is kept
            except ValueError:
                continue
        try:
            return parsedate_to_datetime(text).date()
        except (ValueError, IndexError, TypeError):
            pass
    warnings.append("datePublished is not a date")
    return None


def _iso(text: str, warnings: list[str]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        warnings.append("datePublished is not a date")
        return None
