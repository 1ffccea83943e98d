"""The projection of token vectors, learned for late interaction (ColBERT, Khattab and Zaharia 2020).

The tokens of e5 all point in much the same direction. Projected, those that mean the same stay near each other, and
the others fall apart.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.digests import check_shipped

PROJECTION_FILE = Path(__file__).with_name("token_projection.npz")  # made by training/embedder/projection.py

_LEAST = 1e-9  # length of a vector, so that nothing is divided by none


def shipped_projection(path: Path = PROJECTION_FILE) -> NDArray[np.float32]:
    """The matrix that ships, of shape (width, width). Raises ModelUnavailable."""
    check_shipped(path)
    with np.load(path) as archive:
        return np.asarray(archive["projection"], np.float32)


def project(vectors: NDArray[np.float32], projection: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows as unit vectors, projected."""
    moved = vectors @ projection
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), _LEAST), np.float32)
