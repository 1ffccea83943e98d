"""Weights in 8-bit blocks: near what they were, and the same again after a round trip."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ModelUnavailable
from index.model.pair_weights import PairWeights, pack_matrix, read_pair_weights, write_pair_weights
from index.model.quantization import Dense, Ranges


@given(st.integers(0, 1000), st.floats(0.01, 1e3))
def test_a_packed_matrix_is_near_the_original(seed: int, size: float) -> None:
    matrix = (np.random.default_rng(seed).normal(size=(8, 64)) * size).astype(np.float32)
    largest = np.abs(matrix.reshape(8, 2, 32)).max(axis=2).repeat(32, axis=1)
    assert np.all(np.abs(pack_matrix(matrix).floats() - matrix) <= largest * 0.006 + 1e-6)


def test_zeros_stay_zeros() -> None:
    assert not pack_matrix(np.zeros((2, 32), np.float32)).floats().any()


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    random = np.random.default_rng(3)

    def floats(*shape: int) -> np.ndarray:
        return random.normal(size=shape).astype(np.float32)

    half = [np.abs(floats(32)).astype(np.float16).astype(np.float32) for _ in range(4)]
    weights = PairWeights(
        {"l1.q.w": pack_matrix(floats(32, 32))}, {"l1.q.b": floats(32)},
        Dense(floats(4, 128), floats(4)), Dense(floats(3, 128), floats(3)), [Ranges(*half)],
    )  # fmt: skip
    write_pair_weights(weights, tmp_path / "weights.npz")
    again = read_pair_weights(tmp_path / "weights.npz")
    assert np.array_equal(again.matrices["l1.q.w"].floats(), weights.matrices["l1.q.w"].floats())
    assert np.array_equal(again.floats["l1.q.b"], weights.floats["l1.q.b"])
    assert np.array_equal(again.stance.weight, weights.stance.weight)
    assert np.array_equal(again.ranges[0].wide, half[3])


def test_a_damaged_or_missing_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "damaged.npz").write_bytes(b"not an archive")
    for name in ("damaged.npz", "missing.npz"):
        with pytest.raises(ModelUnavailable, match="cannot be read"):
            read_pair_weights(tmp_path / name)
