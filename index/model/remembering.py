"""RememberingEmbedder: encodes a text once, however many stages of one check ask for its vector."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from index.model.embedder import Embedder, Vectors
from index.model.kept_tokens import TokenVectors
from index.model.passages import Passage, PassageVectors

AT_ONCE = 128  # texts; about a second's work
PASSAGES_AT_ONCE = 32


class RememberingEmbedder:
    """An embedder that keeps the vectors of the texts looked up so far. Made for one check, then thrown away.

    `go_on` is called every AT_ONCE texts, and ends the work by raising.
    """

    def __init__(self, embedder: Embedder, go_on: Callable[[], object] = lambda: None) -> None:
        self._embedder, self._go_on = embedder, go_on
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
        for start in range(0, len(new), AT_ONCE):
            self._go_on()
            some = new[start : start + AT_ONCE]
            self._known.update(zip(some, self._embedder.encode_queries(some), strict=True))
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        return np.stack([self._known[text] for text in texts])

    def encode_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of texts to be looked up, each as a whole and by its windows; these are not kept."""
        found: list[PassageVectors] = []
        for start in range(0, len(passages), PASSAGES_AT_ONCE):
            self._go_on()
            found += self._embedder.encode_passages(passages[start : start + PASSAGES_AT_ONCE])
        return found

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found; these are not kept."""
        return self._embedder.encode_statements(texts)

    def encode_tokens(self, texts: Sequence[str], keep: bool = False) -> list[TokenVectors]:
        """The vectors of each text's tokens, from the embedder within."""
        return self._embedder.encode_tokens(texts, keep)
