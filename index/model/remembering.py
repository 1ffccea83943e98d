"""RememberingEmbedder: encodes a text once, however many stages of one check ask for its vector."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.model.embedder import Embedder, Vectors


class RememberingEmbedder:
    """An embedder that keeps the vectors of the texts looked up so far. Made for one check, then thrown away."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    @property
    def model_id(self) -> str:
        """That of the embedder within."""
        return self._embedder.model_id

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._embedder.dimensions

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be looked up; only new ones are encoded."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._embedder.encode_queries(new), strict=True))
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        return np.stack([self._known[text] for text in texts])

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found; these are not kept."""
        return self._embedder.encode_statements(texts)
