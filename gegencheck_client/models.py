"""What the service takes and gives, as pydantic models. Written by `make client` from the OpenAPI document.

A reply may have more members than these, and a code more values: neither is an error.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

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
    is_whole: bool
    """False if the page broke off while it was sent: only its beginning was read."""
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


class ArticleKind(Code):
    """What an article was."""

    PAGE = "page"
    TEXT = "text"
    PICTURE = "picture"


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


class CheckState(Code):
    """Where a check stands."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class Citation(BaseModel):
    """A link that a fact-check rests on."""

    url: str
    title: str | None


class CitationBody(BaseModel):
    """A link that a fact-check rests on."""

    model_config = ConfigDict(
        extra="forbid",
    )
    url: str
    """An http or https address; https is added to a bare host name."""
    title: str | None = None


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


class DraftAct(Code):
    """What releasing or publishing a draft does."""

    WRITE = "write"
    RETIRE = "retire"
    RESTORE = "restore"


class DraftState(Code):
    """How far a draft is. Only its owner sees one that is begun or refused."""

    BEGUN = "begun"
    WAITING = "waiting"
    REFUSED = "refused"


class Entry(BaseModel):
    """The beginning or the end of a write. At the end, `begun_by` is the number of the entry for its beginning."""

    number: int
    at: datetime
    actor: str
    """The id of a key or an account; `local`: neither, on this machine; `terminal`: a command."""
    actor_name: str | None
    """The name of the account that it was."""
    action: str
    """The method and the address as the API declares it, or the command."""
    subject: str
    """The id of what it is about; empty if that was not known."""
    outcome: str
    """`begun`; at the end the status of the answer, for a command `done` or `failed`."""
    begun_by: int | None
    digest: str
    """SHA-256 over the entry and the digest before it."""


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


class FieldChange(BaseModel):
    """A field that says something else than in the version before; null where it said or says nothing."""

    field: str
    before: str | float | None
    after: str | float | None


class FieldProblem(BaseModel):
    """One bad field: a JSON pointer (RFC 6901) into the body, or the name of a query parameter after a slash."""

    pointer: str
    detail: str


class Health(Code):
    """Whether a source works."""

    NEW = "new"
    GOOD = "good"
    FAILING = "failing"
    STALE = "stale"
    PAUSED = "paused"


class Hint(Code):
    """What a reader should know beside a claim; its wording is in the catalogues."""

    OLD_ARTICLE = "old_article"
    OPINION = "opinion"
    NOT_SEARCHED = "not_searched"
    OLDER_STATEMENT = "older_statement"
    RATING_REVISED = "rating_revised"
    SUGGESTION = "suggestion"


class ImageBody(BaseModel):
    """Where a picture is to be fetched from."""

    model_config = ConfigDict(
        extra="forbid",
    )
    url: str
    """An http or https address; https is added to a bare host name."""


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


class IndexChoice(Code):
    """What past checks are judged by: what was found then, or what the index of today finds."""

    RECORDED = "recorded"
    NEWEST = "newest"


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


class LanguageCount(BaseModel):
    """How many statements are in a language."""

    language: str | None
    count: int


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


class Moment(BaseModel):
    """When in a recording a sentence begins."""

    seconds: float
    clock: str
    """As players show it: 1:23, or 1:02:03."""
    url: str | None
    """The recording from that second on, if its player takes that from an address."""


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


class Picture(BaseModel):
    """The upright size of a picture in pixels; of one that moves, an animation, only the first frame is read."""

    width: int
    height: int
    moves: bool


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


class PublisherCount(BaseModel):
    """How many statements a publisher has."""

    site: str | None
    name: str | None
    count: int


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


class RatingCount(BaseModel):
    """How many statements have a normalized rating."""

    rating: NormalizedRating
    count: int


class RatingUse(BaseModel):
    """Rating words of the file, how they are understood, and how many statements have them."""

    words: str
    normalized: NormalizedRating
    count: int


class ReasonBody(BaseModel):
    """Why something is done."""

    model_config = ConfigDict(
        extra="forbid",
    )
    reason: str | None = None
    """Why: kept in the history."""


class ReasonCode(Code):
    """Why a result would be another."""

    POLICY = "policy"
    THRESHOLD = "threshold"
    NEWLY_FOUND = "newly_found"
    RATING_CHANGED = "rating_changed"
    STATEMENT_GONE = "statement_gone"
    RULED_OUT = "ruled_out"
    MATCH_CHANGED = "match_changed"


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


class Replaces(Code):
    """The secrets of a key: the one that is shown when calling, and the one that signs its webhooks."""

    KEY = "key"
    WEBHOOK_SECRET = "webhook_secret"


