"""/v1/coverage: how many statements there are of what, and how checks ended."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response
from pydantic import Field

from index.models import NormalizedRating
from index.store.counting import MOST_WORDS
from service.coverage import Coverage, measure_coverage, present_coverage
from service.models import VerdictCode
from service.sources import Health
from service.store.keys import Scope
from service.web.context import application
from service.web.crowd import computing
from service.web.operations import Operation, operation, reply
from service.web.replies import Shape

blueprint = Blueprint("coverage", __name__)


class PublisherCount(Shape):
    """How many statements a publisher has."""

    site: str | None
    name: str | None
    count: int


class LanguageCount(Shape):
    """How many statements are in a language."""

    language: str | None
    count: int


class RatingCount(Shape):
    """How many statements have a normalized rating."""

    rating: NormalizedRating
    count: int


class YearCount(Shape):
    """How many fact-checks were published in a year."""

    year: int | None
    count: int


class WordsCount(Shape):
    """How many statements bear rating words that are not mapped."""

    alternate_name: str
    count: int


class StatementCountsShape(Shape):
    """The statements, counted."""

    total: int
    publishers: list[PublisherCount]
    languages: list[LanguageCount]
    ratings: list[RatingCount]
    years: list[YearCount] = Field(description="The newest first; null: without a date.")
    unmapped: list[WordsCount] = Field(description=f"The {MOST_WORDS} most frequent ones.")
    unmapped_words: int = Field(description="How many different rating words are not mapped.")


class WeekShape(Shape):
    """The checks of seven days that ended and are still kept, whoever asked for them."""

    from_: datetime = Field(alias="from")
    checks: int
    verdicts: dict[VerdictCode, int]
    failed: int


class SourceHealthShape(Shape):
    """How a source is."""

    id: str
    name: str
    health: Health
    succeeded_at: datetime | None


class CoverageShape(Shape):
    """What there is, and what was asked."""

    at: datetime
    statements: StatementCountsShape
    asked: list[WeekShape] = Field(description="The last four weeks, the newest first.")
    sources: list[SourceHealthShape]


@blueprint.get("/v1/coverage")
@operation(
    Operation(
        "Count the statements by publisher, language, rating and year, and the checks by how they ended.",
        (Scope.WRITE,),
        {200: CoverageShape},
    )
)
def show_coverage() -> Response:
    """The figures."""
    return reply(present_coverage(count_all()))


def count_all() -> Coverage:
    """Count everything, in its turn. Raises ServiceBusy, TooManyRequests."""
    held = application()
    with computing():
        return measure_coverage(held.statements, held.checks, held.sources, held.clock.read().at)
