"""Files of vectors written by hand: what is not as faiss writes it is refused. That all else is: test_vectors.py."""

from __future__ import annotations

import io

import numpy as np
import pytest

from index.retrieval.vector_files import halves, number, write_flat
from index.retrieval.vectors import FaissVectors, flat_index, written


def test_an_index_that_does_not_end_as_an_empty_one_does_is_refused() -> None:
    vectors = FaissVectors(2)
    vectors.add([1], np.array([[1, 0]], np.float32))
    full = written(vectors._index)
    with pytest.raises(ValueError, match="not how faiss writes"):
        write_flat(io.BytesIO(), full, np.array([1], np.int64), vectors.reconstruct)


def test_without_vectors_the_file_is_that_of_an_empty_index() -> None:
    file, empty = io.BytesIO(), written(flat_index(2))
    write_flat(file, empty, np.zeros(0, np.int64), lambda places: np.zeros((len(places), 2), np.float32))
    assert file.getvalue() == empty


def test_numbers_and_vectors_are_written_as_faiss_reads_them() -> None:
    assert number(258) == b"\x02\x01\0\0\0\0\0\0"
    assert halves(np.array([[1, -2]], np.float32)) == b"\x00\x3c\x00\xc0"