class Review(BaseModel):
    """The rating that a fact-check page gives itself."""

    claim_reviewed: str
    alternate_name: str
    url: str | None


class Rotated(BaseModel):
    """The new secret, shown once; the other one is null."""

    id: str
    key: str | None
    """Null also if an earlier request with the same Idempotency-Key replaced it: then use another one."""
    webhook_secret: str | None
    webhook_public_key: str | None
    """What verifies webhooks without that secret (v1a)."""


class RotationBody(BaseModel):
    """Which secret to replace, and for how long the former one stays good."""

    model_config = ConfigDict(
        extra="forbid",
    )
    replaces: Replaces = Replaces.KEY
    overlap_seconds: int = 0


class RunState(Code):
    """How far a run is, and how it ended."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class Scope(Code):
    """What a key may do; `admin` may do everything and see everybody's checks."""

    CHECK = "check"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


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


class SourceHealth(BaseModel):
    """How a source is."""

    id: str
    name: str
    health: Health
    succeeded_at: datetime | None


class SourceKind(Code):
    """How a source is read."""

    FEED = "feed"
    SITEMAP = "sitemap"
    CORRECTIV = "correctiv"
    DATACOMMONS = "datacommons"
    GOOGLE = "google"


class SourceRun(BaseModel):
    """One run of a source. `unvetted` reviews, of publishers that are not on the allowlist, were not taken."""

    state: RunState
    started_at: datetime
    finished_at: datetime | None
    pages: int
    unchanged_pages: int
    unmarked_pages: int
    failed_pages: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    unvetted: int
    notes: list[str]
    unvetted_publishers: dict[str, int]
    problem: Problem | None


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
    citations: list[Citation]
    """What the fact-check rests on."""
    valid_from: date | None
    """The first day (UTC) on which it matches anything."""
    valid_until: date | None
    """The last one."""
    owner: str | None
    """Who of this house keeps it right; null for statements of others. Own ones come first where they match."""
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
    citations: Annotated[list[CitationBody], Field(validate_default=True)] = []
    valid_from: date | None = None
    """The first day (UTC) on which it matches anything."""
    valid_until: date | None = None
    """The last one."""
    owner: str | None = None
    """Who of this house keeps it right: a desk or a person. Makes it an own statement."""
    reason: str | None = None
    """Why you write this: kept in the history, not in the statement."""
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


class VersionAct(Code):
    """What a version did to the statement."""

    ADDED = "added"
    REVISED = "revised"
    RETIRED = "retired"
    RESTORED = "restored"


class Week(BaseModel):
    """The checks of seven days that ended and are still kept, whoever asked for them."""

    from_: Annotated[datetime, Field(alias="from")]
    checks: int
    verdicts: dict[VerdictCode, int]
    failed: int


class WeighedModels(BaseModel):
    """The models, and the SHA-256 of each file of weights that came with the program."""

    embedder: str
    pair: str
    weights: dict[str, str]


class WordsCount(BaseModel):
    """How many statements bear rating words that are not mapped."""

    alternate_name: str
    count: int


class YearCount(BaseModel):
    """How many fact-checks were published in a year."""

    year: int | None
    count: int


class AllReasons(BaseModel):
    """A page of decisions, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    statements: list[Reasons]
    next_cursor: str | None


class Audit(BaseModel):
    """A page of entries, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    entries: list[Entry]
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


class CheckBody(BaseModel):
    """What to check: `url`, `text`, `html` with the `url` that it came from, or the `image` at an address."""

    model_config = ConfigDict(
        extra="forbid",
    )
    url: str | None = None
    """An http or https address; https is added to a bare host name."""
    text: str | None = None
    """At most 5,000,000 bytes in UTF-8; not blank."""
    html: str | None = None
    """At most 5,000,000 bytes in UTF-8; not blank."""
    image: ImageBody | None = None
    pictures: bool = False
    """Also read the page's pictures, at most six; for `url` and `html`."""
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


class ClaimVerdict(BaseModel):
    """Our conclusion about a claim."""

    code: VerdictCode
    confidence: float
    headline: str


class Claims(BaseModel):
    """Every sentence, in order."""

    language: str | None
    is_whole: bool
    """False if the page broke off while it was sent: only its beginning was read."""
    sentences: list[Sentence]
    looked_at: int
    """How many sentences were scored in full. In a very long text this is fewer than all; the others are then scored by their words alone. A text of more than 5,000 sentences is refused."""


class Cluster(BaseModel):
    """Other statements that say the same as one, nearest first, at most 8."""

    statements: list[Statement]
    rated_alike: bool
    """Whether all of them are rated alike; a rating that is not mapped says nothing."""


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


