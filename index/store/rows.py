"""Rows of the statement table to Statements and back."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from index.models import Citation, NormalizedRating, Publisher, Rating, Statement

Row = Mapping[Any, Any]
Columns = dict[str, Any]

# Columns that versions kept before them do not name.
ADDED_LATER: Columns = {"author": None, "citations": None, "valid_from": None, "valid_until": None, "owner": None}


def to_columns(statement: Statement) -> Columns:
    """What the database keeps of a statement's content.

    NUL and lone surrogates, which no database takes alike, are dropped or replaced; numbers that are none become None.
    """
    rating, publisher, published = statement.rating, statement.publisher, statement.date_published
    texts = {
        "alternate_name": rating.alternate_name,
        "claim_reviewed": statement.claim_reviewed,
        "language": statement.language,
        "url": statement.url,
        "headline": statement.headline,
        "publisher_name": publisher.name,
        "publisher_site": publisher.site,
        "author": statement.author,
        "claimant": statement.claimant,
        "explanation": statement.explanation,
        "cluster": statement.cluster,
        "license": statement.license,
        "owner": statement.owner,
    }
    days = {"date_published": published, "valid_from": statement.valid_from, "valid_until": statement.valid_until}
    return {
        **{name: None if text is None else storable(text) for name, text in texts.items()},
        "rating_value": _finite(rating.rating_value),
        "best_rating": _finite(rating.best_rating),
        "worst_rating": _finite(rating.worst_rating),
        "normalized": rating.normalized.value,
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "citations": _cited(statement.citations),
    }


def storable(text: str) -> str:
    """A text that SQLite and PostgreSQL both take as it is."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def says_the_same(row: Row, columns: Columns) -> bool:
    """Whether a row is in use and holds just this content."""
    return row["deleted_at"] is None and all(row[name] == value for name, value in columns.items())


def to_statement(row: Row) -> Statement:
    """A row as a statement."""
    return Statement(
        id=row["id"],
        key=row["key"],
        claim_reviewed=row["claim_reviewed"],
        url=row["url"],
        language=row["language"],
        headline=row["headline"],
        publisher=Publisher(row["publisher_name"], row["publisher_site"]),
        author=row["author"],
        claimant=row["claimant"],
        date_published=_day(row["date_published"]),
        explanation=row["explanation"],
        rating=Rating(
            row["alternate_name"],
            row["rating_value"],
            row["best_rating"],
            row["worst_rating"],
            NormalizedRating(row["normalized"]),
        ),
        cluster=row["cluster"],
        license=row["license"],
        citations=tuple(Citation(each["url"], each["title"]) for each in row["citations"] or ()),
        valid_from=_day(row["valid_from"]),
        valid_until=_day(row["valid_until"]),
        owner=row["owner"],
    )


def tag_of(statement: Statement) -> str:
    """Names just this content of a statement: what says something else has another tag."""
    said = json.dumps([statement.id, to_columns(statement)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def from_version(version: Row, id: str, key: int) -> Statement:
    """An earlier version, as it was kept in JSON."""
    return to_statement({**ADDED_LATER, **version, "id": id, "key": key})


def aware(moment: datetime) -> datetime:
    """A moment with its time zone, which SQLite forgets."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _cited(citations: Sequence[Citation]) -> list[dict[str, str | None]] | None:
    titles = ((each, None if each.title is None else storable(each.title)) for each in citations)
    return [{"url": storable(each.url), "title": title} for each, title in titles] or None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _finite(number: float | None) -> float | None:
    return float(number) if number is not None and abs(number) <= sys.float_info.max else None


def rated_otherwise(version: dict[str, Any], now: Row) -> bool:
    """Whether an earlier version of a row had another rating."""
    # Words may be spelled anew without another meaning; where nobody mapped them, they are all there is to compare.
    # And we may have learned what they mean, which changes nothing in what the publisher said.
    if version["alternate_name"].casefold() == now["alternate_name"].casefold():
        return False
    return bool(version["normalized"] != now["normalized"] or now["normalized"] == NormalizedRating.UNMAPPED)


def fingerprint(statement: Statement) -> str:
    """Recognises a statement on import: SHA-256 of the review's URL and the claim, case and spaces folded."""
    claim = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", statement.claim_reviewed)).strip().casefold()
    return hashlib.sha256(json.dumps([statement.url.strip(), claim]).encode()).hexdigest()
