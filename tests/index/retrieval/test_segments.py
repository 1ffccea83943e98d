"""Segments: searched together as if they were one, the newer hiding the older."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from index.retrieval.segments import Segment, Segments, due_for_merging, merged
from index.retrieval.vectors import NO_KEY, FaissVectors

KEPT = 1e-3  # how exactly 16 bits keep a number up to 1


def unit(*angles: float) -> np.ndarray:
    return np.array([[np.cos(angle), np.sin(angle)] for angle in angles], np.float32)


def segment(angles: dict[int, float], deleted: tuple[int, ...] = ()) -> Segment:
    """Vectors in the plane by key."""
    vectors = FaissVectors(2)
    vectors.add(list(angles), unit(*angles.values()))
    return Segment("", "", vectors, frozenset(deleted))


def test_the_newest_version_of_a_statement_is_the_one_that_is_found() -> None:
    parts = Segments(2, [segment({1: 0.0, 2: 0.1, 3: 0.2}), segment({2: 1.5}, deleted=(3,)), segment({4: 0.05})])
    assert parts.nearest(unit(0.0, 1.5), 4).tolist() == [[1, 4, 2, -1], [2, 4, 1, -1]]
    assert (len(parts), parts.keys()) == (3, {1, 2, 4})
    assert np.allclose(parts.reconstruct([2, 3, 1]), [*unit(1.5), [0, 0], *unit(0.0)], atol=KEPT)


def test_what_was_deleted_and_came_back_is_found() -> None:
    parts = Segments(2, [segment({1: 0.0}), segment({}, deleted=(1,)), segment({1: 0.3})])
    assert parts.nearest(unit(0.3), 2).tolist() == [[1, -1]]
    assert np.allclose(parts.reconstruct([1]), unit(0.3), atol=KEPT)


def test_hidden_vectors_take_no_places() -> None:
    """Ten near ones were moved away: the next ones are found, and not fewer."""
    old = segment({key: key / 100 for key in range(20)})
    parts = Segments(2, [old, segment(dict.fromkeys(range(10), 3.0))])
    assert parts.nearest(unit(0.0), 10).tolist() == [list(range(10, 20))]


@pytest.mark.parametrize("crowd", [11, 50, 400])
def test_a_crowd_of_deleted_ones_hides_nothing_behind_it(crowd: int) -> None:
    """However many near ones were deleted or changed together, and however few are asked for."""
    old = segment({key: (key + 50) / 200 for key in range(crowd + 5)})
    left = list(range(crowd, crowd + 5))
    for newer in (segment({}, deleted=tuple(range(crowd))), segment(dict.fromkeys(range(crowd), 3.0))):
        parts = Segments(2, [old, newer])
        assert parts.nearest(unit(0.0), 5).tolist() == [left]
        assert parts.nearest(unit(0.0, 3.1), 2)[0].tolist() == left[:2]


def test_without_vectors_nothing_is_found() -> None:
    assert Segments(2).nearest(unit(0.0), 3).shape == (1, 0)
    assert len(Segments(2)) == 0


@pytest.mark.parametrize("seed", range(3))
def test_however_changes_are_cut_and_merged_the_answers_are_the_same(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    truth: dict[int, float] = {}
    parts: list[Segment] = []
    for turn in range(30):
        changed = {draw.randrange(60): draw.uniform(-3, 3) for _ in range(draw.randrange(8))}
        gone = {key for key in draw.sample(sorted(truth), min(2, len(truth))) if key not in changed}
        truth = {key: at for key, at in (truth | changed).items() if key not in gone}
        parts.append(segment(changed, tuple(gone)))
        if joined := due_for_merging([len(part) for part in parts]):
            vectors, deleted = merged(parts[-joined:], tmp_path / str(turn), keeps_deleted=joined < len(parts))
            parts[-joined:] = [Segment("", "", vectors, deleted)]
        together = Segments(2, parts)
        assert together.keys() == truth.keys()
        ordered = sorted(truth)
        assert np.allclose(
            together.reconstruct(ordered), unit(*(truth[key] for key in ordered)).reshape(-1, 2), atol=KEPT
        )
        found = [key for key in together.nearest(unit(0.5), 5)[0].tolist() if key != NO_KEY]
        cosines = {key: float(np.cos(at - 0.5)) for key, at in truth.items()}
        nearest = sorted(cosines.values(), reverse=True)[:5]
        assert len(set(found)) == len(nearest)
        assert [cosines[key] for key in found] == pytest.approx(nearest, abs=KEPT)
    assert len(parts) < 8


def test_merging_into_the_oldest_forgets_what_was_deleted(tmp_path: Path) -> None:
    parts = [segment({1: 0.0, 2: 1.0}), segment({}, deleted=(2,))]
    vectors, deleted = merged(parts, tmp_path / "v", keeps_deleted=False)
    assert (vectors.keys().tolist(), deleted) == ([1], frozenset())


def test_merging_newer_ones_remembers_it_for_the_older(tmp_path: Path) -> None:
    parts = [segment({2: 1.0}, deleted=(7, 8)), segment({8: 0.0}, deleted=(2,))]
    vectors, deleted = merged(parts, tmp_path / "v", keeps_deleted=True)
    assert (vectors.keys().tolist(), deleted) == ([8], frozenset({2, 7}))


def test_one_alone_is_written_as_it_is(tmp_path: Path) -> None:
    alone = segment({2: 1.0}, deleted=(7,))
    assert merged([alone], tmp_path / "v", keeps_deleted=True) == (alone.vectors, frozenset({7}))
    assert merged([alone], tmp_path / "v", keeps_deleted=False)[1] == frozenset()
    assert FaissVectors.load(tmp_path / "v").keys().tolist() == [2]


def test_merging_changes_no_segment_that_is_in_use(tmp_path: Path) -> None:
    old, new = segment({1: 0.0}), segment({1: 2.0, 2: 1.0})
    merged([old, new], tmp_path / "v", keeps_deleted=False)
    assert np.allclose(old.vectors.reconstruct([1]), unit(0.0))
    assert (len(old), len(new)) == (1, 2)


@pytest.mark.parametrize(
    ("sizes", "joined"),
    [
        ([], 0),
        ([5], 0),
        ([100, 10], 0),
        ([100, 25], 2),
        ([100, 24], 0),
        ([10_000, 100, 25], 2),
        ([400, 80, 25], 3),
        ([9, 0], 0),
        ([0, 0], 2),
    ],
)
def test_segments_are_merged_when_the_newer_ones_have_grown_to_a_quarter(sizes: list[int], joined: int) -> None:
    assert due_for_merging(sizes) == joined


def test_a_thousand_single_changes_leave_few_segments_and_write_each_a_few_times() -> None:
    sizes, written = [100_000], 0
    for _ in range(1000):
        sizes.append(1)
        if joined := due_for_merging(sizes):
            sizes[-joined:] = [sum(sizes[-joined:])]
            written += sizes[-1]
    assert len(sizes) <= 7
    assert sizes[0] == 100_000
    assert written < 30_000