class Draft(BaseModel):
    """A statement that the caller began to write, or a change that waits for release."""

    id: str
    claim: str
    language: str | None
    asked: str | None
    """The id of the claim under /v1/asked that it is about."""
    created_at: datetime
    owner: str
    """The id of the account or key that wrote it; empty on the open API."""
    owner_name: str | None
    state: DraftState
    act: DraftAct
    statement: str | None
    """The id of the statement that it would change; null: a new one."""
    content: dict[str, Any]
    """The statement that it would make, as far as it was written."""
    reason: str | None
    refused_because: str | None
    tag: str
    """Names just what it would do; releasing takes it."""


class Elsewhere(BaseModel):
    """Where else a claim without a match can be looked for."""

    words: str
    """The words of the claim that are searched; they are part of each address."""
    searches: list[Search]


class End(BaseModel):
    """The verdict of checks, and the action that follows."""

    verdict: VerdictCode
    action: Action | None


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
    cluster: str | None
    """The id of the first statement beside the claim that says the same; null where none other does."""


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


class Key(BaseModel):
    """A key without its secret. A limit of null means that of the settings; 0 means no limit."""

    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    """Noted at most once a minute."""
    origin: str | None
    """The browser extension that it was given to by pairing."""
    requests_per_minute: int | None
    checks_per_day: int | None


class KeyBody(BaseModel):
    """A key to make. If a limit is left out, that of the settings applies."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: str
    scopes: list[Scope]
    expires_at: datetime | None = None
    """When it ends (RFC 3339); never, if left out."""
    requests_per_minute: int | None = None
    """Calls within a minute; 0: no limit."""
    checks_per_day: int | None = None
    """Checks within a day, items of batches included; 0: no limit."""


class Keys(BaseModel):
    """All keys, oldest first, revoked and expired ones too."""

    keys: list[Key]


class Match(BaseModel):
    """A statement that the search found. `is_match` is true if `confidence` reaches the threshold."""

    statement: Statement
    similarity: float
    confidence: float
    is_match: bool


class NewKey(BaseModel):
    """A new key, shown once. `key` is null if an earlier request with the same Idempotency-Key made it."""

    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    """Noted at most once a minute."""
    origin: str | None
    """The browser extension that it was given to by pairing."""
    requests_per_minute: int | None
    checks_per_day: int | None
    key: str | None
    webhook_secret: str | None
    """What signs its webhooks. Null if an earlier request made the key and it no longer works."""
    webhook_public_key: str | None
    """What verifies its webhooks without that secret (v1a)."""


class Outcome(BaseModel):
    """The verdict of a check, and what follows from it by the policy."""

    verdict: VerdictCode
    action: Action | None
    rule: int | None


class PagePicture(BaseModel):
    """A picture of a page that was looked at, and where its text stands in the article's."""

    url: str
    alt: str | None
    """The page's alternative text, which stands for a picture without any."""
    start: int
    end: int
    """The same as `start` if the picture says nothing, or what the page says already."""
    picture: Picture | None
    """Null if nothing was recognised."""
    problem: str | None
    """The code of what kept it from being read."""


class Preset(BaseModel):
    """A source that a preset would add; nothing is read before that."""

    kind: SourceKind
    name: str
    address: str
    every_hours: int
    licence: str | None
    allowlist: list[str]
    path: str | None
    most_pages: int
    facts_only: bool
    site: str | None
    days: int | None
    preset: str | None
    confirmed_on: str | None
    """The day or month when the address was last confirmed."""
    articles: int
    """About how many there are in all."""
    first_run_seconds: int
    """About how long the first run takes."""
    seen: str
    """How the address was confirmed."""


class Presets(BaseModel):
    """The sources of each preset."""

    presets: dict[str, list[Preset]]


class PreviewRow(BaseModel):
    """A statement as it would be stored, and its line."""

    line: int | None
    statement: Statement


class Ready(BaseModel):
    """The index answers; it has been complete at least once."""

    status: Literal["ready"]
    index: Searched
    queue: Queue


class Reason(BaseModel):
    """Why a result would be another. `statement` is the id of the one that it is about."""

    code: ReasonCode
    statement: str | None


class ReplayBody(BaseModel):
    """Which of your checks to judge again, and under which policy, threshold or index. Nothing is changed."""

    model_config = ConfigDict(
        extra="forbid",
    )
    policy: str | None = None
    """The policy to use; if left out, that of each check."""
    min_confidence: float | None = None
    """The confidence that a match of one text needs; pages with many claims need more."""
    index: IndexChoice = IndexChoice.RECORDED
    """`newest` searches the sentences of each check again in the index of today, at most 10 checks a call."""
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


