"""What callers may send: one strict pydantic model a body or query. No type is guessed, no unknown field taken."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from index.models import NormalizedRating
from service.errors import AddressRefused, BadRequest, FieldProblem
from service.models import CheckRequest, VerdictCode
from service.pipeline.addresses import clean_url
from service.store.callbacks import DeliveryState
from service.store.feedback import FeedbackKind, FeedbackStatus
from service.web.fields import (
    Address,
    CallbackUrl,
    CheckCursor,
    Cursor,
    Day,
    Document,
    FullDocument,
    FullLine,
    FullPassage,
    LanguageCode,
    Line,
    Moment,
    Passage,
    Place,
    PolicyVersion,
    Reference,
    Text,
    Whole,
    is_address,
    one_input,
    without_nul,
)

MAX_WAIT_SECONDS = 30
DEFAULT_WAIT_SECONDS = 10


class Body(BaseModel):
    """A JSON body."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Query(BaseModel):
    """A query string: text, so numbers are read from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PageBody(Body):
    """A body that may supply a page's HTML, for which its address is only a label: one of another kind is left out."""

    @model_validator(mode="before")
    @classmethod
    def _usable_label(cls, data: Any) -> Any:
        supplied = isinstance(data, dict) and isinstance(data.get("html"), str)
        if supplied and isinstance(data.get("url"), str) and not is_address(data["url"]):
            return {**data, "url": None}
        return data


class ImageBody(Body):
    """Where a picture is to be fetched from."""

    url: Address


class CheckBody(PageBody):
    """What to check: `url`, `text`, `html` with the `url` that it came from, or the `image` at an address."""

    model_config = ConfigDict(json_schema_extra=one_input("url", "text", "html", "image"))

    url: Address | None = None
    text: FullDocument | None = None
    html: FullDocument | None = None
    image: ImageBody | None = None
    pictures: bool = Field(False, description="Also read the page's pictures, at most six; for `url` and `html`.")
    language: LanguageCode | None = Field(None, description="The language of the input, if known.")
    wait: float = Field(
        DEFAULT_WAIT_SECONDS,
        ge=0,
        le=MAX_WAIT_SECONDS,
        description="Seconds to wait for the result before answering 202.",
    )
    fresh: bool = Field(False, description="Check again, even if the store holds a recent check.")
    reference: Reference | None = Field(None, description="A note of your own, shown with the check.")
    policy: PolicyVersion | None = Field(None, description="The policy that says which action follows.")
    callback_url: CallbackUrl | None = None

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        exactly_one(self.url, self.text, self.html, self.image)
        return self

    def to_request(self, policy: str | None = None) -> CheckRequest:
        """The same for the pipeline; `policy` is the id of the version that is meant."""
        if self.image is not None:
            return CheckRequest(self.image.url, None, None, self.language, self.reference, policy, wants_picture=True)
        asked = CheckRequest(self.url, self.text, self.html, self.language, self.reference, policy)
        return replace(asked, reads_pictures=self.pictures and self.text is None)


class ArticleBody(PageBody):
    """A page to read: `url`, or `html` with or without the `url` that it came from."""

    model_config = ConfigDict(json_schema_extra=one_input("url", "html"))

    url: Address | None = None
    html: Document | None = None
    language: LanguageCode | None = None

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        exactly_one(self.url, None, self.html)
        return self


class ClaimsBody(PageBody):
    """A text or page to read sentence by sentence."""

    model_config = ConfigDict(json_schema_extra=one_input("url", "text", "html"))

    url: Address | None = None
    text: Document | None = None
    html: Document | None = None
    language: LanguageCode | None = None

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        exactly_one(self.url, self.text, self.html)
        return self


class MatchBody(Body):
    """Texts to look up among the verified statements."""

    texts: list[Text] = Field(min_length=1, max_length=64)
    limit: Whole = Field(10, ge=1, le=50, description="Most matches for each text.")
    rerank: bool = Field(True, description="Let the pair model reorder the best matches.")
    stance: bool = Field(False, description="Also give the stance of the text towards each match, and the differences.")


class PairBody(Body):
    """A claim and a statement to read together. Differences are looked for in the first 2,000 characters of each."""

    claim: Text
    statement: Text


class StanceBody(Body):
    """Pairs to judge."""

    pairs: list[PairBody] = Field(min_length=1, max_length=64)


class RatingBody(Body):
    """The publisher's own words and numbers; `normalized` is derived and read-only."""

    alternate_name: FullLine
    rating_value: float | None = None
    best_rating: float | None = None
    worst_rating: float | None = None
    normalized: NormalizedRating | None = Field(
        None, strict=False, description="Ignored: it is derived from the words.", json_schema_extra={"readOnly": True}
    )


class PublisherBody(Body):
    """Who published a fact-check."""

    name: Line | None = None
    site: Line | None = None


