"""What the service takes and gives, as pydantic models. Written by `make client` from the OpenAPI document.

A reply may have more members than these, and a code more values: neither is an error.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gegencheck_client.codes import Code


class Action(Code):
    """What the caller should do with the check."""

    ALLOW = "allow"
    REVIEW = "review"
    FLAG = "flag"


class AppliedPolicy(BaseModel):
    """The version of a policy that applies to a check, and what decided. `rule` and `claim` count from 0."""

    id: str
    rule: int | None
    """The rule that applied; null if none did, or the check has not ended."""
    rule_name: str | None
    claim: int | None
    statement: str | None
    """The id of the statement that the rule looked at."""
    rationale: str | None
    """The reason, in words for people."""


class Article(BaseModel):
    """A page's article; `text` is empty if there is none to read."""

    url: str | None
    canonical_url: str | None
    title: str | None
    author: str | None
    date_published: date | None
    site_name: str | None
    language: str | None
    text: str


class ArticleBody(BaseModel):
    """A page to read: `url`, or `html` with or without the `url` that it came from."""

    model_config = ConfigDict(
        extra="forbid",
    )
    url: str | None = None
    """An http or https address; https is added to a bare host name."""
    html: str | None = None
    """At most 5,000,000 bytes in UTF-8."""
    language: str | None = None


class BatchCounts(BaseModel):
    """How many items there are, in all and in each state."""

    total: int
    queued: int
    running: int
    finished: int
    failed: int
    cancelled: int


class BatchItemBody(BaseModel):
    """What to check in one item: `url` or `text`."""

    model_config = ConfigDict(
        extra="forbid",
    )
    url: str | None = None
    """An http or https address. If it cannot be checked, only its item fails."""
    text: str | None = None
    """At most 5,000,000 bytes in UTF-8."""
    reference: str | None = None
    """A note of your own, shown with the item and its check."""


class CheckBody(BaseModel):
    """What to check: `url`, `text`, or `html` with the `url` that it came from."""

    model_config = ConfigDict(
        extra="forbid",
    )
    url: str | None = None
    """An http or https address; https is added to a bare host name."""
    text: str | None = None
    """At most 5,000,000 bytes in UTF-8; not blank."""
    html: str | None = None
    """At most 5,000,000 bytes in UTF-8; not blank."""
    language: str | None = None
    """The language of the input, if known."""
    wait: float = 10
    """Seconds to wait for the result before answering 202."""
    fresh: bool = False
    """Check again, even if the store holds a recent check."""
    reference: str | None = None
    """A note of your own, shown with the check."""
    policy: str | None = None
    """The policy that says which action follows."""
    callback_url: str | None = None


class CheckState(Code):
    """Where a check stands."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class ClaimsBody(BaseModel):
    """A text or page to read sentence by sentence."""

    model_config = ConfigDict(
        extra="forbid",
    )
    url: str | None = None
    """An http or https address; https is added to a bare host name."""
    text: str | None = None
    """At most 5,000,000 bytes in UTF-8."""
    html: str | None = None
    """At most 5,000,000 bytes in UTF-8."""
    language: str | None = None


class DeliveryState(Code):
    """Where a delivery stands. A dead one is not tried again unless somebody asks for it."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


class DifferenceKind(Code):
    """The ways in which two similar sentences can still say different things."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    ATTRIBUTION = "attribution"
    EXTENT = "extent"
    CAUSATION = "causation"


class Event(Code):
    """What a webhook tells of."""

    CHECK_FINISHED = "check.finished"
    CHECK_FAILED = "check.failed"
    CHECK_REVISED = "check.revised"
    BATCH_FINISHED = "batch.finished"
    IMPORT_FINISHED = "import.finished"


class Feature(BaseModel):
    """What a feature of a sentence adds to its check-worthiness."""

    name: str
    weight: float
    """Weight in log odds."""


class FeedbackKind(Code):
    """What somebody thinks is wrong."""

    WRONG_MATCH = "wrong_match"
    WRONG_STANCE = "wrong_stance"
    MISSING_CLAIM = "missing_claim"
    OTHER = "other"


class FeedbackStatus(Code):
    """What was decided about it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class FieldProblem(BaseModel):
    """One bad field: a JSON pointer (RFC 6901) into the body, or the name of a query parameter after a slash."""

    pointer: str
    detail: str


