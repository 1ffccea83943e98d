"""Segments: vectors of statements that changed together. A newer one hides what older ones hold of its statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.model.embedder import Vectors
from index.retrieval.vector_files import Keys
from index.retrieval.vectors import NO_KEY, FaissVectors, write_merged

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

    def touched(self) -> Keys:
        """The keys of which older segments know nothing any more, in ascending order."""
        return np.union1d(self.vectors.keys(), np.fromiter(self.deleted, np.int64, len(self.deleted)))

    def __len__(self) -> int:
        return len(self.vectors) + len(self.deleted)


class Segments:
    """Segments together, oldest first, searched as if they were one."""

    def __init__(self, dimensions: int, parts: Sequence[Segment] = ()) -> None:
        self.dimensions, self.parts = dimensions, tuple(parts)
        newer = np.zeros(0, np.int64)
        hidden: list[Keys] = []
        for part in reversed(self.parts):
            hidden.append(newer[part.vectors.holds(newer)])
            if part is not self.parts[0]:  # nothing is older than the largest
                newer = np.union1d(newer, part.touched())
        self._hidden = tuple(reversed(hidden))

    def __len__(self) -> int:
        return sum(len(part.vectors) - len(hidden) for part, hidden in zip(self.parts, self._hidden, strict=True))

    def keys(self) -> set[int]:
        """The keys of all statements."""
        return {
            key
            for part, hidden in zip(self.parts, self._hidden, strict=True)
            for key in np.setdiff1d(part.vectors.keys(), hidden).tolist()
        }

    def mapped(self) -> set[str]:
        """The files that are read as they are searched."""
        return {part.name for part in self.parts if part.vectors.is_mapped}

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
        asked = np.asarray(keys, np.int64)
        found = np.zeros((len(asked), self.dimensions), np.float32)
        left = np.ones(len(asked), bool)
        for part in reversed(self.parts):
            here = left & part.vectors.holds(asked)
            if here.any():
                found[here] = part.vectors.reconstruct(asked[here])
            left &= ~here
            if part.deleted:
                left &= np.array([key not in part.deleted for key in asked.tolist()], bool)
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


def merged(parts: Sequence[Segment], path: Path, *, keeps_deleted: bool) -> tuple[FaissVectors, frozenset[int]]:
    """Neighbouring segments as one in a file, and its deleted keys; without those where nothing is older.

    Raises IndexUnavailable.
    """
    if len(parts) == 1:
        vectors = parts[0].vectors
        vectors.save(path)
        return vectors, parts[0].deleted if keeps_deleted else frozenset()
    newer = np.zeros(0, np.int64)
    sources: list[tuple[FaissVectors, Keys]] = []
    deleted: frozenset[int] = frozenset()
    for part in reversed(parts):
        sources.append((part.vectors, np.setdiff1d(part.vectors.keys(), newer, assume_unique=True)))
        deleted |= part.deleted.difference(newer.tolist()) if part.deleted else frozenset()
        newer = np.union1d(newer, part.touched())
    write_merged(sources[::-1], path)
    return FaissVectors.load(path), deleted if keeps_deleted else frozenset()
