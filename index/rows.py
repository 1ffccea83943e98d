"""Rows of the statement table to Statements and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from index.models import NormalizedRating, Publisher, Rating, Statement

Row = Mapping[Any, Any]


def to_columns(statement: Statement) -> dict[str, Any]:
    rating = {name: value for name, value in asdict(statement.rating).items() if name != "normalized"}
    return {
        **rating,
        "normalized": statement.rating.normalized.value,
        "claim_reviewed": statement.claim_reviewed,
        "language": statement.language,
        "url": statement.url,
        "headline": statement.headline,
        "publisher_name": statement.publisher.name,
        "publisher_site": statement.publisher.site,
        "claimant": statement.claimant,
        "date_published": statement.date_published.isoformat() if statement.date_published else None,
        "explanation": statement.explanation,
        "cluster": statement.cluster,
        "license": statement.license,
    }


def says_the_same(row: Row, statement: Statement) -> bool:
    """Whether a row holds just this content."""
    return all(row[name] == value for name, value in to_columns(statement).items())


def to_statement(row: Row) -> Statement:
    """A row as a statement."""
    published = row["date_published"]
    return Statement(
        id=row["id"],
        key=row["key"],
        claim_reviewed=row["claim_reviewed"],
        url=row["url"],
        language=row["language"],
        headline=row["headline"],
        publisher=Publisher(row["publisher_name"], row["publisher_site"]),
        claimant=row["claimant"],
        date_published=date.fromisoformat(published) if published else None,
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
    )


def from_version(version: Row, id: str, key: int) -> Statement:
    """An earlier version, as it was kept in JSON."""
    return to_statement({**version, "id": id, "key": key})


def aware(moment: datetime) -> datetime:
    """A moment with its time zone, which SQLite forgets."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