class Hint(Code):
    """What a reader should know beside a claim; its wording is in the catalogues."""

    OLD_ARTICLE = "old_article"
    OPINION = "opinion"
    NOT_SEARCHED = "not_searched"
    OLDER_STATEMENT = "older_statement"
    RATING_REVISED = "rating_revised"
    SUGGESTION = "suggestion"


class ImportUrlBody(BaseModel):
    """Where to fetch ClaimReview from."""

    model_config = ConfigDict(
        extra="forbid",
    )
    url: str
    """An http or https address; https is added to a bare host name."""


class Index(BaseModel):
    """Which state of the statements was searched."""

    checkpoint: str
    statements: int


class ItemProblem(BaseModel):
    """Why an item failed; `stage` is null if it was refused before anything was checked."""

    type: str
    title: str
    """The kind of problem, for people: in the language of Accept-Language."""
    detail: str
    """What is wrong and what to do, for developers: always in English. It names fields, settings and commands. Show people the `title` instead, or the `summary` of a check."""
    code: str
    """The kind of problem, as a code that never changes."""
    stage: str | None


class ItemState(Code):
    """Where an item of a batch stands. The last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MatchBody(BaseModel):
    """Texts to look up among the verified statements."""

    model_config = ConfigDict(
        extra="forbid",
    )
    texts: list[str]
    limit: int = 10
    """Most matches for each text."""
    rerank: bool = True
    """Let the pair model reorder the best matches."""
    stance: bool = False
    """Also give the stance of the text towards each match, and the differences."""


class Mode(Code):
    """How a page puts a claim."""

    ASSERTED = "asserted"
    DENIED = "denied"
    REPORTED = "reported"
    QUOTED = "quoted"
    ASKED = "asked"


class Models(BaseModel):
    """The models and thresholds that made the result."""

    embedder: str
    pair: str
    thresholds: str
    """The digest of all thresholds, as in `versions`."""
    min_confidence: float | None
    """The confidence that a match needed."""


class Negative(BaseModel):
    """An entry of the negative list. `feedback` is the id of the accepted feedback that it comes from, if any."""

    id: str
    text: str
    statement: str
    created_at: datetime
    note: str | None
    feedback: str | None


class NegativeBody(BaseModel):
    """A text that must not match a statement. A text that is nearly the same will not match it either."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str
    statement: str
    """The id of the statement."""
    note: str | None = None


class Negatives(BaseModel):
    """A page of the negative list, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    negatives: list[Negative]
    next_cursor: str | None


class Neighbours(BaseModel):
    """The words before and after a sentence that were searched together with it; very long ones are cut."""

    before: str
    after: str


class NormalizedRating(Code):
    """Our reading of a publisher's rating. Words that nobody mapped are `unmapped`; nothing is guessed."""

    FALSE = "false"
    MOSTLY_FALSE = "mostly_false"
    MIXED = "mixed"
    MISSING_CONTEXT = "missing_context"
    MOSTLY_TRUE = "mostly_true"
    TRUE = "true"
    SATIRE = "satire"
    ALTERED_MEDIA = "altered_media"
    UNPROVEN = "unproven"
    UNMAPPED = "unmapped"


class Note(BaseModel):
    """What is wrong with one review; `line` is its line, or its place counted from 1."""

    line: int | None
    reason: str


class PairBody(BaseModel):
    """A claim and a statement to read together. Differences are looked for in the first 2,000 characters of each."""

    model_config = ConfigDict(
        extra="forbid",
    )
    claim: str
    statement: str


class Probabilities(BaseModel):
    """The stance of a claim towards a statement: three probabilities that sum to 1."""

    supports: float
    refutes: float
    neutral: float


class Problem(BaseModel):
    """Why something could not be done."""

    type: str
    title: str
    """The kind of problem, for people: in the language of Accept-Language."""
    detail: str
    """What is wrong and what to do, for developers: always in English. It names fields, settings and commands. Show people the `title` instead, or the `summary` of a check."""
    code: str
    """The kind of problem, as a code that never changes."""


class Publisher(BaseModel):
    """Who published a fact-check."""

    name: str | None
    site: str | None


class PublisherBody(BaseModel):
    """Who published a fact-check."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: str | None = None
    site: str | None = None


class Queue(BaseModel):
    """How many jobs of all callers are waiting, and for how long the oldest has waited."""

    waiting: int
    oldest_seconds: float


class Rating(BaseModel):
    """The publisher's own words and numbers; only `normalized` is ours."""

    alternate_name: str
    rating_value: float | None
    best_rating: float | None
    worst_rating: float | None
    normalized: NormalizedRating


