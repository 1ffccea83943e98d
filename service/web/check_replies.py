"""The shape of a check, as the API answers it and OpenAPI describes it."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field, RootModel

from service.actions import Action
from service.models import ArticleKind, CheckState, Hint, Mode, Shortfall, Stage, VerdictCode
from service.web.replies import IndexShape, ProblemShape, Shape, Share, StancedShape


class EvidenceShape(StancedShape):
    """A match with the stance of the claim towards its statement."""

    cluster: str | None = Field(
        description="The id of the first statement beside the claim that says the same; null where none other does."
    )


class CandidateShape(StancedShape):
    """A statement that fell short of a match."""

    shortfalls: list[Shortfall] = Field(description="Why it does not count as a match.")


class FeatureShape(Shape):
    """What a feature of a sentence adds to its check-worthiness."""

    name: str
    weight: float = Field(description="Weight in log odds.")


class ClaimVerdictShape(Shape):
    """Our conclusion about a claim."""

    code: VerdictCode
    confidence: Share
    headline: str


class VerdictShape(ClaimVerdictShape):
    """Our conclusion about a page. `language` is that of the headline, `claim` the deciding claim, from 0."""

    language: str
    claim: int | None


class NeighboursShape(Shape):
    """The words before and after a sentence that were searched together with it; very long ones are cut."""

    before: str
    after: str


class SearchShape(Shape):
    """A prepared search on the site of a fact-checker; nothing is sent there until somebody opens it."""

    name: str = Field(description="Whose site it searches, in the language of Accept-Language.")
    url: str


class ElsewhereShape(Shape):
    """Where else a claim without a match can be looked for."""

    words: str = Field(description="The words of the claim that are searched; they are part of each address.")
    searches: list[SearchShape]


class MomentShape(Shape):
    """When in a recording a sentence begins."""

    seconds: float
    clock: str = Field(description="As players show it: 1:23, or 1:02:03.")
    url: str | None = Field(description="The recording from that second on, if its player takes that from an address.")


class CheckedClaimShape(Shape):
    """A claim of the page. Offsets count code points in the article's text."""

    text: str
    start: int
    end: int
    boxes: list[list[list[float]]] | None = Field(
        description="Where a sentence stands in a picture, a box a line: four corners [x, y] in pixels of the upright "
        "picture, clockwise from the beginning of the upper edge. Null for what is in no picture."
    )
    moment: MomentShape | None = Field(description="Of subtitles and transcripts, when it is said; else null.")
    picture: int | None = Field(description="The picture of the page, from 0, that the sentence stands in; else null.")
    checkworthiness: Share
    features: list[FeatureShape] = Field(description="What decided the check-worthiness, the strongest first.")
    mode: Mode
    cue: str | None
    hints: list[Hint]
    query: str | None = Field(description="What was searched, if it differs from the sentence.")
    neighbours: NeighboursShape | None = Field(
        description="The text searched together with the sentence; null if there was none."
    )
    compared: int = Field(description="How many statements the search proposed.")
    verdict: ClaimVerdictShape
    evidence: list[EvidenceShape] = Field(
        description="Matches only; the one that decides comes first. If statements say the same in two languages, the "
        "one in the page's language comes first, else the one in the reader's language (Accept-Language)."
    )
    candidates: list[CandidateShape] = Field(
        description="The best statements that fell short of a match, at most three."
    )
    elsewhere: ElsewhereShape | None = Field(
        description="Prepared searches on other sites, by the language of the claim; null if it has a match."
    )


class ReviewShape(Shape):
    """The rating that a fact-check page gives itself."""

    claim_reviewed: str
    alternate_name: str
    url: str | None


class PictureShape(Shape):
    """The upright size of a picture in pixels; of one that moves, an animation, only the first frame is read."""

    width: int
    height: int
    moves: bool


class PagePictureShape(Shape):
    """A picture of a page that was looked at, and where its text stands in the article's."""

    url: str
    alt: str | None = Field(description="The page's alternative text, which stands for a picture without any.")
    start: int
    end: int = Field(description="The same as `start` if the picture says nothing, or what the page says already.")
    picture: PictureShape | None = Field(description="Null if nothing was recognised.")
    problem: str | None = Field(description="The code of what kept it from being read.")


