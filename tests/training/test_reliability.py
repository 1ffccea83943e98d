"""Bins of confidences and the calibration error, with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from index.pairs.protocol import Bin
from training.reliability import calibration_error, reliability


def test_pairs_of_like_confidence_share_a_bin() -> None:
    found = reliability(np.array([0.03, 0.05, 0.91, 0.99, 0.97, 1.0]), np.array([0, 1, 1, 1, 0, 1]))
    assert [each.pairs for each in found] == [2, 4]
    assert [each.confidence for each in found] == pytest.approx([0.04, 0.9675])
    assert [each.same for each in found] == pytest.approx([0.5, 0.75])


def test_an_edge_between_bins_belongs_to_the_lower() -> None:
    assert reliability(np.array([0.25, 0.3, 0.35]), np.array([1, 0, 1])) == (
        Bin(2, pytest.approx(0.275), pytest.approx(0.5)),
        Bin(1, pytest.approx(0.35), pytest.approx(1.0)),
    )


def test_the_error_is_how_far_a_pair_is_off_on_average() -> None:
    assert calibration_error(np.array([0.25, 0.25, 0.85, 0.85]), np.array([0, 1, 1, 1])) == pytest.approx(0.2)
    assert calibration_error(np.array([0.5, 0.5]), np.array([0, 1])) == pytest.approx(0.0)


def test_without_pairs_there_is_nothing_to_be_off() -> None:
    nothing = np.zeros(0)
    assert (reliability(nothing, nothing), calibration_error(nothing, nothing)) == ((), 0.0)
