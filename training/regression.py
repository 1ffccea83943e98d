"""Logistic regression as all of this project's small weights are fitted: a ridge on the weights, none on the bias."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression

RIDGE = 1e-3  # of few features and many rows: it only keeps the weights finite


def fit_logistic(
    x: np.ndarray,
    y: np.ndarray,
    counts: np.ndarray | None = None,
    ridge: np.ndarray | float = RIDGE,
    balanced: bool = False,
) -> np.ndarray:
    """Bias and weights that make half of ridge * weight² and the rows' log loss least.

    A row counts as often as `counts` says. `ridge` may differ by feature; `balanced` lets both classes weigh alike.
    """
    scale = np.sqrt(np.broadcast_to(ridge, x.shape[1]))  # one ridge for all is what the library knows
    model = LogisticRegression(
        C=1.0, solver="newton-cg", tol=1e-10, max_iter=1000, class_weight="balanced" if balanced else None
    )
    model.fit(x / scale, y, counts)
    return np.concatenate([model.intercept_, model.coef_[0] / scale])


def probabilities(x: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """What a fitted regression says of rows."""
    return np.asarray(1 / (1 + np.exp(-(fitted[0] + x @ fitted[1:]))))
