"""Files of vectors as faiss writes them, written piece by piece: a large one never lies in memory.

faiss gives the bytes of an index without vectors, which say what kind it is; what is added here is their number, the
vectors and their keys. tests/index/retrieval/test_vectors.py compares both to the byte.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from index.model.embedder import Vectors

Keys = NDArray[np.int64]
RowsOf = Callable[[NDArray[np.int64]], Vectors]  # the vectors at these places

PIECE = 4096  # vectors that are held at a time
TOTAL = slice(8, 16)  # of an index: behind what it is called and its dimensions
INNER = 37  # where the index inside IDMap begins
NOTHING = bytes(8)  # the length of what is empty
LISTS, ALL_SIZES = b"ilar", b"full"


def write_flat(file: BinaryIO, empty: bytes, keys: Keys, rows_of: RowsOf) -> None:
    """All vectors one after the other, and then their keys. Raises OSError."""
    head, total = bytearray(empty), number(len(keys))
    head[TOTAL] = total
    head[INNER + TOTAL.start : INNER + TOTAL.stop] = total
    if head[-16:] != NOTHING + NOTHING:
        raise ValueError("this is not how faiss writes a flat index")
    places = np.arange(len(keys), dtype=np.int64)
    file.write(head[:-16])
    dimensions = rows_of(places[:0]).shape[1]
    file.write(number(len(keys) * dimensions * np.float16().nbytes))
    for start in range(0, len(keys), PIECE):
        file.write(halves(rows_of(places[start : start + PIECE])))
    file.write(total)
    file.write(keys.tobytes())


def write_cells(file: BinaryIO, empty: bytes, keys: Keys, cells: NDArray[np.int64], rows_of: RowsOf) -> None:
    """Cell by cell its vectors and then their keys; `cells` says for each place which one it is in. Raises OSError."""
    at = empty.rindex(LISTS)
    count = int(np.frombuffer(empty, np.int64, 1, at + len(LISTS))[0])
    file.write(empty[: TOTAL.start] + number(len(keys)) + empty[TOTAL.stop : at])
    sizes = np.bincount(cells, minlength=count).astype(np.int64)
    file.write(empty[at : at + len(LISTS) + 16] + ALL_SIZES + number(count) + sizes.tobytes())
    in_order, start = np.argsort(cells, kind="stable"), 0
    for size in sizes[sizes > 0]:
        places = in_order[start : start + size]
        file.write(halves(rows_of(places)))
        file.write(keys[places].tobytes())
        start += size


def number(count: int) -> bytes:
    """A number as faiss writes it."""
    return np.int64(count).tobytes()


def halves(rows: Vectors) -> bytes:
    """Vectors with 16-bit values, which is what they were read from: nothing is lost."""
    return rows.astype(np.float16).tobytes()