class RatingBody(BaseModel):
    """The publisher's own words and numbers; `normalized` is derived and read-only."""

    model_config = ConfigDict(
        extra="forbid",
    )
    alternate_name: str
    rating_value: float | None = None
    best_rating: float | None = None
    worst_rating: float | None = None
    normalized: NormalizedRating | None = None
    """Ignored: it is derived from the words."""


class RatingUse(BaseModel):
    """Rating words of the file, how they are understood, and how many statements have them."""

    words: str
    normalized: NormalizedRating
    count: int


class Reasons(BaseModel):
    """A decision in the fields of the EU's transparency database (DSA, version 2). `puid` is the id of the check."""

    puid: str
    decision_visibility: list[str]
    decision_visibility_other: str
    decision_ground: str
    incompatible_content_ground: str
    incompatible_content_explanation: str
    incompatible_content_illegal: str
    category: str
    category_specification: list[str]
    content_type: list[str]
    content_language: str | None
    content_date: date
    application_date: date
    decision_facts: str
    source_type: str
    automated_detection: str
    automated_decision: str


class Review(BaseModel):
    """The rating that a fact-check page gives itself."""

    claim_reviewed: str
    alternate_name: str
    url: str | None


class Search(BaseModel):
    """A prepared search on the site of a fact-checker; nothing is sent there until somebody opens it."""

    name: str
    """Whose site it searches, in the language of Accept-Language."""
    url: str


class Searched(BaseModel):
    """The index that answers. `behind` counts statements that have just changed and are not in it yet."""

    checkpoint: str
    statements: int
    behind: int


class Sentence(BaseModel):
    """A sentence and its check-worthiness."""

    text: str
    start: int
    end: int
    checkworthiness: float
    is_claim: bool


class Shortfall(Code):
    """Why a candidate is no evidence."""

    CONFIDENCE = "confidence"
    SHORT = "short"
    DIFFERENCE = "difference"


class Stage(Code):
    """The stages of a check, in their order."""

    FETCH = "fetch"
    ARTICLE = "article"
    SENTENCES = "sentences"
    CLAIMS = "claims"
    EVIDENCE = "evidence"
    STANCE = "stance"
    VERDICT = "verdict"


class Stance(Code):
    """What a claim says about a statement."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    NEUTRAL = "neutral"


class StanceBody(BaseModel):
    """Pairs to judge."""

    model_config = ConfigDict(
        extra="forbid",
    )
    pairs: list[PairBody]


class Statement(BaseModel):
    """A verified statement."""

    id: str
    claim_reviewed: str
    language: str | None
    url: str
    headline: str | None
    publisher: Publisher
    author: str | None
    """Who wrote the fact-check, if it names people besides the publisher."""
    claimant: str | None
    """Who made the claim that was checked."""
    date_published: date | None
    explanation: str | None
    rating: Rating
    cluster: str | None
    license: str | None
    warnings: list[str] = []
    """What was dropped from a posted ClaimReview."""


class StatementBody(BaseModel):
    """A verified statement as the API shows it; `id` is read-only."""

    model_config = ConfigDict(
        extra="forbid",
    )
    claim_reviewed: str
    url: str
    """An http or https address; https is added to a bare host name."""
    rating: RatingBody
    publisher: PublisherBody | None = None
    language: str | None = None
    headline: str | None = None
    author: str | None = None
    claimant: str | None = None
    date_published: date | None = None
    explanation: str | None = None
    cluster: str | None = None
    license: str | None = None
    id: str | None = None
    """Ignored."""


class Statements(BaseModel):
    """A page of statements, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    statements: list[Statement]
    next_cursor: str | None


class Summary(BaseModel):
    """A check in words for people: `state` names the screen; `detail`, `advice` and `revised` may be empty."""

    state: str
    lead: str
    detail: str
    advice: str
    revised: str
    """When it was checked, what it said then, and since when it says something else."""


class Thresholds(BaseModel):
    """Every number that decided, by group and name, and a digest of them all; older checks have only the digest."""

    digest: str
    values: dict[str, dict[str, float | str | list[float]]]


