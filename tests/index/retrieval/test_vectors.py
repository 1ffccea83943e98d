"""Vectors by key: what faiss keeps must equal a plain table, before and after it switches to cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.retrieval.vectors
from index.errors import IndexUnavailable
from index.retrieval.vectors import FaissVectors


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
    assert vectors.keys() == {1}


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
    assert vectors.keys() == table.keys()
    query = unit(1, seed=99)
    (hits,) = vectors.search(query, 40)
    expected = sorted(table, key=lambda key: -float(table[key] @ query[0]))
    assert [hit.key for hit in hits] == expected


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    vectors = FaissVectors(8)
    vectors.add(range(1, 51), unit(50))
    vectors.save(tmp_path / "v.faiss")
    loaded = FaissVectors.load(tmp_path / "v.faiss")
    assert loaded.keys() == vectors.keys()
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


def test_past_the_limit_it_becomes_approximate_by_itself_and_stays_close_to_exact(
    small_limit: int, tmp_path: Path
) -> None:
    rows = clustered(3000)
    vectors = FaissVectors(32)
    vectors.add(range(1, small_limit), rows[: small_limit - 1])
    assert not vectors.is_approximate
    vectors.add(range(small_limit, 3001), rows[small_limit - 1 :])
    assert vectors.is_approximate
    queries = clustered(100, seed=4)
    exact = np.argsort(-(queries @ rows.T), axis=1)[:, 0] + 1
    found = vectors.search(queries, 10)
    hits = sum(best in {hit.key for hit in row} for best, row in zip(exact, found, strict=True))
    assert hits >= 99

    vectors.remove([int(exact[0])])
    vectors.add([5000], rows[:1])
    vectors.save(tmp_path / "ivf.faiss")
    loaded = FaissVectors.load(tmp_path / "ivf.faiss")
    assert loaded.is_approximate
    assert loaded.keys() == vectors.keys() == (set(range(1, 3001)) - {int(exact[0])}) | {5000}
    assert np.allclose(loaded.reconstruct([5000]), rows[:1], atol=1e-3)
    assert int(exact[0]) not in {hit.key for hit in loaded.search(queries[:1], 10)[0]}
    loaded.remove([5000])
    assert loaded.reconstruct([5000]).sum() == 0


@pytest.mark.parametrize("count", [100, 3000])
def test_a_copy_changes_by_itself(small_limit: int, count: int) -> None:
    rows = clustered(count)
    vectors = FaissVectors(32)
    vectors.add(range(1, count + 1), rows)
    copied = vectors.copy()
    assert copied.is_approximate == vectors.is_approximate == (count > small_limit)
    copied.remove([1, 2])
    copied.add([3], -rows[2:3])
    copied.add([5000], rows[:1])
    assert vectors.keys() == set(range(1, count + 1))
    assert np.allclose(vectors.reconstruct([1, 3]), rows[[0, 2]], atol=1e-3)
    assert copied.keys() == (vectors.keys() | {5000}) - {1, 2}
    assert np.allclose(copied.reconstruct([1, 3, 5000]), [0 * rows[0], -rows[2], rows[0]], atol=1e-3)
    assert copied.search(rows[:1], 1)[0][0].key == 5000
    assert vectors.search(rows[:1], 1)[0][0].key == 1
