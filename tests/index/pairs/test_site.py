"""Calibration on site: confidences set right by two numbers, in every pair model, exactly where that is possible."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from index.models import Pair, PairJudgement
from index.pairs.protocol import PairModel
from index.pairs.reader import Coefficients
from index.pairs.rules import RulePairModel
from index.pairs.site import AS_SHIPPED, SiteCalibrated, SiteCalibration


class Alike:
    """Every two texts are the same."""

    model_id, dimensions = "alike", 1

    def encode_queries(self, texts):
        import numpy as np

        return np.ones((len(texts), 1), np.float32)

    encode_statements = encode_queries


@dataclass
class Sure:
    """A model that is always as sure, and guesses half as much."""

    is_reader: bool = True
    model_id: str = "sure"
    calibration_id: str = "sure-1"
    min_confidence: float = 0.7
    ranks: bool = False
    measured: dict[str, object] = field(default_factory=dict)

    def calibrated(self, site: SiteCalibration) -> PairModel:
        return SiteCalibrated(self, site)  # type: ignore[arg-type,return-value]

    def judge(self, pairs):
        return [PairJudgement(0.8, 0.6, 0.2, 0.2) for _ in pairs]

    def estimate(self, pairs):
        return [PairJudgement(0.4, 0.3, 0.1, 0.6) for _ in pairs]


PAIRS = [Pair("Hot water cures all.", "Hot water cures all.")]


def test_the_log_odds_are_multiplied_and_moved() -> None:
    site = SiteCalibration(0.5, -1.0)
    assert site.confidence(0.9) == pytest.approx(0.5246331)  # log odds 2.197 -> .0986
    assert site.confidence(0.5) == pytest.approx(0.2689414)  # 0 -> -1
    assert site.shipped(site.confidence(0.73)) == pytest.approx(0.73)
    assert 0 < site.confidence(0.0) < site.confidence(1.0) < 1
    assert (AS_SHIPPED.confidence(0.123), AS_SHIPPED.shipped(1.0)) == (0.123, 1.0)


def test_a_logistic_function_set_right_is_one_again_and_says_the_same() -> None:
    function, features = Coefficients(-1.0, (2.0, 0.5)), (0.7, -0.3)
    site = SiteCalibration(0.8, 0.4)
    assert function.calibrated(site).confidence(features) == pytest.approx(
        site.confidence(function.confidence(features))
    )
    assert function.calibrated(AS_SHIPPED) == function


def test_what_a_model_judges_is_set_right_and_its_guesses_only_where_it_judges_no_better() -> None:
    site = SiteCalibration(1.0, -1.0)
    (judged,) = Sure().calibrated(site).judge(PAIRS)
    assert judged.confidence == pytest.approx(0.5953903)  # log odds 1.386 -> .386
    assert judged.supports / judged.refutes == pytest.approx(3.0)
    assert judged.supports + judged.refutes + judged.neutral == pytest.approx(1.0)
    assert judged.supports == pytest.approx(0.5953903 * 0.75)
    assert Sure().calibrated(site).estimate(PAIRS)[0].confidence == 0.4
    assert Sure(is_reader=False).calibrated(site).estimate(PAIRS)[0].confidence == pytest.approx(0.1969503)


def test_numbers_replace_each_other_and_the_name_of_the_calibration_stays() -> None:
    rules = RulePairModel(Alike())  # type: ignore[arg-type]
    once = rules.calibrated(SiteCalibration(1.0, -1.0))
    again = once.calibrated(SiteCalibration(1.0, -0.5))
    shipped = rules.judge(PAIRS)[0].confidence
    assert again.judge(PAIRS)[0].confidence == pytest.approx(SiteCalibration(1.0, -0.5).confidence(shipped))
    assert (once.model_id, once.calibration_id, once.min_confidence) == (
        rules.model_id, rules.calibration_id, rules.min_confidence,
    )  # fmt: skip
    assert once.calibrated(AS_SHIPPED) is rules
