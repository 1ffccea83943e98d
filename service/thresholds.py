"""Thresholds: every number that decides about a check, as one frozen value with a digest, each with its source.

Not among them: what says that a page could not be read, how much of a page the reading rules look at, and what was
learned (the weights have digests of their own). "RESULTS" is benchmarks/RESULTS.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index.models import NormalizedRating
from index.thresholds import DenialThresholds, SearchThresholds
from service.config import Settings


@dataclass(frozen=True, slots=True)
class MatchThresholds:
    """When a statement counts as found."""

    # Of one text. The index in force says it: the pair model's own (training/pairs/calibrate.py) or a setting.
    min_confidence: float = 0.7
    # The numbers that confidences were calibrated with, by the pair model's name for them.
    calibration: str = ""
    # Statements asked for a text. A choice: more never matched, and each pair costs reading.
    candidates: int = 8
    # Pairs of a page that the pair model may read. RESULTS, "Speed": a page within a second.
    reads: int = 32
    # A statement that is less sure is not even a candidate. A choice: what is shown as near should look near.
    min_candidate: float = 0.05
    max_evidence: int = 5  # of a claim. A choice: people read no more.
    max_candidates: int = 3  # of a claim. A choice: they are shown only to explain.


@dataclass(frozen=True, slots=True)
class SiteThresholds:
    """What the log odds of confidences were multiplied by and what was added: the choice of whoever ran `calibrate`.

    index/pairs/site.py says why these two. Checks from before had neither, which is the same as these.
    """

    slope: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class GrowthThresholds:
    """How much surer a match must be on a page of many claims.

    Every claim is another chance to match something foreign. What training/pairs/calibrate.py prints of texts held out:
    as the odds that a match needs grow, false matches become fewer by their power of 1.25, and ordinary sentences match
    a fourth as often as the texts that the threshold was chosen on. So a page of `few_claims` sentences has the false
    matches of one such text, and one of more has no more of them where the odds grow by the power of 1 / 1.25.
    """

    few_claims: int = 4
    power: float = 0.8


@dataclass(frozen=True, slots=True)
class ShortThresholds:
    """What few words count for.

    Few words resemble many statements. On a page a short sentence only suggests. Where it is all that was handed over,
    it counts if it is surely the statement itself: nearly certain, many words shared, no number, date or name left out.
    The numbers are choices, tried on the short texts of tests/quality/short_texts.jsonl (RESULTS, "Short texts").
    """

    words: int = 8
    min_confidence: float = 0.95
    min_shared: float = 0.4
    stem: int = 4  # letters that are compared: the words are short, and their endings begin early
    suggested_words: int = 20  # of a text whose nearest statements are suggested where it is surely none of them
    # Confidence of a statement that is suggested. RESULTS, "Short texts": below, what is suggested is mostly foreign.
    min_suggested: float = 0.3


@dataclass(frozen=True, slots=True)
class ClaimThresholds:
    """Which sentences are claims, and which are searched."""

    # A choice: the weights are fitted to as many claims as other sentences; on pages claims are fewer, hence more than
    # a half.
    min_checkworthiness: float = 0.7
    # A doubtful sentence is searched too: one that somebody has fact-checked was worth it. A choice.
    min_searched: float = 0.3
    # Sentences of a page that are searched, the most check-worthy first. RESULTS, "Speed": a page within a second.
    max_searched: int = 48
    # A sentence that its features alone put below this is not worth encoding. A choice: what a greeting is worth.
    min_encoded: float = 0.12
    min_words: int = 3  # of any sentence that is worth something. A choice: subject, verb and object.
    # A short post is one thought, and somebody asks about it: its best sentence is searched in any case, and each with
    # the whole. RESULTS, "Token by token": up to 150 words a post is judged as one; 250 find less.
    max_post_words: int = 150
    # In a long one a thought runs over sentences: each is searched with its neighbours. A choice.
    max_long_post_words: int = 400
    # Characters of its words on average, links included. A choice: what is longer is no post, whatever it is.
    max_post_word: int = 100
    # What the best sentence of a post must be worth, to be a claim. A choice: what is worth less is a greeting.
    min_post_worth: float = 0.12
    min_content_words: int = 2  # of a text that is searched. A choice: a single one says nothing about itself.
    # Days after which an article or a fact-check may speak of another event. A choice: two years.
    old_after_days: int = 730


@dataclass(frozen=True, slots=True)
class BudgetThresholds:
    """How much of a text is looked at.

    A check of a megabyte, whatever it is made of, is to end within 10 s on two cores. Encoding is what takes the time:
    at worst (letters at random, in which each two are a token) .18 ms a character of processor time, so 7 s for so many
    (RESULTS, "The budget of a check"). Of 181 real pages one has more (53,372 characters, 796 sentences), the next
    20,477; half have 25 sentences.
    """

    max_sentences: int = 600
    max_characters: int = 40_000
    # One part in so many goes to the beginning: headline, lead and what follows. A choice: most is said there.
    lead_share: int = 6


@dataclass(frozen=True, slots=True)
class ModeThresholds:
    """When a page does not speak in its own voice. Choices, tried on the golden pages."""

    quoted_share: float = 0.5  # of a sentence's characters
    short_question: int = 60  # characters of a question about what stands beside it: "Stimmt das?"
    fact_check_cues: int = 3  # different ones in the text that make a page a fact-check
    headline_cues: int = 2  # what a title that denies something counts for
    words_a_cue: int = 250  # at most
    min_rating_words: int = 2  # of a rating at the top of a page: "False." alone may be anybody's answer
    max_rating_words: int = 5
    # Of the content words of the shorter side, by their first letters: what shares so many with a claim that the page
    # reviews in its markup is about that. Low, since a page that debunks a claim puts it in many words.
    about_review: float = 0.3
    stem: int = 4


@dataclass(frozen=True, slots=True)
class RatingThresholds:
    """How certain a rating makes a verdict. A choice: "mostly" leaves room for the part that is repeated."""

    false: float = 1.0
    true: float = 1.0
    mostly_false: float = 0.9
    mostly_true: float = 0.9
    altered_media: float = 0.9
    satire: float = 0.9
    mixed: float = 0.9
    missing_context: float = 0.9
    unproven: float = 0.0
    unmapped: float = 0.0

    def certainty(self, rating: NormalizedRating) -> float:
        """Between 0 and 1."""
        return float(getattr(self, rating.value))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Everything that decides about a check."""

    match: MatchThresholds = field(default_factory=MatchThresholds)
    site: SiteThresholds = field(default_factory=SiteThresholds)
    growth: GrowthThresholds = field(default_factory=GrowthThresholds)
    short: ShortThresholds = field(default_factory=ShortThresholds)
    claims: ClaimThresholds = field(default_factory=ClaimThresholds)
    budget: BudgetThresholds = field(default_factory=BudgetThresholds)
    modes: ModeThresholds = field(default_factory=ModeThresholds)
    ratings: RatingThresholds = field(default_factory=RatingThresholds)
    denials: DenialThresholds = field(default_factory=DenialThresholds)
    search: SearchThresholds = field(default_factory=SearchThresholds)

    @property
    def values(self) -> dict[str, dict[str, Any]]:
        """All numbers by group and name, as JSON has them."""
        found: dict[str, dict[str, Any]] = json.loads(json.dumps(asdict(self)))
        return found

    @property
    def digest(self) -> str:
        """Names the thresholds: where one number is another, so is the name."""
        numbers = json.dumps(self.values, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(numbers.encode()).hexdigest()[:16]


DEFAULTS = Thresholds()
CLAIMS, BUDGET, MODES, SHORT = DEFAULTS.claims, DEFAULTS.budget, DEFAULTS.modes, DEFAULTS.short

_READ: TypeAdapter[Thresholds] = TypeAdapter(Thresholds)


def thresholds_of(values: Mapping[str, Any]) -> Thresholds:
    """The thresholds that a check has recorded. Raises ValueError where they are of a version with other numbers."""
    if "match" in values:
        # What was not a number of its own yet, as it was then.
        short = {"min_suggested": values["match"].get("min_candidate"), **values.get("short", {})}
        values = {"site": asdict(SiteThresholds()), **values, "short": short}
    try:
        found = _READ.validate_python(values)
    except ValidationError as error:
        raise ValueError("These thresholds were recorded by another version of the program.") from error
    if found.values != values:  # a number that was not recorded would be taken for today's
        raise ValueError("These thresholds were recorded by another version of the program.")
    return found


def configured_thresholds(settings: Settings) -> Thresholds:
    """The thresholds with what the settings say of them; what a match needs, the index in force says."""
    least = settings.min_checkworthiness
    return DEFAULTS if least < 0 else replace(DEFAULTS, claims=replace(DEFAULTS.claims, min_checkworthiness=least))