class CheckedArticleShape(Shape):
    """What was checked; `text` only with ?include=text. Of a picture it is what was recognised."""

    kind: ArticleKind
    title: str | None
    author: str | None
    date_published: date | None
    site_name: str | None
    language: str | None
    is_whole: bool = Field(description="False if the page broke off while it was sent: only its beginning was read.")
    is_fact_check: bool
    review: ReviewShape | None
    picture: PictureShape | None
    pictures: list[PagePictureShape] = Field(description="Of a page whose pictures were read: at most six.")
    text: str | None = None


class ModelsShape(Shape):
    """The models and thresholds that made the result."""

    embedder: str
    pair: str
    thresholds: str = Field(description="The digest of all thresholds, as in `versions`.")
    min_confidence: float | None = Field(description="The confidence that a match needed.")


class WeighedModelsShape(Shape):
    """The models, and the SHA-256 of each file of weights that came with the program."""

    embedder: str
    pair: str
    weights: dict[str, str]


class ThresholdsShape(Shape):
    """Every number that decided, by group and name, and a digest of them all; older checks have only the digest."""

    digest: str
    values: dict[str, dict[str, float | str | list[float]]]


class VersionsShape(Shape):
    """What a check depends on, apart from its page. The same text under other versions is another check."""

    program: str | None = Field(description="The program's version; null in older checks, which did not record it.")
    index: str = Field(description="The state of the statements that was searched.")
    models: WeighedModelsShape
    thresholds: ThresholdsShape
    cues: dict[str, str] = Field(description="The SHA-256 of each word list that decides how a text is read.")
    negatives: str | None = Field(description="A digest of the negative list; null if it was empty.")


class CheckProblemShape(ProblemShape):
    """Why a check failed, and at which stage."""

    stage: Stage


class SummaryShape(Shape):
    """A check in words for people: `state` names the screen; `detail`, `advice` and `revised` may be empty."""

    state: str
    lead: str
    detail: str
    advice: str
    revised: str = Field(description="When it was checked, what it said then, and since when it says something else.")


class RevisionShape(Shape):
    """What a check said before it was judged anew, because a fact-check was added or changed."""

    concluded_at: datetime
    replaced_at: datetime
    verdict: VerdictShape | None
    action: Action | None


class AppliedPolicyShape(Shape):
    """The version of a policy that applies to a check, and what decided. `rule` and `claim` count from 0."""

    id: str
    rule: int | None = Field(description="The rule that applied; null if none did, or the check has not ended.")
    rule_name: str | None
    claim: int | None
    statement: str | None = Field(description="The id of the statement that the rule looked at.")
    rationale: str | None = Field(description="The reason, in words for people.")


class CheckShape(Shape):
    """A check, whatever its state. A failed one has `problem`, no verdict and no claims."""

    id: str
    state: CheckState
    stage: Stage | None
    created_at: datetime
    finished_at: datetime | None
    url: str | None
    canonical_url: str | None
    reference: str | None
    action: Action | None = Field(description="What the policy says to do, once the check has ended.")
    policy: AppliedPolicyShape | None
    article: CheckedArticleShape | None
    verdict: VerdictShape | None
    claims: list[CheckedClaimShape]
    sentences: int = Field(description="How many sentences the page or text has.")
    looked_at: int = Field(
        description="How many were looked at: in a very long text, the beginning and sentences spread over the rest."
    )
    index: IndexShape | None
    models: ModelsShape | None
    versions: VersionsShape | None
    times: dict[Stage, float] = Field(description="Seconds that each stage took.")
    revised_at: datetime | None = Field(description="When it was last judged anew; null if it never was.")
    revisions: list[RevisionShape] = Field(
        description="What it said before that, newest first: the first time, and the last 19 of the others."
    )
    problem: CheckProblemShape | None
    summary: SummaryShape


class ChecksShape(Shape):
    """A page of checks, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    checks: list[CheckShape]
    next_cursor: str | None


class FoundShape(RootModel[CheckShape | ChecksShape]):
    """The newest check of a page if one was asked for by `url`; a page of the caller's checks otherwise."""
