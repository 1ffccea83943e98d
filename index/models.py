"""The words of the index: statements, their ratings and publishers, and what a search returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class NormalizedRating(StrEnum):
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


class Stance(StrEnum):
    """What a claim says about a statement."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    NEUTRAL = "neutral"


class DifferenceKind(StrEnum):
    """The ways in which two similar sentences can still say different things."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    ATTRIBUTION = "attribution"
    EXTENT = "extent"  # all against some
    CAUSATION = "causation"  # a cause against things that go together


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who published a fact-check. `site` is a host name such as `correctiv.org`."""

    name: str | None = None
    site: str | None = None

    @property
    def names(self) -> str:
        """All that it is called, in one text."""
        return f"{self.name or ''} {self.site or ''}"


@dataclass(frozen=True, slots=True)
class Rating:
    """The publisher's own words and numbers, verbatim; only `normalized` is ours.

    Scales differ and are sometimes inverted or broken (best 1, worst 5; -1/-1/-1), so the numbers are
    kept as they came and decide nothing.
    """

    alternate_name: str
    rating_value: float | None = None
    best_rating: float | None = None
    worst_rating: float | None = None
    normalized: NormalizedRating = NormalizedRating.UNMAPPED


@dataclass(frozen=True, slots=True)
class Citation:
    """What a fact-check rests on: a link, with a title where it has one."""

    url: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A verified text with its rating: the object of a ClaimReview.

    `key` is the store's integer key and the id in the vector index (0 before the store has given one);
    `id` is the public id, fixed when the statement is created ("" before that). `author` is who wrote the fact-check,
    where people are named beside the publisher; `claimant` is who said what was checked. `owner` is who keeps a
    statement of this house right, a desk or a person; nobody does so for statements that were only taken over.
    Before `valid_from` and after `valid_until` it matches nothing.
    """

    claim_reviewed: str
    url: str
    rating: Rating
    publisher: Publisher = field(default_factory=Publisher)
    language: str | None = None
    headline: str | None = None
    author: str | None = None
    claimant: str | None = None
    date_published: date | None = None
    explanation: str | None = None
    cluster: str | None = None
    license: str | None = None
    id: str = ""
    key: int = 0
    citations: tuple[Citation, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    owner: str | None = None

    @property
    def is_own(self) -> bool:
        """Whether this house keeps it right, rather than another publisher."""
        return self.owner is not None

    @property
    def cluster_name(self) -> str:
        """What its translations name as their cluster: its own, else its id."""
        return self.cluster or self.id

    def is_valid_on(self, day: date) -> bool:
        """Whether it holds on a day, both ends of its period included."""
        return not ((self.valid_from and day < self.valid_from) or (self.valid_until and day > self.valid_until))


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a claim departs from a statement, with the words on each side ("" where there are none)."""

    kind: DifferenceKind
    claim: str
    statement: str


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a statement is to a text, and the mean and spread of others that are near it too, but hardly meant."""

    value: float
    others: float
    spread: float

    @property
    def above(self) -> float:
        """How far the statement stands out from the others."""
        return self.value - self.others

    @property
    def deviations(self) -> float:
        """The same in standard deviations of the others."""
        return self.above / self.spread


@dataclass(frozen=True, slots=True)
class Standing:
    """How a statement stands among all that a search proposes for a post: by one vector a text, and token by token.

    `words` is how many the post has, `content` how much the statement says: the rarity of its tokens together.
    """

    similarity: Nearness
    max_sim: Nearness
    words: int
    content: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and a statement to be read together, with what a search knows of them already.

    `background` is the mean similarity of statements that are near the claim too, but hardly meant. `standing` is there
    where the search was for a text as long as posts are: confidence then goes by it, and is calibrated on such texts.
    """

    claim: str
    statement: str
    similarity: float | None = None
    background: float | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class PairJudgement:
    """What a pair model says of one pair.

    `confidence` is the calibrated probability that both sentences make the same claim or its denial; the
    three probabilities sum to 1 and are the stance of the claim towards the statement. `odds` are the log odds of the
    same claim as the sentences alone were read, where they were.
    """

    confidence: float
    supports: float
    refutes: float
    neutral: float
    differences: tuple[Difference, ...] = ()
    odds: float | None = None

    @property
    def stance(self) -> Stance:
        """The most probable stance; `neutral` wins a tie."""
        best = max(self.neutral, self.supports, self.refutes)
        if best == self.neutral:
            return Stance.NEUTRAL
        return Stance.SUPPORTS if best == self.supports else Stance.REFUTES

    @property
    def stance_confidence(self) -> float:
        """The probability of `stance`."""
        return max(self.neutral, self.supports, self.refutes)


@dataclass(frozen=True, slots=True)
class Match:
    """What the index returns for a claim: `similarity` as the search measured it, the rest from the pair model."""

    statement: Statement
    similarity: float
    confidence: float
    is_match: bool
    judgement: PairJudgement
