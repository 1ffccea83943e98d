"""Logistic regressions with known answers: the optimum, weights of rows, ridges by feature, classes that weigh alike."""

from __future__ import annotations

import math

import numpy as np
import pytest

from training.regression import fit_logistic, probabilities

LOG3 = math.log(3)
# Of rows without the feature one in four is of the class, of those with it three in four.
X = np.array([[0.0]] * 4 + [[1.0]] * 4)
Y = np.array([1, 0, 0, 0, 1, 1, 1, 0])


def test_shares_are_told_as_they_are() -> None:
    fitted = fit_logistic(X, Y, ridge=1e-9)
    assert fitted == pytest.approx([-LOG3, 2 * LOG3], abs=1e-5)
    assert probabilities(X, fitted) == pytest.approx([0.25] * 4 + [0.75] * 4, abs=1e-5)


def test_a_row_counts_as_often_as_is_said() -> None:
    counted = fit_logistic(X, Y, np.array([1.0, 1, 1, 1, 1, 1, 1, 3]))
    repeated = fit_logistic(np.vstack([X, X[-1:], X[-1:]]), np.append(Y, [0, 0]))
    assert counted == pytest.approx(repeated, abs=1e-6)


@pytest.mark.parametrize("ridge", [0.5, np.array([0.5, 4.0])])
def test_no_other_weights_cost_less(ridge: float | np.ndarray) -> None:
    x = np.hstack([X, X[::-1] * 2 + np.arange(8)[:, None] / 4])
    fitted = fit_logistic(x, Y, ridge=ridge)

    def cost(weights: np.ndarray) -> float:
        said = probabilities(x, weights)
        return float(-np.log(np.where(Y == 1, said, 1 - said)).sum() + (ridge * weights[1:] ** 2).sum() / 2)

    for step in np.vstack([np.eye(3), -np.eye(3)]) / 100:
        assert cost(fitted + step) > cost(fitted)


def test_balanced_classes_weigh_alike_however_rare_one_is() -> None:
    nothing, rare = np.zeros((10, 1)), np.array([1] + [0] * 9)
    assert fit_logistic(nothing, rare, balanced=True)[0] == pytest.approx(0, abs=1e-6)
    assert fit_logistic(nothing, rare)[0] == pytest.approx(math.log(1 / 9), abs=1e-6)
