"""Unit vectors by statement key, searched by inner product. The only home of faiss."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnavailable
from index.model.embedder import Vectors
from index.retrieval.vector_files import PIECE, Keys, write_cells, write_flat

FLAT_LIMIT = 100_000  # below, every vector is compared; from here on the cells of an approximate index pay off
TRAINING_PER_CELL = 48
PROBES = 320  # cells looked into per query: hit@10 within .01 of exact, see benchmarks/RESULTS.md
HASHTABLE = 2  # faiss.DirectMap.Hashtable, which its type stubs leave out; the only kind for any keys
MAPPED_BYTES = 16_000_000  # larger files are not read but mapped: only what is searched comes into memory, and may go
GROWTH = 4  # trained anew when it has grown this much since the cells were drawn

NO_KEY = -1  # where fewer are found than were asked for


@dataclass(frozen=True, slots=True)
class Hit:
    """A statement's key and how similar it is (cosine of unit vectors)."""

    key: int
    similarity: float


class FaissVectors:
    """FAISS, with 16-bit values: compares all below FLAT_LIMIT vectors, has inverted cells from there on.

    What is in memory can be changed, by one thread at a time and while nobody searches; what was loaded stays as it is.
    """

    def __init__(self, dimensions: int) -> None:
        self.dimensions = dimensions
        self._index: Any = flat_index(dimensions)
        self._keys = np.zeros(0, np.int64)  # in ascending order
        self.is_mapped = False

    @classmethod
    def load(cls, path: Path) -> FaissVectors:
        """Read what was written. Raises IndexUnavailable where it is missing or damaged.

        A mapped file must not be shortened while it is in use: the process would end.
        """
        import faiss

        loaded = cls.__new__(cls)
        try:
            loaded.is_mapped = path.stat().st_size >= MAPPED_BYTES
            index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC if loaded.is_mapped else 0)
        except (OSError, RuntimeError) as error:
            raise IndexUnavailable(f"The vector index {path.name} is missing or damaged; it is built anew.") from error
        loaded.dimensions = index.d
        loaded._index = index
        loaded._keys = loaded._read_keys()
        if loaded.is_approximate:
            index.nprobe = PROBES
            index.set_direct_map_type(HASHTABLE)
        return loaded

    def save(self, path: Path) -> None:
        """Write to a file. Raises IndexUnavailable (a full disk, say)."""
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise unwritable() from error

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def is_approximate(self) -> bool:
        """Whether it looks into some cells only."""
        return hasattr(self._index, "nprobe")

    def add(self, keys: Sequence[int], vectors: Vectors) -> None:
        """Add vectors of shape (len(keys), dimensions); a key that is there already is replaced."""
        new = np.asarray(keys, np.int64)
        self.remove(new[self.holds(new)])
        if len(new):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), new)
            self._keys = np.union1d(self._keys, new)

    def remove(self, keys: Sequence[int] | Keys) -> None:
        """Remove vectors; unknown keys are ignored."""
        import faiss

        there = np.asarray(keys, np.int64)
        there = there[self.holds(there)]
        if len(there):
            self._index.remove_ids(faiss.IDSelectorBatch(there))
            self._keys = np.setdiff1d(self._keys, there)

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

    def reconstruct(self, keys: Sequence[int] | Keys) -> Vectors:
        """The stored vectors, shape (len(keys), dimensions); zeros for unknown keys."""
        asked = np.asarray(keys, np.int64)
        found = np.zeros((len(asked), self.dimensions), np.float32)
        there = self.holds(asked)
        if there.any():
            found[there] = self._index.reconstruct_batch(asked[there])
        return found

    def keys(self) -> Keys:
        """All keys, in ascending order."""
        return self._keys

    def holds(self, keys: Keys) -> NDArray[np.bool_]:
        """For each of these keys whether it is there."""
        return are_among(keys, self._keys)

    def cells_for(self, count: int) -> Any:
        """The cells, where so many vectors may lie in them; None where they are to be drawn anew, or there are none."""
        fits = self.is_approximate and count <= GROWTH * (self._index.nlist / 4) ** 2
        return self._index.quantizer if fits else None

    def _read_keys(self) -> Keys:
        import faiss

        if not self.is_approximate:
            return np.sort(faiss.vector_to_array(self._index.id_map))
        lists = self._index.invlists
        sizes = [lists.list_size(cell) for cell in range(self._index.nlist)]
        pieces = [faiss.rev_swig_ptr(lists.get_ids(cell), size) for cell, size in enumerate(sizes) if size]
        return np.sort(np.concatenate([np.zeros(0, np.int64), *pieces]))


