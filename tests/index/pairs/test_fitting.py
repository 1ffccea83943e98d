"""The numbers of a calibration on site: as shipped without decisions, what made the decisions with many."""

from __future__ import annotations

import math
import random

import pytest

from index.pairs.fitting import LEAST_SLOPE, Told, fit, log_loss
from index.pairs.site import AS_SHIPPED, SiteCalibration


def drawn(site: SiteCalibration, many: int) -> list[Told]:
    chance = random.Random(7)
    told = []
    for _ in range(many):
        confidence = chance.uniform(0.02, 0.98)
        told.append(Told(confidence, float(chance.random() < site.confidence(confidence))))
    return told


def test_without_decisions_or_with_what_the_shipped_calibration_says_nothing_moves() -> None:
    assert fit([]) == AS_SHIPPED
    assert fit([Told(each, each) for each in (0.1, 0.5, 0.75, 0.99)]) == AS_SHIPPED


def test_many_decisions_give_the_numbers_that_made_them() -> None:
    found = fit(drawn(SiteCalibration(0.7, -0.8), 20_000))
    assert (found.slope, found.offset) == (pytest.approx(0.7, abs=0.04), pytest.approx(-0.8, abs=0.05))


def test_few_decisions_move_it_less() -> None:
    few, many = ([Told(0.9, 0.0)] * n for n in (3, 300))
    assert fit(many).confidence(0.9) < fit(few).confidence(0.9) < 0.9


def test_what_nobody_decided_on_holds_it_back() -> None:
    complaints = [Told(0.9, 0.0)] * 30 + [Told(0.9, 1.0)] * 20
    alone, among = fit(complaints), fit(complaints + [Told(0.9, 0.9)] * 1000)
    assert alone.confidence(0.9) < 0.6
    assert among.confidence(0.9) == pytest.approx((1000 * 0.9 + 20) / 1050, abs=0.005)


def test_decisions_that_say_the_opposite_never_turn_the_order_around() -> None:
    found = fit([Told(0.99, 0.0), Told(0.01, 1.0)] * 2000)
    assert found.slope == LEAST_SLOPE
    assert found.confidence(0.6) > found.confidence(0.5)


def test_the_log_loss_is_the_mean_of_what_surprises() -> None:
    assert log_loss([Told(0.5, 1.0), Told(0.25, 0.0)]) == pytest.approx((math.log(2) - math.log(0.75)) / 2)
