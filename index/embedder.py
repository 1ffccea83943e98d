"""Texts to unit vectors: the Embedder protocol and the implementations that encode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into float32 unit vectors of shape (len(texts), dimensions)."""

    @property
    def model_id(self) -> str:
        """Names the weights and the way they are run; vectors of different ids must never be compared."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be looked up."""

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found."""
