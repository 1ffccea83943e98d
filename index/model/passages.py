"""Passages: texts of several sentences, read twice, once as a whole and once sentence by sentence.

Windows of several sentences are pooled from the tokens of the whole ("late chunking"; Günther et al. 2024): read by
themselves they would bring each sentence five times more before the network. A sentence is found better where it was
read alone: benchmarks/RESULTS.md, "Late chunking".
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

    def alone(self) -> list[str]:
        """The windows of one sentence."""
        return [self.sentences[first] for first, end in self.windows if end - first == 1]


class PassageVectors(NamedTuple):
    """Unit vectors of shape (1 + windows, dimensions), the whole text's first; and the text by its tokens, where the
    embedder came by them on its way."""

    vectors: Vectors
    tokens: TokenVectors | None = None


class Chunk(NamedTuple):
    """Sentences that were read together: the vector of all, their tokens, and how many tokens each sentence has.

    `marks` tokens stand before the first sentence.
    """

    vector: Vectors
    tokens: TokenVectors
    lengths: Sequence[int]
    marks: int

    def sentences(self) -> list[Vectors]:
        """The vectors of each sentence's tokens, of shape (tokens, dimensions)."""
        ends = self.marks + np.cumsum(self.lengths)
        return [self.tokens.vectors[end - length : end] for end, length in zip(ends, self.lengths, strict=True)]


def in_chunks(sentences: Sequence[Sequence[int]], room: int) -> list[list[list[int]]]:
    """Token ids of sentences in as few chunks of neighbours as have at most `room` tokens; a longer sentence is cut."""
    chunks: list[list[list[int]]] = [[]]
    left = room
    for sentence in sentences:
        if len(sentence) > left and chunks[-1]:
            chunks.append([])
            left = room
        chunks[-1].append(list(sentence[:left]))
        left -= len(chunks[-1][-1])
    return chunks


def pooled(passage: Passage, chunks: Sequence[Chunk], alone: Sequence[Vectors]) -> PassageVectors:
    """A passage's vectors, of all the chunks that it was read in and the vectors of the windows of one sentence."""
    whole = _mean([chunk.vector * sum(chunk.lengths) for chunk in chunks], chunks[0].vector)
    sentences = [vectors for chunk in chunks for vectors in chunk.sentences()]
    own = iter(alone)
    windows = [
        next(own) if end - first == 1 else _mean([row for each in sentences[first:end] for row in each], whole)
        for first, end in passage.windows
    ]
    tokens = TokenVectors(
        np.concatenate([chunk.tokens.vectors for chunk in chunks]),
        np.concatenate([chunk.tokens.rarity for chunk in chunks]),
    )
    return PassageVectors(np.stack([whole, *windows]), tokens)


def encode_separately(encode: Callable[[Sequence[str]], Vectors], passages: Sequence[Passage]) -> list[PassageVectors]:
    """Passages by an encoder of texts: each window is read by itself."""
    texts = [passage.texts() for passage in passages]
    vectors = encode([text for some in texts for text in some])
    ends = np.cumsum([len(some) for some in texts])
    return [PassageVectors(vectors[end - len(some) : end]) for some, end in zip(texts, ends, strict=True)]


def _mean(vectors: Sequence[Vectors], otherwise: Vectors) -> Vectors:
    """The unit vector in the middle of some; another where there are none."""
    total = np.sum(vectors, axis=0, dtype=np.float32) if len(vectors) else otherwise
    length = float(np.linalg.norm(total))
    return np.asarray(total / length, np.float32) if length > _LEAST else otherwise
