"""What callers may send: one strict pydantic model a body or query. No type is guessed, no unknown field taken."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from index.models import NormalizedRating
from service.errors import AddressRefused, BadRequest, FieldProblem
from service.models import CheckRequest
from service.pipeline.addresses import clean_host, clean_url
from service.store.feedback import FeedbackKind, FeedbackStatus
from service.web.reading import TOO_LARGE

MAX_DOCUMENT_BYTES = 5_000_000
MAX_TEXT = 50_000
MAX_ADDRESS = 8192
MAX_WAIT_SECONDS = 30
DEFAULT_WAIT_SECONDS = 10


def _address(text: str) -> str:
    # Any http(s) address will do as a label; check_fetchable judges what the service is to ask for itself.
    if "\ufffd" in text:  # what reading makes of a lone surrogate
        raise PydanticCustomError("address", "The address contains a broken character. Copy it again.")
    try:
        host = clean_host(urlsplit(text.strip() if "://" in text else f"https://{text.strip()}").hostname or "")
        return clean_url(text, (host,))
    except (AddressRefused, ValueError) as refused:
        reason = str(refused) if isinstance(refused, AddressRefused) else "This is not a web address."
        raise PydanticCustomError("address", "{reason}", {"reason": reason}) from None


def _small_enough(text: str) -> str:
    if len(text) > MAX_DOCUMENT_BYTES or len(text.encode("utf-8", "replace")) > MAX_DOCUMENT_BYTES:
        raise PydanticCustomError(TOO_LARGE, "larger than 5,000,000 bytes")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "must not be empty")
    return text


def _without_nul(text: str) -> str:
    return text.replace("\0", "")


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise PydanticCustomError("day", "must be a date like 2021-05-03") from None


def _later(value: Any) -> None:
    if value is not None:
        raise PydanticCustomError("not_yet", "is not supported yet: leave it out")


Address = Annotated[str, Field(max_length=MAX_ADDRESS), AfterValidator(_address)]
Document = Annotated[str, AfterValidator(_small_enough)]
Text = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_without_nul)]
Line = Annotated[str, Field(max_length=2000), AfterValidator(_without_nul)]
Passage = Annotated[str, Field(max_length=20_000), AfterValidator(_without_nul)]
LanguageCode = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$"), AfterValidator(str.lower)
]
NotYet = Annotated[None, BeforeValidator(_later)]
Day = Annotated[date | None, BeforeValidator(_day)]


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
        if isinstance(data, dict) and isinstance(data.get("html"), str) and isinstance(data.get("url"), str):
            try:
                if len(_address(data["url"])) <= MAX_ADDRESS:
                    return data
            except PydanticCustomError:
                pass
            return {**data, "url": None}
        return data


class CheckBody(PageBody):
    """What to check: `url`, `text`, or `html` with the `url` that it came from."""

    url: Address | None = None
    text: Annotated[Document, AfterValidator(_not_blank)] | None = None
    html: Annotated[Document, AfterValidator(_not_blank)] | None = None
    language: LanguageCode | None = Field(None, description="The input's language, where it is known.")
    wait: float = Field(
        DEFAULT_WAIT_SECONDS, ge=0, le=MAX_WAIT_SECONDS, description="Seconds to wait for the result before a 202."
    )
    fresh: bool = Field(False, description="Check anew, whatever the store holds.")
    reference: Annotated[str, Field(max_length=500)] | None = Field(None, description="Yours; shown with the check.")
    policy: NotYet = None
    callback_url: NotYet = None

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        _exactly_one(self.url, self.text, self.html)
        return self

    def to_request(self) -> CheckRequest:
        """The same for the pipeline."""
        return CheckRequest(self.url, self.text, self.html, self.language, self.reference)


class ArticleBody(PageBody):
    """A page to read: `url`, or `html` with or without the `url` that it came from."""

    url: Address | None = None
    html: Document | None = None
    language: LanguageCode | None = None

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        _exactly_one(self.url, None, self.html)
        return self


class ClaimsBody(PageBody):
    """A text or page to read sentence by sentence."""

    url: Address | None = None
    text: Document | None = None
    html: Document | None = None
    language: LanguageCode | None = None

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        _exactly_one(self.url, self.text, self.html)
        return self


class MatchBody(Body):
    """Texts to look up among the verified statements."""

    texts: list[Text] = Field(min_length=1, max_length=64)
    limit: int = Field(10, ge=1, le=50, description="Matches a text.")
    rerank: bool = Field(True, description="Let the pair model order the best ones anew.")


class PairBody(Body):
    """A claim and a statement to be read together."""

    claim: Text
    statement: Text


class StanceBody(Body):
    """Pairs to judge."""

    pairs: list[PairBody] = Field(min_length=1, max_length=64)


class RatingBody(Body):
    """The publisher's own words and numbers; `normalized` is worked out and only read."""

    alternate_name: Annotated[Line, AfterValidator(_not_blank)]
    rating_value: float | None = None
    best_rating: float | None = None
    worst_rating: float | None = None
    normalized: NormalizedRating | None = Field(
        None, strict=False, description="Ignored: it follows from the words.", json_schema_extra={"readOnly": True}
    )


