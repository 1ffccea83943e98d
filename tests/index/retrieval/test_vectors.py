"""Vectors by key: what faiss keeps must equal a plain table, before and after it switches to cells."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.retrieval.vectors
from index.errors import IndexUnavailable
from index.retrieval.vectors import FaissVectors, write_merged


def unit(rows: int, dimensions: int = 8, seed: int = 1) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(rows, dimensions)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_the_nearest_comes_first_with_its_cosine() -> None:
    vectors = FaissVectors(2)
    vectors.add([10, 20, 30], np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32))
    (hits,) = vectors.search(np.array([[1, 0]], np.float32), 5)
    assert [(hit.key, round(hit.similarity, 3)) for hit in hits] == [(10, 1.0), (30, 0.6), (20, 0.0)]


def test_an_empty_index_finds_nothing() -> None:
    assert FaissVectors(4).search(unit(2, 4), 3) == [[], []]


def test_a_key_that_is_added_again_is_replaced() -> None:
    vectors = FaissVectors(2)
    vectors.add([1], np.array([[1, 0]], np.float32))
    vectors.add([1], np.array([[0, 1]], np.float32))
    assert len(vectors) == 1
    assert vectors.reconstruct([1, 99]).tolist() == [[0, 1], [0, 0]]


def test_unknown_keys_are_removed_without_harm() -> None:
    vectors = FaissVectors(8)
    vectors.add([1, 2], unit(2))
    vectors.remove([2, 3, 4])
    assert vectors.keys().tolist() == [1]


steps = st.lists(
    st.tuples(st.booleans(), st.lists(st.integers(1, 30), min_size=1, max_size=8, unique=True)), max_size=12
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_any_order_of_adding_and_removing_equals_a_plain_table(steps: list[tuple[bool, list[int]]]) -> None:
    vectors, table = FaissVectors(8), {}
    for number, (adds, keys) in enumerate(steps):
        if adds:
            rows = unit(len(keys), seed=number)
            vectors.add(keys, rows)
            table |= dict(zip(keys, rows.astype(np.float16).astype(np.float32), strict=True))
        else:
            vectors.remove(keys)
            table = {key: row for key, row in table.items() if key not in keys}
    assert vectors.keys().tolist() == sorted(table)
    query = unit(1, seed=99)
    (hits,) = vectors.search(query, 40)
    expected = sorted(table, key=lambda key: -float(table[key] @ query[0]))
    assert [hit.key for hit in hits] == expected


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    vectors = FaissVectors(8)
    vectors.add(range(1, 51), unit(50))
    vectors.save(tmp_path / "v.faiss")
    loaded = FaissVectors.load(tmp_path / "v.faiss")
    assert loaded.keys().tolist() == vectors.keys().tolist()
    assert loaded.search(unit(3, seed=2), 5) == vectors.search(unit(3, seed=2), 5)


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "garbage"])
def test_a_damaged_file_is_unavailable_rather_than_a_crash(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "v.faiss"
    vectors = FaissVectors(8)
    vectors.add(range(1, 51), unit(50))
    vectors.save(path)
    whole = path.read_bytes()
    content = {"missing": None, "empty": b"", "cut": whole[: len(whole) // 2], "garbage": b"\x07" * 500}[damage]
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexUnavailable):
        FaissVectors.load(path)


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="disk"):
        FaissVectors(8).save(tmp_path / "nowhere" / "v.faiss")


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(index.retrieval.vectors, "FLAT_LIMIT", 2000)
    return 2000


def clustered(count: int, seed: int = 3) -> np.ndarray:
    draw = np.random.default_rng(seed)
    centres = unit(60, 32, seed=7)
    rows = centres[draw.integers(0, 60, count)] + 0.5 * unit(count, 32, seed=seed)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def in_memory(keys: range, rows: np.ndarray) -> FaissVectors:
    vectors = FaissVectors(rows.shape[1])
    vectors.add(keys, rows)
    return vectors


def merge(path: Path, *sources: FaissVectors, without: tuple[int, ...] = ()) -> FaissVectors:
    """Several as one; of the first one `without` these keys."""
    keys = [each.keys() for each in sources]
    keys[0] = np.setdiff1d(keys[0], without)
    write_merged(list(zip(sources, keys, strict=True)), path)
    return FaissVectors.load(path)


def test_what_is_merged_piece_by_piece_is_to_the_byte_what_faiss_writes(tmp_path: Path) -> None:
    rows = clustered(900)
    merge(tmp_path / "merged", in_memory(range(1, 601), rows[:600]), in_memory(range(601, 901), rows[600:]))
    in_memory(range(1, 901), rows).save(tmp_path / "whole")
    assert (tmp_path / "merged").read_bytes() == (tmp_path / "whole").read_bytes()


def cells_by_faiss(rows: np.ndarray, path: Path) -> None:
    """The same cells as faiss draws and fills them, all in memory."""
    faiss.omp_set_num_threads(1)
    cells = int(4 * np.sqrt(len(rows)))
    per_cell = index.retrieval.vectors.TRAINING_PER_CELL
    made = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(32), 32, cells, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    made.cp.niter, made.cp.max_points_per_centroid, made.by_residual = 8, per_cell, False
    drawn = np.random.default_rng(7).choice(len(rows), min(len(rows), cells * per_cell), replace=False)
    half = in_memory(range(1, len(rows) + 1), rows).reconstruct(range(1, len(rows) + 1))
    made.train(half[np.sort(drawn)])
    made.add_with_ids(half, np.arange(1, len(rows) + 1))
    made.nprobe = index.retrieval.vectors.PROBES
    faiss.write_index(made, str(path))


def test_cells_too_are_to_the_byte_what_faiss_draws_and_writes(
    small_limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.retrieval.vectors.os, "cpu_count", lambda: 1)  # several add up in another order each time
    rows = clustered(3000)
    merge(tmp_path / "merged", in_memory(range(1, 2001), rows[:2000]), in_memory(range(2001, 3001), rows[2000:]))
    cells_by_faiss(rows, tmp_path / "whole")
    assert (tmp_path / "merged").read_bytes() == (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize("mapped", [False, True])
def test_past_the_limit_it_becomes_approximate_by_itself_and_stays_close_to_exact(
    small_limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mapped: bool
) -> None:
    if mapped:
        monkeypatch.setattr(index.retrieval.vectors, "MAPPED_BYTES", 1)
    rows = clustered(3000)
    below = in_memory(range(1, small_limit), rows[: small_limit - 1])
    assert not merge(tmp_path / "flat", below).is_approximate
    vectors = merge(tmp_path / "cells", below, in_memory(range(small_limit, 3001), rows[small_limit - 1 :]))
    assert (vectors.is_approximate, vectors.is_mapped) == (True, mapped)
    queries = clustered(100, seed=4)
    exact = np.argsort(-(queries @ rows.T), axis=1)[:, 0] + 1
    found = vectors.search(queries, 10)
    hits = sum(best in {hit.key for hit in row} for best, row in zip(exact, found, strict=True))
    assert hits >= 99

    gone = int(exact[0])
    again = merge(tmp_path / "again", vectors, in_memory(range(5000, 5001), rows[:1]), without=(gone,))
    assert again.is_approximate
    assert again.keys().tolist() == [*sorted(set(range(1, 3001)) - {gone}), 5000]
    assert np.allclose(again.reconstruct([5000]), rows[:1], atol=1e-3)
    assert gone not in {hit.key for hit in again.search(queries[:1], 10)[0]}
    assert again.reconstruct([gone]).sum() == 0
    assert vectors.holds(np.array([gone, 5000])).tolist() == [True, False]


def test_cells_stay_until_there_are_many_more_vectors(small_limit: int, tmp_path: Path) -> None:
    first = merge(tmp_path / "first", in_memory(range(1, 2001), clustered(2000)))
    cells = first.cells_for(2000).ntotal
    assert cells == int(4 * np.sqrt(2000))
    more = merge(tmp_path / "more", first, in_memory(range(2001, 4001), clustered(2000, seed=5)))
    assert more.cells_for(4000).ntotal == cells
    many = merge(tmp_path / "many", more, in_memory(range(4001, 9001), clustered(5000, seed=6)))
    assert many.cells_for(9000).ntotal == int(4 * np.sqrt(9000))