class VerdictCode(Code):
    """Our conclusion. The first four are AVeriTeC's (Schlichtkrull et al. 2023); the last two are for pages."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    CONFLICTING_EVIDENCE = "conflicting_evidence"
    FACT_CHECK_FOUND = "fact_check_found"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    MENTIONS_REFUTED = "mentions_refuted"
    NOTHING_TO_CHECK = "nothing_to_check"


class WeighedModels(BaseModel):
    """The models, and the SHA-256 of each file of weights that came with the program."""

    embedder: str
    pair: str
    weights: dict[str, str]


class AllReasons(BaseModel):
    """A page of decisions, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    statements: list[Reasons]
    next_cursor: str | None


class Batch(BaseModel):
    """A batch. It is finished once each of its items is finished, failed or cancelled."""

    id: str
    state: CheckState
    created_at: datetime
    finished_at: datetime | None
    counts: BatchCounts


class BatchBody(BaseModel):
    """Pages and texts to check, in your order."""

    model_config = ConfigDict(
        extra="forbid",
    )
    items: list[BatchItemBody]
    policy: str | None = None
    """The policy that says which action follows for each item."""
    callback_url: str | None = None


class CheckProblem(BaseModel):
    """Why a check failed, and at which stage."""

    type: str
    title: str
    """The kind of problem, for people: in the language of Accept-Language."""
    detail: str
    """What is wrong and what to do, for developers: always in English. It names fields, settings and commands. Show people the `title` instead, or the `summary` of a check."""
    code: str
    """The kind of problem, as a code that never changes."""
    stage: Stage


class CheckedArticle(BaseModel):
    """What was checked; `text` only with ?include=text."""

    title: str | None
    author: str | None
    date_published: date | None
    site_name: str | None
    language: str | None
    is_fact_check: bool
    review: Review | None
    text: str | None = None


class ClaimVerdict(BaseModel):
    """Our conclusion about a claim."""

    code: VerdictCode
    confidence: float
    headline: str


class Claims(BaseModel):
    """Every sentence, in order."""

    language: str | None
    sentences: list[Sentence]
    looked_at: int
    """How many sentences were scored in full. In a very long text this is fewer than all; the others are then scored by their words alone. A text of more than 5,000 sentences is refused."""


class DecisionBody(BaseModel):
    """What was decided about feedback."""

    model_config = ConfigDict(
        extra="forbid",
    )
    status: FeedbackStatus
    note: str | None = None


class Delivery(BaseModel):
    """One webhook. `status` is what the receiver answered last; a dead one is not tried again by itself."""

    id: str
    """The webhook-id, the same at each try."""
    type: Event
    subject: str
    """The id of the check, batch or import that it is about."""
    url: str
    state: DeliveryState
    created_at: datetime
    tries: int
    tried_at: datetime | None
    status: int | None
    problem: str | None


class Difference(BaseModel):
    """One way in which a claim departs from a statement, with the words on each side."""

    kind: DifferenceKind
    claim: str
    statement: str


class Elsewhere(BaseModel):
    """Where else a claim without a match can be looked for."""

    words: str
    """The words of the claim that are searched; they are part of each address."""
    searches: list[Search]


class Error(BaseModel):
    """A problem as an HTTP reply (RFC 9457)."""

    type: str
    title: str
    """The kind of problem, for people: in the language of Accept-Language."""
    detail: str
    """What is wrong and what to do, for developers: always in English. It names fields, settings and commands. Show people the `title` instead, or the `summary` of a check."""
    code: str
    """The kind of problem, as a code that never changes."""
    status: int
    errors: Annotated[list[FieldProblem], Field(validate_default=True)] = []


class Evidence(BaseModel):
    """A match with the stance of the claim towards its statement."""

    statement: Statement
    similarity: float
    confidence: float
    is_match: bool
    stance: Stance
    stance_confidence: float
    differences: list[Difference]


class Feedback(BaseModel):
    """What somebody said about a check, and what was decided."""

    id: str
    check: str
    kind: FeedbackKind
    claim: int | None
    comment: str | None
    created_at: datetime
    status: FeedbackStatus
    note: str | None
    decided_at: datetime | None


class FeedbackBody(BaseModel):
    """What is wrong with a check; `claim` is the position in its list of claims, from 0."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: FeedbackKind
    claim: int | None = None
    comment: str | None = None


class FeedbackList(BaseModel):
    """A page of feedback, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    feedback: list[Feedback]
    next_cursor: str | None


