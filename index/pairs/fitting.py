"""Fits a calibration on site to decided matches: two numbers, with a prior around the shipped ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.pairs.site import SiteCalibration, log_odds

# How far the numbers are expected from the shipped ones: standard deviations of the prior. Choices: a slope rarely
# halves or doubles, and an offset of 1 turns .7 into .86 or .46.
SLOPE_SPREAD, OFFSET_SPREAD = 0.25, 1.0
LEAST_SLOPE, MOST_SLOPE = 0.25, 4.0  # what was surer must stay surer, and by more than rounding
STEPS = 50  # Newton's method needs fewer than ten


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one match: its shipped confidence, and how probable it is that it is right.

    That is 0 or 1 where somebody decided.
    """

    confidence: float
    right: float


def fit(told: Sequence[Told]) -> SiteCalibration:
    """The most probable numbers: logistic regression of right on the shipped log odds (Platt 1999), with the prior."""
    odds = np.array([log_odds(each.confidence) for each in told], float)
    right = np.array([each.right for each in told], float)
    inputs = np.stack([odds, np.ones(len(told))], axis=1)
    centre = np.array([1.0, 0.0])
    precision = np.diag([SLOPE_SPREAD**-2, OFFSET_SPREAD**-2])
    numbers = centre.copy()
    for _ in range(STEPS):
        expected = 1 / (1 + np.exp(-np.clip(inputs @ numbers, -30, 30)))
        gradient = inputs.T @ (expected - right) + precision @ (numbers - centre)
        curvature = (inputs * (expected * (1 - expected))[:, None]).T @ inputs + precision
        step = np.linalg.solve(curvature, gradient)
        numbers = numbers - np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-9:
            break
    slope = float(np.clip(numbers[0], LEAST_SLOPE, MOST_SLOPE))
    return SiteCalibration(round(slope, 6), round(float(numbers[1]), 6))


def log_loss(told: Sequence[Told]) -> float:
    """How surprising what is known is on average, in nats: lower is better."""
    expected = np.array([each.confidence for each in told], float)
    right = np.array([each.right for each in told], float)
    expected = np.clip(expected, 1e-6, 1 - 1e-6)
    return float(-(right * np.log(expected) + (1 - right) * np.log(1 - expected)).mean())