class CitationBody(Body):
    """A link that a fact-check rests on."""

    url: Address
    title: Line | None = None


class StatementBody(Body):
    """A verified statement as the API shows it; `id` is read-only."""

    claim_reviewed: FullPassage
    url: Address
    rating: RatingBody
    publisher: PublisherBody = PublisherBody()
    language: LanguageCode | None = None
    headline: Line | None = None
    author: Line | None = None
    claimant: Line | None = None
    date_published: Day = None
    explanation: Passage | None = None
    cluster: Line | None = None
    license: Line | None = None
    citations: list[CitationBody] = Field([], max_length=50)
    valid_from: Day = Field(None, description="The first day (UTC) on which it matches anything.")
    valid_until: Day = Field(None, description="The last one.")
    owner: Annotated[Line, Field(max_length=200)] | None = Field(
        None, description="Who of this house keeps it right: a desk or a person. Makes it an own statement."
    )
    reason: Line | None = Field(None, description="Why you write this: kept in the history, not in the statement.")
    id: str | None = Field(None, description="Ignored.", json_schema_extra={"readOnly": True})

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise PydanticCustomError("period", "valid_until must not be before valid_from")
        return self


class ImportUrlBody(Body):
    """Where to fetch ClaimReview from."""

    url: Address


class PairingBody(Body):
    """A name by which a person recognises the browser that asks."""

    name: Annotated[FullLine, Field(max_length=80)]


class CheckQuery(Query):
    """What to show of a check."""

    include: Literal["text"] | None = None


class ChecksQuery(Query):
    """Which checks to list; or, with `url` alone, of which page to show the newest check."""

    url: Address | None = Field(None, description="Show the newest finished check of this page, instead of a list.")
    reference: Reference | None = Field(None, description="Only checks with this note of your own.")
    verdict: VerdictCode | None = Field(None, description="Only checks with this verdict of the page.")
    from_: Moment = Field(None, alias="from", description="Only checks asked for at this time (RFC 3339) or later.")
    to: Moment = Field(None, description="Only checks asked for before this time (RFC 3339).")
    cursor: CheckCursor | None = None
    limit: int = Field(20, ge=1, le=100)
    include: Literal["text"] | None = None

    @property
    def narrows(self) -> set[str]:
        """The parameters of a list that were given, by the names that callers use."""
        return {name.rstrip("_") for name in self.model_fields_set} - {"url", "include"}


class DeliveriesQuery(Query):
    """Which webhooks to list."""

    state: DeliveryState | None = None
    cursor: CheckCursor | None = None
    limit: int = Field(50, ge=1, le=500)


class FeedbackBody(Body):
    """What is wrong with a check; `claim` is the position in its list of claims, from 0."""

    kind: FeedbackKind = Field(strict=False)
    claim: Place | None = None
    comment: Annotated[str, Field(max_length=5000), AfterValidator(without_nul)] | None = None


class DecisionBody(Body):
    """What was decided about feedback."""

    status: FeedbackStatus = Field(strict=False)
    note: Annotated[str, Field(max_length=5000), AfterValidator(without_nul)] | None = None


class FeedbackQuery(Query):
    """Which feedback to list."""

    status: FeedbackStatus | None = None
    cursor: Cursor | None = None
    limit: int = Field(50, ge=1, le=500)


class StatementsQuery(Query):
    """Which statements to list."""

    query: Annotated[str, Field(max_length=200)] | None = Field(
        None, description="Words that must all occur in the statement."
    )
    language: LanguageCode | None = None
    publisher: Annotated[str, Field(max_length=200)] | None = Field(None, description="The publisher's name or site.")
    rating: NormalizedRating | None = Field(None, description="The normalized rating.")
    own: bool = Field(False, description="Only statements that have an owner.")
    retired: bool = Field(False, description="Those that were taken out of use, instead.")
    cursor: Cursor | None = None
    limit: int = Field(50, ge=1, le=500)


class ReasonQuery(Query):
    """Why something is done."""

    reason: Line | None = Field(None, description="Why: kept in the history.")


class ReasonBody(Body):
    """Why something is done."""

    reason: Line | None = Field(None, description="Why: kept in the history.")


def check_fetchable(url: str | None, open_hosts: tuple[str, ...], place: str = "/url") -> None:
    """Raises BadRequest where an address is none that the service may ask, as far as it shows without asking DNS."""
    try:
        if url is not None:
            clean_url(url, open_hosts)
    except AddressRefused as refused:
        raise BadRequest(str(refused), (FieldProblem(place, str(refused)),)) from None


def exactly_one(url: str | None, text: str | None, html: str | None, image: ImageBody | None = None) -> None:
    """Raises PydanticCustomError unless one input was given; beside `html` an address is only a label."""
    given = [text is not None, html is not None, url is not None and html is None, image is not None]
    if sum(given) != 1:
        raise PydanticCustomError("one_input", "give exactly one of url, text, or html (with its url)")