class Import(BaseModel):
    """An import and its report; the first 1,000 rejections and warnings are shown."""

    id: str
    state: CheckState
    created_at: datetime
    finished_at: datetime | None
    url: str | None
    read: int
    """Reviews read so far."""
    added: int
    updated: int
    unchanged: int
    rejected: list[Note]
    rejected_count: int
    warnings: list[Note]
    warnings_count: int
    searchable: bool
    """Whether the index already holds it."""
    problem: Problem | None


class Judgement(BaseModel):
    """What the pair model says about one pair."""

    confidence: float
    is_match: bool
    stance: Stance
    probabilities: Probabilities
    differences: list[Difference]


class Match(BaseModel):
    """A statement that the search found. `is_match` is true if `confidence` reaches the threshold."""

    statement: Statement
    similarity: float
    confidence: float
    is_match: bool


class Outcome(BaseModel):
    """The verdict of a check, and what follows from it by the policy."""

    verdict: VerdictCode
    action: Action | None
    rule: int | None


class PreviewRow(BaseModel):
    """A statement as it would be stored, and its line."""

    line: int | None
    statement: Statement


class Ready(BaseModel):
    """The index answers; it has been complete at least once."""

    status: Literal["ready"]
    index: Searched
    queue: Queue


class ReplayBody(BaseModel):
    """Which of your checks to judge again, and under which policy or threshold. Nothing is changed."""

    model_config = ConfigDict(
        extra="forbid",
    )
    policy: str | None = None
    """The policy to use; if left out, that of each check."""
    min_confidence: float | None = None
    """The confidence that a match of one text needs; pages with many claims need more."""
    reference: str | None = None
    verdict: VerdictCode | None = None
    """Only checks with this verdict of the page."""
    from_: Annotated[datetime | None, Field(alias="from")] = None
    """Only checks asked for at this time (RFC 3339) or later."""
    to: datetime | None = None
    """Only checks asked for before this time (RFC 3339)."""
    cursor: str | None = None
    limit: int = 100


class Rule(BaseModel):
    """A rule of a policy. A condition with an empty list is met by every claim."""

    action: Action
    name: str | None
    verdicts: list[VerdictCode]
    modes: list[Mode]
    ratings: list[NormalizedRating]
    publishers: list[str]
    languages: list[str]
    min_confidence: float


class RuleBody(BaseModel):
    """Conditions that a claim must meet, and the action that follows. An empty list is met by every claim."""

    model_config = ConfigDict(
        extra="forbid",
    )
    action: Action
    name: str | None = None
    verdicts: list[VerdictCode] = [VerdictCode.REFUTED]
    """Verdicts of the claim. If left out: only `refuted`, so that the rule does not apply to a page that denies a false statement."""
    modes: list[Mode] = [Mode.ASSERTED, Mode.DENIED]
    """How the page puts the claim. If left out: only what it says in its own words."""
    ratings: list[NormalizedRating] = []
    """Normalized ratings of the statement that decides."""
    publishers: list[str] = []
    """Names or sites of publishers; a site includes its subdomains."""
    languages: list[str] = []
    """Languages of the page, without regions."""
    min_confidence: float = 0.0
    """Least confidence of the match."""


class StanceResults(BaseModel):
    """One result for each pair."""

    results: list[Judgement]


class Stanced(BaseModel):
    """A match with the stance of the text towards its statement."""

    statement: Statement
    similarity: float
    confidence: float
    is_match: bool
    stance: Stance
    stance_confidence: float
    differences: list[Difference]


class Verdict(BaseModel):
    """Our conclusion about a page. `language` is that of the headline, `claim` the deciding claim, from 0."""

    code: VerdictCode
    confidence: float
    headline: str
    language: str
    claim: int | None


class Versions(BaseModel):
    """What a check depends on, apart from its page. The same text under other versions is another check."""

    program: str | None
    """The program's version; null in older checks, which did not record it."""
    index: str
    """The state of the statements that was searched."""
    models: WeighedModels
    thresholds: Thresholds
    cues: dict[str, str]
    """The SHA-256 of each word list that decides how a text is read."""
    negatives: str | None
    """A digest of the negative list; null if it was empty."""


class Candidate(BaseModel):
    """A statement that fell short of a match."""

    statement: Statement
    similarity: float
    confidence: float
    is_match: bool
    stance: Stance
    stance_confidence: float
    differences: list[Difference]
    shortfalls: list[Shortfall]
    """Why it does not count as a match."""


