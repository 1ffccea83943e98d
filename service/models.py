"""What passes along the pipeline: Page -> Article -> Sentence -> Claim -> Evidence -> Verdict -> Check.

Each is frozen and holds what it was made from; dicts exist only at the JSON boundary (presenters.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from index.models import Difference, Match, NormalizedRating, Stance
from service.actions import PolicyDecision
from service.articles import Article as Article  # a word of both
from service.articles import Review as Review  # a word of both
from service.findings import Mode as Mode  # a word of both
from service.findings import SentenceFindings
from service.pictures import ArticleKind as ArticleKind  # a word of both
from service.sentences import Sentence as Sentence
from service.versions import Versions


class Stage(StrEnum):
    """The stages of a check, in their order."""

    FETCH = "fetch"
    ARTICLE = "article"
    SENTENCES = "sentences"
    CLAIMS = "claims"
    EVIDENCE = "evidence"
    STANCE = "stance"
    VERDICT = "verdict"


class VerdictCode(StrEnum):
    """Our conclusion. The first four are AVeriTeC's (Schlichtkrull et al. 2023); the last two are for pages."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    CONFLICTING_EVIDENCE = "conflicting_evidence"
    FACT_CHECK_FOUND = "fact_check_found"  # a match whose rating or stance decides nothing
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    MENTIONS_REFUTED = "mentions_refuted"
    NOTHING_TO_CHECK = "nothing_to_check"


class CheckState(StrEnum):
    """Where a check stands."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as fetched, bytes still to be decoded, or as supplied. `url` is as asked, `final_url` after redirects.

    `fetched` is true only where the service itself asked the site: no other page may be shared between callers. One
    that is not `is_whole` broke off before its end.
    """

    url: str | None
    final_url: str | None
    content: str | bytes
    content_type: str  # of bytes what the site calls them; of text what it is: text/html, text/plain or application/pdf
    fetched: bool
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Feature:
    """What a feature of a sentence adds to its check-worthiness, in log odds."""

    name: str
    weight: float


class Hint(StrEnum):
    """What a reader should know beside a claim; its wording is in the catalogues."""

    OLD_ARTICLE = "old_article"
    OPINION = "opinion"
    NOT_SEARCHED = "not_searched"  # beyond the budget of a page
    OLDER_STATEMENT = "older_statement"  # its fact-check may speak of an earlier event
    RATING_REVISED = "rating_revised"  # one of its statements was rated otherwise before
    SUGGESTION = "suggestion"  # a short text that is surely none of the statements near it: did you mean one of these?


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence with the probability that checking it is worth while; `is_claim` is past the threshold.

    `mode` and `cue` say how the page puts it and by which words; `features`, the strongest first, why it is worth it.
    """

    sentence: Sentence
    checkworthiness: float
    is_claim: bool
    mode: Mode = Mode.ASSERTED
    cue: str | None = None
    hints: tuple[Hint, ...] = ()
    query: str | None = None  # what is searched beside the sentence (more of the text, what it asks about) or for it
    features: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A statement that the search brought for a sentence, by itself or only with the text around it."""

    match: Match
    around: bool = False


@dataclass(frozen=True, slots=True)
class Considered:
    """A sentence with what the search brought for it; None where it was not searched."""

    claim: ScoredSentence
    offers: Sequence[Offer] | None


class Shortfall(StrEnum):
    """Why a candidate is no evidence."""

    CONFIDENCE = "confidence"  # less than a match needs
    SHORT = "short"  # too few words to be sure with
    DIFFERENCE = "difference"  # another number, date or name makes it another claim


