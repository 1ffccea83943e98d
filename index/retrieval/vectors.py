"""Unit vectors by statement key, searched by inner product. The only home of faiss."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnavailable

FLAT_LIMIT = 100_000  # below, every vector is compared; from here on the cells of an approximate index pay off
TRAINING_PER_CELL = 48
PROBES = 320  # cells looked into per query: hit@10 within .01 of exact, see benchmarks/RESULTS.md
HASHTABLE = 2  # faiss.DirectMap.Hashtable, which its type stubs leave out; the only kind that allows removing
GROWTH = 4  # trained anew when it has grown this much since the cells were drawn

NO_KEY = -1  # where fewer are found than were asked for

Vectors = NDArray[np.float32]
Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hit:
    """A statement's key and how similar it is (cosine of unit vectors)."""

    key: int
    similarity: float


class FaissVectors:
    """FAISS, with 16-bit values: compares all below FLAT_LIMIT vectors, has inverted cells from there on.

    Writing is for one thread at a time; searching while somebody writes is not allowed.
    """

    def __init__(self, dimensions: int) -> None:
        import faiss

        self.dimensions = dimensions
        # Half the memory of 32 bits, and half the time of one query; the ten nearest are the same ones but for .001.
        flat = faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        self._index: Any = faiss.IndexIDMap2(flat)
        self._keys: set[int] = set()

    @classmethod
    def load(cls, path: Path) -> FaissVectors:
        """Read what `save` wrote. Raises IndexUnavailable where it is missing or damaged."""
        import faiss

        try:
            index: Any = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexUnavailable(f"The vector index {path.name} is missing or damaged; it is built anew.") from error
        loaded = cls.__new__(cls)
        loaded.dimensions = index.d
        loaded._index = index
        loaded._keys = loaded._read_keys()
        if loaded.is_approximate:
            index.nprobe = PROBES
            index.set_direct_map_type(HASHTABLE)
        return loaded

    def copy(self) -> FaissVectors:
        """The same vectors, to be changed without changing these."""
        import faiss

        copied = type(self).__new__(type(self))
        copied.dimensions, copied._index, copied._keys = (
            self.dimensions,
            faiss.clone_index(self._index),
            set(self._keys),
        )
        if copied.is_approximate:
            copied._index.set_direct_map_type(HASHTABLE)
        return copied

    def save(self, path: Path) -> None:
        """Write to a file. Raises IndexUnavailable (a full disk, say)."""
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise IndexUnavailable("The vector index cannot be written: is the disk full?") from error

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def is_approximate(self) -> bool:
        """Whether it looks into some cells only."""
        return hasattr(self._index, "nprobe")

    def add(self, keys: Sequence[int], vectors: Vectors) -> None:
        """Add vectors of shape (len(keys), dimensions); a key that is there already is replaced."""
        known = [key for key in keys if key in self._keys]
        if known:
            self.remove(known)
        if len(keys):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.asarray(keys, np.int64))
            self._keys.update(map(int, keys))
        if len(self) >= FLAT_LIMIT and (not self.is_approximate or len(self) > GROWTH * (self._index.nlist / 4) ** 2):
            self._draw_cells()

    def remove(self, keys: Sequence[int]) -> None:
        """Remove vectors; unknown keys are ignored."""
        import faiss

        there = np.array([key for key in keys if key in self._keys], np.int64)
        if len(there):
            # Cells with a direct map take single ids only.
            selector = faiss.IDSelectorArray(there) if self.is_approximate else faiss.IDSelectorBatch(there)
            self._index.remove_ids(selector)
            self._keys.difference_update(map(int, there))

    def search(self, vectors: Vectors, limit: int) -> list[list[Hit]]:
        """For each row the `limit` most similar, best first (fewer where there are fewer)."""
        similarities, keys = self.nearest(vectors, limit)
        return [
            [Hit(int(key), float(similarity)) for key, similarity in zip(*row, strict=True) if key != NO_KEY]
            for row in zip(keys, similarities, strict=True)
        ]

    def nearest(self, vectors: Vectors, limit: int) -> tuple[Vectors, Keys]:
        """Similarities and keys of the most similar, one row a vector, best first; NO_KEY where there are fewer."""
        import faiss

        limit = min(limit, len(self))
        if not limit or not len(vectors):
            return np.zeros((len(vectors), 0), np.float32), np.zeros((len(vectors), 0), np.int64)
        # One thread a search (the setting is the calling thread's own): several would wait for each other, spinning,
        # whenever the machine has something else to do, and take forty times as long.
        faiss.omp_set_num_threads(1)
        similarities, keys = self._index.search(np.ascontiguousarray(vectors, np.float32), limit)
        return similarities, keys

    def reconstruct(self, keys: Sequence[int]) -> Vectors:
        """The stored vectors, shape (len(keys), dimensions); zeros for unknown keys."""
        found = np.zeros((len(keys), self.dimensions), np.float32)
        there = [place for place, key in enumerate(keys) if int(key) in self._keys]
        if there:
            found[there] = self._index.reconstruct_batch(np.array([keys[place] for place in there], np.int64))
        return found

    def keys(self) -> set[int]:
        """All keys."""
        return set(self._keys)

    def among(self, keys: Set[int]) -> set[int]:
        """Those of these keys that are there."""
        return self._keys & keys

    def _read_keys(self) -> set[int]:
        import faiss

        if not self.is_approximate:
            return set(map(int, faiss.vector_to_array(self._index.id_map)))
        lists = self._index.invlists
        sizes = [lists.list_size(cell) for cell in range(self._index.nlist)]
        return {
            int(key) for cell, size in enumerate(sizes) if size for key in faiss.rev_swig_ptr(lists.get_ids(cell), size)
        }

    def _draw_cells(self) -> None:
        import faiss

        faiss.omp_set_num_threads(os.cpu_count() or 1)
        keys = np.array(sorted(self._keys), np.int64)
        cells = int(4 * math.sqrt(len(keys)))
        drawn = np.random.default_rng(7).choice(len(keys), min(len(keys), cells * TRAINING_PER_CELL), replace=False)
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(self.dimensions), self.dimensions, cells, faiss.ScalarQuantizer.QT_fp16,
            faiss.METRIC_INNER_PRODUCT,
        )  # fmt: skip
        index.cp.niter = 8
        index.cp.max_points_per_centroid = TRAINING_PER_CELL
        index.by_residual = False
        index.train(self._index.reconstruct_batch(keys[np.sort(drawn)]))
        for start in range(0, len(keys), 50_000):  # in pieces, so that memory never holds everything twice
            some = keys[start : start + 50_000]
            index.add_with_ids(self._index.reconstruct_batch(some), some)
        index.nprobe = PROBES
        index.set_direct_map_type(HASHTABLE)
        self._index = index
