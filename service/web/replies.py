"""What callers get: one pydantic model a shape of API.md, for OpenAPI and for the tests of the presenters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from index.models import DifferenceKind, NormalizedRating, Stance
from service.models import CheckState

Share = float


class Shape(BaseModel):
    """A JSON object with exactly these members."""

    model_config = ConfigDict(extra="forbid")


class RatingShape(Shape):
    """The publisher's own words and numbers; only `normalized` is ours."""

    alternate_name: str
    rating_value: float | None
    best_rating: float | None
    worst_rating: float | None
    normalized: NormalizedRating


class PublisherShape(Shape):
    """Who published a fact-check."""

    name: str | None
    site: str | None


class CitationShape(Shape):
    """A link that a fact-check rests on."""

    url: str
    title: str | None


class StatementShape(Shape):
    """A verified statement."""

    id: str
    claim_reviewed: str
    language: str | None
    url: str
    headline: str | None
    publisher: PublisherShape
    author: str | None = Field(description="Who wrote the fact-check, if it names people besides the publisher.")
    claimant: str | None = Field(description="Who made the claim that was checked.")
    date_published: date | None
    explanation: str | None
    rating: RatingShape
    cluster: str | None
    license: str | None
    citations: list[CitationShape] = Field(description="What the fact-check rests on.")
    valid_from: date | None = Field(description="The first day (UTC) on which it matches anything.")
    valid_until: date | None = Field(description="The last one.")
    owner: str | None = Field(
        description="Who of this house keeps it right; null for statements of others. Own ones come first where they "
        "match."
    )
    warnings: list[str] = Field([], description="What was dropped from a posted ClaimReview.")


class StatementsShape(Shape):
    """A page of statements, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    statements: list[StatementShape]
    next_cursor: str | None


class ClusterShape(Shape):
    """Other statements that say the same as one, nearest first, at most 8."""

    statements: list[StatementShape]
    rated_alike: bool = Field(
        description="Whether all of them are rated alike; a rating that is not mapped says nothing."
    )


class MatchShape(Shape):
    """A statement that the search found. `is_match` is true if `confidence` reaches the threshold."""

    statement: StatementShape
    similarity: float
    confidence: Share
    is_match: bool


class DifferenceShape(Shape):
    """One way in which a claim departs from a statement, with the words on each side."""

    kind: DifferenceKind
    claim: str
    statement: str


class ProblemShape(Shape):
    """Why something could not be done."""

    type: str
    title: str = Field(description="The kind of problem, for people: in the language of Accept-Language.")
    detail: str = Field(
        description="What is wrong and what to do, for developers: always in English. It names fields, settings and "
        "commands. Show people the `title` instead, or the `summary` of a check."
    )
    code: str = Field(description="The kind of problem, as a code that never changes.")


class FieldProblemShape(Shape):
    """One bad field: a JSON pointer (RFC 6901) into the body, or the name of a query parameter after a slash."""

    pointer: str
    detail: str


class ErrorShape(ProblemShape):
    """A problem as an HTTP reply (RFC 9457)."""

    status: int
    errors: list[FieldProblemShape] = []


class ArticleShape(Shape):
    """A page's article; `text` is empty if there is none to read."""

    url: str | None
    canonical_url: str | None
    title: str | None
    author: str | None
    date_published: date | None
    site_name: str | None
    language: str | None
    is_whole: bool = Field(description="False if the page broke off while it was sent: only its beginning was read.")
    text: str


class SentenceShape(Shape):
    """A sentence and its check-worthiness."""

    text: str
    start: int
    end: int
    checkworthiness: Share
    is_claim: bool


class ClaimsShape(Shape):
    """Every sentence, in order."""

    language: str | None
    is_whole: bool = Field(description="False if the page broke off while it was sent: only its beginning was read.")
    sentences: list[SentenceShape]
    looked_at: int = Field(
        description="How many sentences were scored in full. In a very long text this is fewer than all; the others "
        "are then scored by their words alone. A text of more than 5,000 sentences is refused."
    )


class StancedShape(MatchShape):
    """A match with the stance of the text towards its statement."""

    stance: Stance
    stance_confidence: Share
    differences: list[DifferenceShape]


class MatchesShape(Shape):
    """One text's matches, best first; with stance and differences if that was asked for."""

    matches: list[MatchShape | StancedShape]


class MatchResultsShape(Shape):
    """One result for each text."""

    results: list[MatchesShape]


class ProbabilitiesShape(Shape):
    """The stance of a claim towards a statement: three probabilities that sum to 1."""

    supports: Share
    refutes: Share
    neutral: Share


class JudgementShape(Shape):
    """What the pair model says about one pair."""

    confidence: Share
    is_match: bool
    stance: Stance
    probabilities: ProbabilitiesShape
    differences: list[DifferenceShape]


class StanceResultsShape(Shape):
    """One result for each pair."""

    results: list[JudgementShape]


class NoteShape(Shape):
    """What is wrong with one review; `line` is its line, or its place counted from 1."""

    line: int | None
    reason: str


class ImportShape(Shape):
    """An import and its report; the first 1,000 rejections and warnings are shown."""

    id: str
    state: CheckState
    created_at: datetime
    finished_at: datetime | None
    url: str | None
    read: int = Field(description="Reviews read so far.")
    added: int
    updated: int
    unchanged: int
    rejected: list[NoteShape]
    rejected_count: int
    warnings: list[NoteShape]
    warnings_count: int
    searchable: bool = Field(description="Whether the index already holds it.")
    problem: ProblemShape | None


class IndexShape(Shape):
    """Which state of the statements was searched."""

    checkpoint: str
    statements: int


class HealthShape(Shape):
    """The process answers."""

    status: Literal["ok"]


class QueueShape(Shape):
    """How many jobs of all callers are waiting, and for how long the oldest has waited."""

    waiting: int
    oldest_seconds: float


class SearchedShape(IndexShape):
    """The index that answers. `behind` counts statements that have just changed and are not in it yet."""

    behind: int


class ReadyShape(Shape):
    """The index answers; it has been complete at least once."""

    status: Literal["ready"]
    index: SearchedShape
    queue: QueueShape
