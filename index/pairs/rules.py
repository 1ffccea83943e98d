"""The pair model that works by rules: similarity, shared words and differences, and a cautious stance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from index.model.embedder import Embedder
from index.models import Difference, DifferenceKind, Pair, PairJudgement
from index.pairs.differences import find_differences
from index.pairs.plain import READING
from index.pairs.protocol import Measured, PairModel
from index.pairs.site import AS_SHIPPED, SiteCalibrated, SiteCalibration
from index.pairs.words import shared_words

RULES_VERSION = 2


class RulePairModel:
    """Confidence from similarity, shared words and differences; a cautious stance from negation alone."""

    model_id = f"rules-{RULES_VERSION}.{READING}"
    calibration_id = f"rules-{RULES_VERSION}"
    min_confidence = 0.8
    is_reader = ranks = False
    measured: Mapping[str, Measured] = {}

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def calibrated(self, site: SiteCalibration) -> PairModel:
        """The rules with their confidences set right."""
        return self if site == AS_SHIPPED else SiteCalibrated(self, site)

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
    return 10 * (similarity - 0.88), shared_words(claim, statement), *difference_flags(differences)


def difference_flags(differences: Sequence[Difference]) -> tuple[float, float]:
    """1 or 0: whether a number or a date differs, and whether a name does."""
    kinds = {difference.kind for difference in differences}
    return float(bool(kinds & {DifferenceKind.NUMBER, DifferenceKind.DATE})), float(DifferenceKind.NAME in kinds)


def stance_shares(differences: Sequence[Difference]) -> tuple[float, float]:
    """How much of a match's probability goes to supports and to refutes; the rest is neutral."""
    kinds = {difference.kind for difference in differences}
    if kinds & OTHER_CLAIM:
        return 0.2, 0.1
    if DifferenceKind.NEGATION in kinds:
        return 0.1, 0.8
    return 0.9, 0.02


# What training/rules/fit.py prints.
BIAS = -1.46
WEIGHTS = (3.27, 4.47, -5.19, -3.26)

# With one of these the claim is another one, close as it may be.
OTHER_CLAIM = frozenset({DifferenceKind.NUMBER, DifferenceKind.DATE, DifferenceKind.NAME})