class Source(BaseModel):
    """A source, whether it works, and its newest runs. Its key is never shown."""

    kind: SourceKind
    name: str
    address: str
    every_hours: int
    licence: str | None
    allowlist: list[str]
    path: str | None
    most_pages: int
    facts_only: bool
    site: str | None
    days: int | None
    preset: str | None
    confirmed_on: str | None
    """The day or month when the address was last confirmed."""
    id: str
    has_key: bool
    health: Health
    paused: bool
    created_at: datetime
    succeeded_at: datetime | None
    changed_at: datetime | None
    failing_since: datetime | None
    failures: int
    problem: Problem | None
    runs: list[SourceRun]


class SourceBody(BaseModel):
    """A source. What is left out gets the usual value for its kind."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: SourceKind = SourceKind.FEED
    address: str | None = None
    """Needed for a feed or a sitemap."""
    name: str | None = None
    every_hours: int | None = None
    licence: str | None = None
    """A note on the licence of the statements."""
    allowlist: list[str] = []
    """Hosts of publishers whose reviews count."""
    path: str | None = None
    """Must occur in addresses of articles."""
    most_pages: int = 100
    """Most articles that one run reads."""
    facts_only: bool = False
    """Keep only claim, rating, date and link."""
    site: str | None = None
    """The publisher to ask Google for."""
    days: int | None = None
    """How many days back Google is asked at first."""
    key: str | None = None
    """Your key for Google; it is never shown."""
    paused: bool = False


class Sources(BaseModel):
    """All sources, each with its newest run."""

    sources: list[Source]


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


class StatementCounts(BaseModel):
    """The statements, counted."""

    total: int
    publishers: list[PublisherCount]
    languages: list[LanguageCount]
    ratings: list[RatingCount]
    years: list[YearCount]
    """The newest first; null: without a date."""
    unmapped: list[WordsCount]
    """The 50 most frequent ones."""
    unmapped_words: int
    """How many different rating words are not mapped."""


class Verdict(BaseModel):
    """Our conclusion about a page. `language` is that of the headline, `claim` the deciding claim, from 0."""

    code: VerdictCode
    confidence: float
    headline: str
    language: str
    claim: int | None


class Version(BaseModel):
    """A version of a statement."""

    version: int
    """Counted from 1."""
    written_at: datetime | None
    """Null where nobody knows any more."""
    written_by: str | None
    """The id of an account or a key, `local` or `terminal`. Null for imports and for old versions."""
    writer: str | None
    """The name of the account or key that it was."""
    reason: str | None
    released_by: str | None
    """The id of the account that released it, if that had to be done."""
    releaser: str | None
    """The name of that account."""
    act: VersionAct
    changes: list[FieldChange]
    statement: Statement


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


class Change(BaseModel):
    """How many checks would change in the same way."""

    before: End
    after: End
    checks: int


class CheckedArticle(BaseModel):
    """What was checked; `text` only with ?include=text. Of a picture it is what was recognised."""

    kind: ArticleKind
    title: str | None
    author: str | None
    date_published: date | None
    site_name: str | None
    language: str | None
    is_whole: bool
    """False if the page broke off while it was sent: only its beginning was read."""
    is_fact_check: bool
    review: Review | None
    picture: Picture | None
    pictures: list[PagePicture]
    """Of a page whose pictures were read: at most six."""
    text: str | None = None


class CheckedClaim(BaseModel):
    """A claim of the page. Offsets count code points in the article's text."""

    text: str
    start: int
    end: int
    boxes: list[list[list[float]]] | None
    """Where a sentence stands in a picture, a box a line: four corners [x, y] in pixels of the upright picture, clockwise from the beginning of the upper edge. Null for what is in no picture."""
    moment: Moment | None
    """Of subtitles and transcripts, when it is said; else null."""
    picture: int | None
    """The picture of the page, from 0, that the sentence stands in; else null."""
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


class Coverage(BaseModel):
    """What there is, and what was asked."""

    at: datetime
    statements: StatementCounts
    asked: list[Week]
    """The last four weeks, the newest first."""
    sources: list[SourceHealth]


class Deliveries(BaseModel):
    """A page of deliveries, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    deliveries: list[Delivery]
    next_cursor: str | None


class Flip(BaseModel):
    """A check that would have a different result, and why."""

    check: str
    reference: str | None
    url: str | None
    before: Outcome
    after: Outcome
    reasons: list[Reason]


class History(BaseModel):
    """All versions of a statement, newest first."""

    versions: list[Version]


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
    """Checks that have no result, or were made by a version of the program with other thresholds or, where they are searched again, other models."""
    changes: list[Change]
    """The flips in sum, the most frequent change first."""
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