@dataclass(frozen=True, slots=True)
class JudgedMatch:
    """A match with the stance of the claim towards its statement; for a candidate also why it is no match.

    `cluster` is the id of the first statement beside the claim that says the same; None where it stands alone.
    """

    match: Match
    stance: Stance
    stance_confidence: float
    differences: tuple[Difference, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    cluster: str | None = None

    @property
    def decides(self) -> bool:
        """Whether it concludes anything at all: `verdict.conclude` says what."""
        undecided = self.match.statement.rating.normalized in (NormalizedRating.UNPROVEN, NormalizedRating.UNMAPPED)
        return self.stance is not Stance.NEUTRAL and not undecided


@dataclass(frozen=True, slots=True)
class Verdict:
    """A conclusion about a claim or a page, with its confidence between 0 and 1.

    `claim` is the place of the claim that decides on a page, where one does. `alike` is how everything was rated that
    refutes a page, where that has words of its own: satire, or altered pictures and videos.
    """

    code: VerdictCode
    confidence: float
    claim: int | None = None
    alike: NormalizedRating | None = None


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim with what was found for it: `evidence` holds matches, `candidates` at most 3 that fell short.

    The first evidence is the one that decides on the verdict; whoever shows one shows that one.
    `compared` is how many statements the search brought, the rest of them too far away to be shown.
    """

    claim: ScoredSentence
    verdict: Verdict
    evidence: tuple[JudgedMatch, ...] = ()
    candidates: tuple[JudgedMatch, ...] = ()
    compared: int = 0


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long a stage took, in seconds."""

    stage: Stage
    seconds: float


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a check failed, and at which stage. `code` is one of errors.py."""

    code: str
    detail: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What to check: exactly one of `url` (to be fetched), `text`, `html` (with the `url` it came from), or `picture`.

    What was supplied is forgotten once the check is done: then it is empty, which still tells that it was there.
    """

    url: str | None = None
    text: str | None = None
    html: str | None = None
    language: str | None = None
    reference: str | None = None
    policy: str | None = None  # the id of a version
    picture: bytes | None = field(default=None, repr=False)
    wants_picture: bool = False  # there must be one at `url`
    reads_pictures: bool = False  # those of the page as well

    @property
    def is_text(self) -> bool:
        """Whether a text was supplied, which is no page and has no link."""
        return self.text is not None

    @property
    def is_fetched(self) -> bool:
        """Whether the service itself reads the page."""
        return self.text is None and self.html is None and self.picture is None

    @property
    def is_picture(self) -> bool:
        """Whether a picture was supplied, or is to be fetched as one."""
        return self.picture is not None or self.wants_picture

    @property
    def is_shared(self) -> bool:
        """Whether this is a page that everybody sees alike, so that one check of it may answer several callers."""
        return self.url is not None and self.html is None and not self.wants_picture


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one run of the pipeline found. On failure `problem` is set, `verdict` is None and `claims` is empty,
    but the article stays where a later stage failed. `findings` are stored as rows beside the rest."""

    article: Article | None = None
    claims: tuple[CheckedClaim, ...] = ()
    sentences: int = 0
    verdict: Verdict | None = None
    versions: Versions | None = None
    problem: Problem | None = None
    fetched: bool = False
    final_url: str | None = None  # the address that the service itself fetched in the end; results are shared under it
    times: tuple[StageTime, ...] = ()
    looked_at: int | None = None  # how many sentences; None in checks of before it was kept: all
    ruled_out: tuple[str, ...] = ()  # ids of statements that counted until somebody said that they are another claim
    findings: tuple[SentenceFindings, ...] = field(default=(), repr=False, compare=False)

    @property
    def is_shared(self) -> bool:
        """Whether it answers whoever asks for the same page; one that broke off is asked for again."""
        return self.fetched and (self.article is None or self.article.is_whole)

    @property
    def is_cut(self) -> bool:
        """Whether some sentences were not looked at."""
        return self.looked_at is not None and self.looked_at < self.sentences

    @property
    def left(self) -> int:
        """How many claims were not compared, because the page has so many."""
        return sum(Hint.NOT_SEARCHED in item.claim.hints for item in self.claims)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a check said before it was judged anew; its `result` has no article, which is the check's still."""

    result: CheckResult
    concluded_at: datetime
    replaced_at: datetime
    decision: PolicyDecision | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One run over one article, as it is stored and shown."""

    id: str
    owner: str  # the id of the key that made it; "" where the API is open on loopback
    request: CheckRequest
    state: CheckState
    created_at: datetime
    stage: Stage | None = None
    finished_at: datetime | None = None
    result: CheckResult = field(default_factory=CheckResult)
    decision: PolicyDecision | None = None  # of the request's policy, once it has ended
    revised_at: datetime | None = None  # when it was last judged anew, by statements that it did not know
    earlier: tuple[Earlier, ...] = ()  # what it said before, newest first

    @property
    def kind(self) -> ArticleKind:
        """What was checked; at times a picture is found at the address of a page."""
        if self.request.is_picture or (self.result.article and self.result.article.picture):
            return ArticleKind.PICTURE
        return ArticleKind.TEXT if self.request.is_text else ArticleKind.PAGE
