"""What a match means: how sure it must be, and the reliability plot, what the pair model's confidence says against how
often it is so (DeGroot & Fienberg 1983).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.errors import shown_name
from index.pairs.protocol import Bin
from index.retrieval.search import StatementIndex
from service.config import Settings
from service.pipeline.provenance import thresholds_in_force
from service.pipeline.verdict import required_confidence
from service.thresholds import configured_thresholds

WIDTH = HEIGHT = 240  # of the drawing's square, in its own units
MIN_RADIUS, MAX_RADIUS = 3.0, 12.0
MANY_CLAIMS = 20  # of a page, as an example of what a match needs there


@dataclass(frozen=True, slots=True)
class Dot:
    """One bin in the drawing: its place, and a size that grows with how many pairs are in it."""

    x: float
    y: float
    radius: float
    bin: Bin


def about_matches(index: StatementIndex, settings: Settings) -> dict[str, Any]:
    """What a match needs and how the pair model did, by the names that the page gives them."""
    thresholds = thresholds_in_force(configured_thresholds(settings), index)
    return {
        "measured": index.pair_model.measured,
        "model": shown_name(index.pair_model.model_id),
        "thresholds": thresholds.digest,
        "minimum": index.min_confidence,
        "few": thresholds.growth.few_claims,
        "many": MANY_CLAIMS,
        "minimum_of_many": required_confidence(MANY_CLAIMS, thresholds),
    }


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