class PublisherBody(Body):
    """Who published a fact-check."""

    name: Line | None = None
    site: Line | None = None


class StatementBody(Body):
    """A verified statement as the API shows it; `id` is only read."""

    claim_reviewed: Annotated[Passage, AfterValidator(_not_blank)]
    url: Address
    rating: RatingBody
    publisher: PublisherBody = PublisherBody()
    language: LanguageCode | None = None
    headline: Line | None = None
    claimant: Line | None = None
    date_published: Day = None
    explanation: Passage | None = None
    cluster: Line | None = None
    license: Line | None = None
    id: str | None = Field(None, description="Ignored.", json_schema_extra={"readOnly": True})


class ImportUrlBody(Body):
    """Where to fetch ClaimReview from."""

    url: Address


class CheckQuery(Query):
    """What to show of a check."""

    include: Literal["text"] | None = None


class PageQuery(Query):
    """Whose newest check to show."""

    url: Address
    include: Literal["text"] | None = None


class FeedbackBody(Body):
    """What is wrong with a check; `claim` is the place in its list of claims, from 0."""

    kind: FeedbackKind = Field(strict=False)
    claim: int | None = Field(None, ge=0)
    comment: Annotated[str, Field(max_length=5000), AfterValidator(_without_nul)] | None = None


class DecisionBody(Body):
    """What was decided about feedback."""

    status: FeedbackStatus = Field(strict=False)
    note: Annotated[str, Field(max_length=5000), AfterValidator(_without_nul)] | None = None


class FeedbackQuery(Query):
    """Which feedback to list."""

    status: FeedbackStatus | None = None
    cursor: Annotated[str, Field(pattern=r"^\d{1,18}$")] | None = Field(None, description="From the page before.")
    limit: int = Field(50, ge=1, le=500)


class StatementsQuery(Query):
    """Which statements to list."""

    query: Annotated[str, Field(max_length=200)] | None = Field(None, description="Words that must all occur.")
    language: LanguageCode | None = None
    publisher: Annotated[str, Field(max_length=200)] | None = Field(None, description="Name or site.")
    rating: NormalizedRating | None = Field(None, description="The normalized rating.")
    cursor: Annotated[str, Field(pattern=r"^\d{1,18}$")] | None = Field(None, description="From the page before.")
    limit: int = Field(50, ge=1, le=500)


def check_fetchable(url: str | None, open_hosts: tuple[str, ...]) -> None:
    """Raises BadRequest where an address is none that the service may ask, as far as it shows without asking DNS."""
    try:
        if url is not None:
            clean_url(url, open_hosts)
    except AddressRefused as refused:
        raise BadRequest(str(refused), (FieldProblem("/url", str(refused)),)) from None


def _exactly_one(url: str | None, text: str | None, html: str | None) -> None:
    given = [text is not None, html is not None, url is not None and html is None]
    if sum(given) != 1:
        raise PydanticCustomError("one_input", "give exactly one of url, text, or html (with its url)")
