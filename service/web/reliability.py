"""The reliability plot: what the pair model's confidence says against how often it is so (DeGroot & Fienberg 1983)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.pairs.protocol import Bin

WIDTH = HEIGHT = 240  # of the drawing's square, in its own units
MIN_RADIUS, MAX_RADIUS = 3.0, 12.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One bin in the drawing: its place, and a size that grows with how many pairs are in it."""

    x: float
    y: float
    radius: float
    bin: Bin


def draw_dots(bins: Sequence[Bin]) -> list[Dot]:
    """The bins as dots: confidence to the right, the share that made the same claim upwards; area as the pairs."""
    most = max((each.pairs for each in bins), default=1)
    return [
        Dot(
            round(each.confidence * WIDTH, 1),
            round((1 - each.same) * HEIGHT, 1),
            round(max(MIN_RADIUS, MAX_RADIUS * (each.pairs / most) ** 0.5), 1),
            each,
        )
        for each in bins
    ]