class CheckedClaim(BaseModel):
    """A claim of the page. Offsets count code points in the article's text."""

    text: str
    start: int
    end: int
    checkworthiness: float
    features: list[Feature]
    """What decided the check-worthiness, the strongest first."""
    mode: Mode
    cue: str | None
    hints: list[Hint]
    query: str | None
    """What was searched, if it differs from the sentence."""
    neighbours: Neighbours | None
    """The text searched together with the sentence; null if there was none."""
    compared: int
    """How many statements the search proposed."""
    verdict: ClaimVerdict
    evidence: list[Evidence]
    """Matches only; the one that decides comes first. If statements say the same in two languages, the one in the page's language comes first, else the one in the reader's language (Accept-Language)."""
    candidates: list[Candidate]
    """The best statements that fell short of a match, at most three."""
    elsewhere: Elsewhere | None
    """Prepared searches on other sites, by the language of the claim; null if it has a match."""


class Deliveries(BaseModel):
    """A page of deliveries, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    deliveries: list[Delivery]
    next_cursor: str | None


class Flip(BaseModel):
    """A check that would have a different result."""

    check: str
    reference: str | None
    url: str | None
    before: Outcome
    after: Outcome


class Matches(BaseModel):
    """One text's matches, best first; with stance and differences if that was asked for."""

    matches: list[Match | Stanced]


class Policy(BaseModel):
    """A version of a policy. It never changes; `id` names it, and `name` alone the newest one."""

    id: str
    name: str
    version: int
    created_at: datetime
    rules: list[Rule]
    otherwise: Action
    failed: Action


class PolicyBody(BaseModel):
    """A new version of a policy. The first rule that a claim meets decides."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: str
    rules: list[RuleBody]
    otherwise: Action
    """The action if no rule applies."""
    failed: Action = Action.REVIEW
    """The action if the check fails."""


class Preview(BaseModel):
    """What an import would say; the first 1,000 rejections and warnings are shown."""

    usable: int
    """How many rows can be read as statements."""
    first: list[PreviewRow]
    """The first 5 of them."""
    ratings: list[RatingUse]
    """The rating words, the most frequent first."""
    rejected: list[Note]
    rejected_count: int
    warnings: list[Note]
    warnings_count: int
    problem: Problem | None
    """Why nothing can be read at all."""


class Replay(BaseModel):
    """What would change on a page of checks, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    replayed: int
    """Finished checks that were judged again."""
    skipped: int
    """Checks that have no result, or were made by a version of the program with other thresholds."""
    flips: list[Flip]
    next_cursor: str | None


class Revision(BaseModel):
    """What a check said before it was judged anew, because a fact-check was added or changed."""

    concluded_at: datetime
    replaced_at: datetime
    verdict: Verdict | None
    action: Action | None


class Check(BaseModel):
    """A check, whatever its state. A failed one has `problem`, no verdict and no claims."""

    id: str
    state: CheckState
    stage: Stage | None
    created_at: datetime
    finished_at: datetime | None
    url: str | None
    canonical_url: str | None
    reference: str | None
    action: Action | None
    """What the policy says to do, once the check has ended."""
    policy: AppliedPolicy | None
    article: CheckedArticle | None
    verdict: Verdict | None
    claims: list[CheckedClaim]
    sentences: int
    """How many sentences the page or text has."""
    looked_at: int
    """How many were looked at: in a very long text, the beginning and sentences spread over the rest."""
    index: Index | None
    models: Models | None
    versions: Versions | None
    times: dict[Stage, float]
    """Seconds that each stage took."""
    revised_at: datetime | None
    """When it was last judged anew; null if it never was."""
    revisions: list[Revision]
    """What it said before that, newest first: the first time, and the last 19 of the others."""
    problem: CheckProblem | None
    summary: Summary


class Checks(BaseModel):
    """A page of checks, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    checks: list[Check]
    next_cursor: str | None


class MatchResults(BaseModel):
    """One result for each text."""

    results: list[Matches]


class Policies(BaseModel):
    """All versions of all policies, by name, the newest first."""

    policies: list[Policy]


class BatchItem(BaseModel):
    """An item; `place` counts from 0. `check` is null if it was refused or cancelled, or if the check was deleted."""

    place: int
    state: ItemState
    url: str | None
    """The address as it was sent."""
    reference: str | None
    problem: ItemProblem | None
    check: Check | None


class BatchItems(BaseModel):
    """A page of items in the order in which they were sent; `next_cursor`, sent as `cursor`, gets the next page."""

    items: list[BatchItem]
    next_cursor: str | None
