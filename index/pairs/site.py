"""Calibration on site: two numbers that set the shipped confidences right by what people decided where they are used.

One rising function of the log odds (Platt 1999) on top of the shipped calibration, rather than new coefficients: from
some dozens of decisions two numbers can be told, not fifteen, and neither the order of matches nor what the model looks
at changes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.models import Pair, PairJudgement
from index.pairs.protocol import Measured, PairModel

LEAST = 1e-6  # a probability nearer to 0 or 1 says no more


@dataclass(frozen=True, slots=True)
class SiteCalibration:
    """Log odds times `slope` plus `offset`. The slope is positive, so that what was surer stays surer."""

    slope: float = 1.0
    offset: float = 0.0

    def confidence(self, shipped: float) -> float:
        """What the shipped confidence means here."""
        return shipped if self == AS_SHIPPED else probability(self.slope * log_odds(shipped) + self.offset)

    def shipped(self, confidence: float) -> float:
        """The shipped confidence that a confidence here was made of."""
        return confidence if self == AS_SHIPPED else probability((log_odds(confidence) - self.offset) / self.slope)


AS_SHIPPED = SiteCalibration()


def log_odds(probability: float) -> float:
    """The logarithm of the odds, finite also of what is certain."""
    bounded = min(max(probability, LEAST), 1 - LEAST)
    return math.log(bounded / (1 - bounded))


def probability(odds: float) -> float:
    """The probability with these log odds."""
    return 1 / (1 + math.exp(-odds))


class SiteCalibrated:
    """A pair model whose stances are shares of its confidence, with that set right; the rest goes to neutral."""

    def __init__(self, model: PairModel, site: SiteCalibration) -> None:
        self._model, self._site = model, site
        self.model_id, self.calibration_id = model.model_id, model.calibration_id
        self.min_confidence, self.is_reader, self.ranks = model.min_confidence, model.is_reader, model.ranks
        self.measured: Mapping[str, Measured] = model.measured

    def calibrated(self, site: SiteCalibration) -> PairModel:
        """The same model with other numbers, or as it ships."""
        return self._model.calibrated(site)

    def judge(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """One judgement a pair, in order."""
        return [self._adjusted(each) for each in self._model.judge(pairs)]

    def estimate(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """An estimate as it is, where the model judges better; else what it judges."""
        estimated = self._model.estimate(pairs)
        return estimated if self.is_reader else [self._adjusted(each) for each in estimated]

    def _adjusted(self, judged: PairJudgement) -> PairJudgement:
        confidence = self._site.confidence(judged.confidence)
        share = confidence / judged.confidence if judged.confidence else 0.0
        supports, refutes = judged.supports * share, judged.refutes * share
        return replace(
            judged, confidence=confidence, supports=supports, refutes=refutes, neutral=1 - supports - refutes
        )
