"""The PairModel protocol: reads a claim and a statement together; and how a model did on texts it never saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from index.models import Pair, PairJudgement

if TYPE_CHECKING:
    from index.pairs.site import SiteCalibration


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs of about the same confidence: how many, what was said on average, and how often it was so."""

    pairs: int
    confidence: float
    same: float


@dataclass(frozen=True, slots=True)
class Outside:
    """How the model did on real posts whose statements were kept out of an index; benchmarks/no_match.py says how."""

    source: str
    posts: int
    statements: int  # in the index all the same
    false_matches: float  # share of the posts with a match; some match another publisher's statement of the same claim


@dataclass(frozen=True, slots=True)
class OnPosts:
    """How the model did on whole posts of people, whose nearest statements were judged, or (no `source`) of our own."""

    source: str
    posts: int
    found: float  # share of the posts with a right statement that match it
    precision: float  # share of the matches that are right
    false_matches: float  # share of the posts that match something although their right statements are kept out
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """How the model did on held-out texts in one language; training/pairs/calibrate.py says how."""

    texts: int
    false_matches: float  # share of texts that have a match where no statement of theirs is in the index
    near_misses: float  # share of texts that match a statement from which they differ in a detail
    found: float  # share of pairs of one claim that are matches
    calibration_error: float
    bins: tuple[Bin, ...]
    outside: Outside | None = None
    posts: tuple[OnPosts, ...] = ()


class PairModel(Protocol):
    """Judges whether both sides of a pair make the same claim, and how the claim stands to the statement."""

    @property
    def model_id(self) -> str:
        """Names the model and its version, stored with each check."""

    @property
    def calibration_id(self) -> str:
        """Names the calibration that `min_confidence` and the confidences belong to."""

    @property
    def min_confidence(self) -> float:
        """The confidence from which a pair is a match."""

    @property
    def is_reader(self) -> bool:
        """Whether it judges better than it estimates, at a cost: only promising pairs are read."""

    @property
    def ranks(self) -> bool:
        """Whether confidence alone orders candidates better than together with the search's score."""

    @property
    def measured(self) -> Mapping[str, Measured]:
        """How it did on texts it never saw, by language; empty where this project has not measured it."""

    def calibrated(self, site: SiteCalibration) -> PairModel:
        """The model as it ships, with its confidences set right by these numbers instead of any others."""

    def judge(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """One judgement a pair, in order."""

    def estimate(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """A cheap estimate of the same, without reading the pairs by a model; every pair has its similarity."""
