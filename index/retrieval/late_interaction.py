"""Late interaction: for each token of a statement the nearest token of a text (MaxSim; Khattab and Zaharia 2020).

A text of many sentences has one vector for all of them. Token by token a statement still finds its own words in it,
and where they stand in another order or under other names, what means the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.model.kept_tokens import TokenVectors
from index.models import Nearness

_LEAST = 1e-9


def max_sim(statement: TokenVectors, text: TokenVectors) -> float:
    """The mean, over a statement's tokens, of the cosine to the nearest token of a text; rare tokens weigh more."""
    nearest = (statement.vectors @ text.vectors.T).max(axis=1)
    return float(nearest @ statement.rarity / max(statement.content, _LEAST))


def stand_out(
    values: Sequence[float], among: Sequence[float], others: slice, least_near: float, least_spread: float
) -> list[Nearness]:
    """How each value stands out from those `among` which are at the places `others`, by size; there must be some.

    They count as `least_near` at least, and as `least_spread` apart.
    """
    usual = np.sort(np.asarray(among, float))[::-1][others]
    mean, spread = max(float(usual.mean()), least_near), max(float(usual.std()), least_spread)
    return [Nearness(value, mean, spread) for value in values]