class Gathered:
    """Vectors of several, each with those of its keys that count, in ascending order of all keys."""

    def __init__(self, sources: Sequence[tuple[FaissVectors, Keys]]) -> None:
        self._vectors = [vectors for vectors, _ in sources]
        keys = np.concatenate([np.zeros(0, np.int64), *(keys for _, keys in sources)])
        order = np.argsort(keys)
        self.keys: Keys = keys[order]
        self._owners = np.repeat(np.arange(len(sources), dtype=np.int16), [len(keys) for _, keys in sources])[order]
        self.dimensions = self._vectors[0].dimensions

    def rows_of(self, places: NDArray[np.int64]) -> Vectors:
        """The vectors of the keys at these places."""
        rows = np.zeros((len(places), self.dimensions), np.float32)
        owners = self._owners[places]
        for owner in np.unique(owners):
            own = owners == owner
            rows[own] = self._vectors[owner].reconstruct(self.keys[places[own]])
        return rows


def write_merged(sources: Sequence[tuple[FaissVectors, Keys]], path: Path) -> None:
    """The vectors of several as one file, the oldest first, each with those of its keys that count.

    Raises IndexUnavailable.
    """
    together = Gathered(sources)
    try:
        with path.open("xb") as file:
            if len(together.keys) < FLAT_LIMIT:
                write_flat(file, written(flat_index(together.dimensions)), together.keys, together.rows_of)
                return
            cells = sources[0][0].cells_for(len(together.keys)) or draw_cells(together, path.parent)
            empty = written(cell_index(cells, together.dimensions))
            write_cells(file, empty, together.keys, cells_of(together, cells), together.rows_of)
    except OSError as error:
        raise unwritable() from error


def draw_cells(together: Gathered, folder: Path) -> Any:
    """The middles of cells for so many vectors. What they are drawn from lies in a file meanwhile."""
    import faiss

    count, dimensions = len(together.keys), together.dimensions
    cells = int(4 * math.sqrt(count))
    drawn = np.sort(np.random.default_rng(7).choice(count, min(count, cells * TRAINING_PER_CELL), replace=False))
    middles = faiss.IndexFlatIP(dimensions)
    index = cell_index(middles, dimensions, cells)  # knows how cells are drawn for its kind of similarity
    index.cp.niter, index.cp.max_points_per_centroid = 8, TRAINING_PER_CELL
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    with TemporaryFile(dir=folder) as file:
        rows = np.memmap(file, np.float32, "w+", shape=(len(drawn), dimensions))
        for start in range(0, len(drawn), PIECE):
            rows[start : start + PIECE] = together.rows_of(drawn[start : start + PIECE])
        faiss.Clustering(dimensions, cells, index.cp).train(rows, middles)
    return middles


def cells_of(together: Gathered, cells: Any) -> NDArray[np.int64]:
    """For each vector the cell that it lies in."""
    import faiss

    faiss.omp_set_num_threads(os.cpu_count() or 1)
    found = np.zeros(len(together.keys), np.int64)
    places = np.arange(len(found), dtype=np.int64)
    for start in range(0, len(found), PIECE):
        rows = together.rows_of(places[start : start + PIECE])
        found[start : start + PIECE] = cells.assign(rows, 1)[:, 0]
    return found


def flat_index(dimensions: int) -> Any:
    """An empty index that compares all vectors.

    16 bits are half the memory of 32, and half the time of one query; the ten nearest are the same ones but for .001.
    """
    import faiss

    flat = faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    return faiss.IndexIDMap2(flat)


def cell_index(cells: Any, dimensions: int, count: int | None = None) -> Any:
    """An empty index with these cells."""
    import faiss

    index = faiss.IndexIVFScalarQuantizer(
        cells, dimensions, count or cells.ntotal, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index.by_residual, index.is_trained, index.nprobe = False, True, PROBES
    return index


def written(empty: Any) -> bytes:
    """An index as faiss writes it."""
    import faiss

    return bytes(faiss.serialize_index(empty))


def are_among(keys: Keys, known: Keys) -> NDArray[np.bool_]:
    """For each of some keys whether it is among known ones, which are in ascending order."""
    places = np.searchsorted(known, keys)
    found = np.zeros(len(keys), bool)
    inside = places < len(known)
    found[inside] = known[places[inside]] == keys[inside]
    return found


def unwritable() -> IndexUnavailable:
    """What to say where a file cannot be written."""
    return IndexUnavailable("The vector index cannot be written: is the disk full?")
