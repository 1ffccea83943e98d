"""Segments: vectors of statements that changed together. A newer one hides what older ones hold of its statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.model.embedder import Vectors
from index.retrieval.vectors import NO_KEY, FaissVectors, Keys

RATIO = 4  # a segment joins the newer ones when it is at most so many times as large as they are together


@dataclass(frozen=True)
class Segment:
    """One segment, never modified: the vectors of statements that were added or changed, and the keys of deleted ones.

    `name` is its file's; the SHA-256 of the content tells it from another of that name.
    """

    name: str
    sha256: str
    vectors: FaissVectors
    deleted: frozenset[int] = frozenset()

    def touched(self) -> set[int]:
        """The keys of which older segments know nothing any more."""
        return self.vectors.keys() | self.deleted

    def __len__(self) -> int:
        return len(self.vectors) + len(self.deleted)


class Segments:
    """Segments together, oldest first, searched as if they were one."""

    def __init__(self, dimensions: int, parts: Sequence[Segment] = ()) -> None:
        self.dimensions, self.parts = dimensions, tuple(parts)
        newer: set[int] = set()
        hidden: list[Keys] = []
        for part in reversed(self.parts):
            hidden.append(np.array(sorted(part.vectors.among(newer)), np.int64))
            if part is not self.parts[0]:  # nothing is older than the largest
                newer |= part.touched()
        self._hidden = tuple(reversed(hidden))

    def __len__(self) -> int:
        return sum(len(part.vectors) - len(hidden) for part, hidden in zip(self.parts, self._hidden, strict=True))

    def keys(self) -> set[int]:
        """The keys of all statements."""
        return {
            key
            for part, hidden in zip(self.parts, self._hidden, strict=True)
            for key in part.vectors.keys().difference(hidden.tolist())
        }

    def nearest(self, vectors: Vectors, limit: int) -> Keys:
        """The keys of the `limit` most similar for each row, best first; NO_KEY where there are fewer."""
        similarities, keys = [np.zeros((len(vectors), 0), np.float32)], [np.zeros((len(vectors), 0), np.int64)]
        for part, hidden in zip(self.parts, self._hidden, strict=True):
            near, found = _visible(part, hidden, vectors, limit)
            similarities.append(np.where(found == NO_KEY, -np.inf, near))
            keys.append(found)
        best = np.argsort(-np.concatenate(similarities, axis=1), axis=1, kind="stable")[:, :limit]
        return np.take_along_axis(np.concatenate(keys, axis=1), best, axis=1)

    def reconstruct(self, keys: Sequence[int]) -> Vectors:
        """The vectors, shape (len(keys), dimensions); zeros for unknown keys."""
        found = np.zeros((len(keys), self.dimensions), np.float32)
        left = {key: place for place, key in enumerate(keys)}
        for part in reversed(self.parts):
            here = list(part.vectors.among(left.keys()))
            if here:
                found[[left.pop(key) for key in here]] = part.vectors.reconstruct(here)
            for key in part.deleted & left.keys():
                del left[key]
        return found


def _visible(part: Segment, hidden: Keys, vectors: Vectors, limit: int) -> tuple[Vectors, Keys]:
    """What a segment finds that is not hidden, at least `limit` for each row where there are so many.

    A crowd of near ones that were deleted or changed together may fill the first places: then it is looked further.
    """
    most = limit + len(hidden)
    reach = min(most, 2 * limit)
    while True:
        near, found = part.vectors.nearest(vectors, reach)
        if not len(hidden):
            return near, found
        found = np.where(np.isin(found, hidden), NO_KEY, found)
        if reach >= most or ((found != NO_KEY).sum(axis=1) >= limit).all():
            return near, found
        reach = min(most, 4 * reach)


def due_for_merging(sizes: Sequence[int]) -> int:
    """How many of the newest segments are to become one, given all sizes, oldest first; 0 where none are.

    So there are never more than a dozen, and a statement is written again some five times before it comes to rest.
    """
    joined, together = 0, 0
    for size in reversed(sizes):
        if joined and size > RATIO * together:
            break
        joined, together = joined + 1, together + size
    return joined if joined > 1 else 0


def merged(parts: Sequence[Segment], *, keeps_deleted: bool) -> tuple[FaissVectors, frozenset[int]]:
    """Neighbouring segments as one, and its deleted keys; without those where nothing is older."""
    oldest, *newer = parts
    vectors, deleted = oldest.vectors.copy(), set(oldest.deleted)
    for part in newer:
        touched = part.touched()
        vectors.remove(list(touched))
        kept = sorted(part.vectors.keys())
        vectors.add(kept, part.vectors.reconstruct(kept))
        deleted = (deleted - touched) | part.deleted
    return vectors, frozenset(deleted) if keeps_deleted else frozenset()
