"""Reads a claim and a statement together: the PairModel protocol, and the model that works by rules."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.differences import find_differences
from index.embedder import Embedder
from index.models import Difference, DifferenceKind, Pair, PairJudgement
from index.words import shared_words

RULES_VERSION = 1


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
class Measured:
    """How the model did on held-out texts in one language; training/pairs/calibrate.py says how."""

    texts: int
    false_matches: float  # share of texts that have a match where no statement of theirs is in the index
    near_misses: float  # share of texts that match a statement from which they differ in a detail
    found: float  # share of pairs of one claim that are matches
    calibration_error: float
    bins: tuple[Bin, ...]
    outside: Outside | None = None


class PairModel(Protocol):
    """Says of pairs whether both sides make the same claim, and where the claim stands."""

    @property
    def model_id(self) -> str:
        """Names the model and its version, stored with each check."""

    @property
    def thresholds_id(self) -> str:
        """Names the calibration that `min_confidence` and the confidences belong to."""

    @property
    def min_confidence(self) -> float:
        """The confidence from which a pair is a match."""

    @property
    def reads(self) -> bool:
        """Whether it judges better than it estimates, at a cost: only promising pairs are read."""

    @property
    def ranks(self) -> bool:
        """Whether confidence alone orders candidates better than together with the search's score."""

    @property
    def measured(self) -> Mapping[str, Measured]:
        """How it did on texts it never saw, by language; empty where this project has not measured it."""

    def judge(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """One judgement a pair, in order."""

    def estimate(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """The same at little cost, without reading the pairs by a model; every pair has its similarity."""


class RulePairModel:
    """Confidence from similarity, shared words and differences; a cautious stance from negation alone."""

    model_id = f"rules-{RULES_VERSION}"
    thresholds_id = f"rules-{RULES_VERSION}"
    min_confidence = 0.8
    reads = ranks = False
    measured: Mapping[str, Measured] = {}

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def judge(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """One judgement a pair; similarity is measured where the search has not done so."""
        return [
            judge_by_rules(pair, similarity) for pair, similarity in zip(pairs, self.similarities(pairs), strict=True)
        ]

    def estimate(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """The same as `judge`, which costs little here."""
        return self.judge(pairs)

    def similarities(self, pairs: Sequence[Pair]) -> list[float]:
        """The search's similarity of each pair, measured where it is unknown."""
        unknown = [pair for pair in pairs if pair.similarity is None]
        if not unknown:
            return [float(pair.similarity or 0.0) for pair in pairs]
        claims = self._embedder.encode_queries([pair.claim for pair in unknown])
        statements = self._embedder.encode_statements([pair.statement for pair in unknown])
        measured = iter((claims * statements).sum(axis=1).tolist())
        return [next(measured) if pair.similarity is None else pair.similarity for pair in pairs]


def judge_by_rules(pair: Pair, similarity: float) -> PairJudgement:
    """The judgement of one pair whose similarity is known."""
    differences = find_differences(pair.claim, pair.statement)
    features = match_features(pair.claim, pair.statement, similarity, differences)
    score = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, features, strict=True))
    confidence = 1 / (1 + math.exp(-score))
    supports, refutes = (confidence * share for share in stance_shares(differences))
    return PairJudgement(confidence, supports, refutes, 1 - supports - refutes, differences)


def match_features(
    claim: str, statement: str, similarity: float, differences: Sequence[Difference]
) -> tuple[float, float, float, float]:
    """What the confidence is a logistic function of; training/rules/fit.py finds the weights."""
    kinds = {difference.kind for difference in differences}
    return (
        10 * (similarity - 0.88),
        shared_words(claim, statement),
        float(bool(kinds & {DifferenceKind.NUMBER, DifferenceKind.DATE})),
        float(DifferenceKind.NAME in kinds),
    )


def stance_shares(differences: Sequence[Difference]) -> tuple[float, float]:
    """How much of a match's probability goes to supports and to refutes; the rest is neutral."""
    kinds = {difference.kind for difference in differences}
    if kinds & OTHER_CLAIM:
        return 0.2, 0.1
    if DifferenceKind.NEGATION in kinds:
        return 0.1, 0.8
    return 0.9, 0.02


# Fitted by training/rules/fit.py.
BIAS = -1.45
WEIGHTS = (3.26, 4.46, -4.69, -3.31)

# With one of these the claim is another one, close as it may be.
OTHER_CLAIM = frozenset({DifferenceKind.NUMBER, DifferenceKind.DATE, DifferenceKind.NAME})
