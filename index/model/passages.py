"""Passages: texts of several sentences, read twice, once as a whole and once sentence by sentence.

The vector of a window of several sentences is the mean of theirs, by their lengths. Read by themselves such windows
would bring each sentence five times more before the network: benchmarks/RESULTS.md, "Windows from sentences".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.model.kept_tokens import TokenVectors

Vectors = NDArray[np.float32]

_LEAST = 1e-9


class Passage(NamedTuple):
    """A text, its sentences, and its windows: runs of neighbouring sentences, each as the places (first, end)."""

    text: str
    sentences: tuple[str, ...]
    windows: tuple[tuple[int, int], ...] = ()

    def texts(self) -> list[str]:
        """The whole text, then each window."""
        return [self.text, *(" ".join(self.sentences[first:end]) for first, end in self.windows)]


class PassageVectors(NamedTuple):
    """Unit vectors of shape (1 + windows, dimensions), the whole text's first; and the text by its tokens, where the
    embedder came by them on its way."""

    vectors: Vectors
    tokens: TokenVectors | None = None


class Reading(NamedTuple):
    """Texts read one by one: their unit vectors, and how many tokens each has."""

    vectors: Sequence[Vectors]
    lengths: Sequence[int]

    def middle(self, first: int, end: int) -> Vectors:
        """The unit vector in the middle of neighbours; longer ones count more."""
        total = np.average(self.vectors[first:end], axis=0, weights=self.lengths[first:end])
        return np.asarray(total / max(float(np.linalg.norm(total)), _LEAST), np.float32)


def in_chunks(sentences: Sequence[Sequence[int]], room: int) -> list[list[int]]:
    """Token ids of sentences in as few chunks of neighbours as have at most `room` tokens; a longer sentence is cut."""
    chunks: list[list[int]] = [[]]
    for sentence in sentences:
        if chunks[-1] and len(chunks[-1]) + len(sentence) > room:
            chunks.append([])
        chunks[-1] += sentence[:room]
    return chunks


def joined(passage: Passage, chunks: Reading, tokens: Sequence[TokenVectors], sentences: Reading) -> PassageVectors:
    """A passage's vectors, of the chunks that the whole was read in, their tokens, and the sentences read alone."""
    whole = chunks.middle(0, len(chunks.lengths))
    windows = [sentences.middle(first, end) for first, end in passage.windows]
    of_all = TokenVectors(*(np.concatenate(parts) for parts in zip(*tokens, strict=True)))
    return PassageVectors(np.stack([whole, *windows]), of_all)


def encode_separately(encode: Callable[[Sequence[str]], Vectors], passages: Sequence[Passage]) -> list[PassageVectors]:
    """Passages by an encoder of texts: each window is read by itself."""
    texts = [passage.texts() for passage in passages]
    vectors = encode([text for some in texts for text in some])
    ends = np.cumsum([len(some) for some in texts])
    return [PassageVectors(vectors[end - len(some) : end]) for some, end in zip(texts, ends, strict=True)]
