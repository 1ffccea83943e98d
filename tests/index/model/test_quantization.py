"""Rounding to 8 bits: nothing is cut off, little is lost, and what stays in float is what grows large."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model.quantization import (
    Dense,
    input_steps,
    plan_wide,
    read_ranges,
    round_dense,
    shipped_ranges,
    without_inputs,
)

LARGEST_CODE = 127


def floats(seed: int, *shape: int, scale: float = 1.0) -> np.ndarray:
    return (np.random.default_rng(seed).normal(size=shape) * scale).astype(np.float32)


def test_a_layer_in_codes_has_known_numbers() -> None:
    rounded = round_dense(Dense(np.array([[127.0, -63.5, 1.0], [0.0, 0.25, 0.5]], np.float32), np.zeros(2, np.float32)))
    assert rounded.weights.tolist() == [[127, 0], [-64, 64], [1, 127]], (
        "stored the other way round, as it is multiplied"
    )
    assert rounded.weights.dtype == np.int8
    assert rounded.output_steps.tolist() == pytest.approx([1.0, 0.5 / 127])


@given(st.integers(0, 500), st.floats(1e-3, 1e3))
def test_no_weight_moves_by_more_than_half_a_step(seed: int, scale: float) -> None:
    weight = floats(seed, 6, 32, scale=scale)
    rounded = round_dense(Dense(weight, np.zeros(6, np.float32)))
    back = rounded.weights.T.astype(np.float32) * rounded.output_steps[:, None]
    assert np.all(np.abs(back - weight) <= rounded.output_steps[:, None] * 0.501)


def test_a_layer_of_zeros_stays_one() -> None:
    rounded = round_dense(Dense(np.zeros((2, 4), np.float32), np.ones(2, np.float32)))
    assert not rounded.weights.any()
    assert rounded.bias.tolist() == [1.0, 1.0]


@given(st.integers(0, 500))
def test_no_value_up_to_its_channels_largest_is_cut_off(seed: int) -> None:
    largest = np.abs(floats(seed, 32, scale=50))
    steps = input_steps(largest, floats(seed + 1, 8, 32))
    codes = np.abs(largest) / steps
    assert codes.max() == pytest.approx(LARGEST_CODE, rel=1e-4), "the steps are as fine as they can be"
    assert np.all(codes <= LARGEST_CODE * 1.0001)


def test_a_channel_that_reaches_further_has_the_coarser_step() -> None:
    steps = input_steps(np.array([1.0, 100.0], np.float32), np.ones((3, 2), np.float32))
    assert steps[1] / steps[0] == pytest.approx(100**0.75, rel=1e-4)


def test_a_dead_channel_divides_by_no_zero() -> None:
    steps = input_steps(np.zeros(4, np.float32), np.zeros((2, 4), np.float32))
    assert np.all(np.isfinite(steps))
    assert np.all(steps > 0)


@given(st.integers(0, 200))
def test_a_rounded_layer_gives_nearly_what_the_layer_gave(seed: int) -> None:
    largest = np.abs(floats(seed, 64, scale=10)) + 0.1
    dense = Dense(floats(seed + 1, 16, 64), floats(seed + 2, 16))
    value = np.clip(floats(seed + 3, 64, scale=5), -largest, largest)
    steps = input_steps(largest, dense.weight)
    rounded = round_dense(dense, steps)
    got = np.rint(value / steps) @ rounded.weights.astype(np.float32) * rounded.output_steps + rounded.bias
    expected = value @ dense.weight.T + dense.bias
    assert np.linalg.norm(got - expected) <= 0.04 * np.linalg.norm(value * np.abs(dense.weight).max(axis=0))


def test_the_sixteen_widest_channels_stay_in_float_and_the_rest_share_a_step() -> None:
    largest = np.arange(1, 65, dtype=np.float32)[::-1].copy()
    largest[[5, 40]] = largest[[40, 5]]  # not in order
    wide = plan_wide(largest)
    assert wide.outliers.tolist() == [*range(5), *range(6, 16), 40]
    rest = np.delete(largest, wide.outliers).max()
    assert wide.step == pytest.approx((48 + 0.17) / 255)
    assert round(rest / wide.step) + wide.zero == 255, "the largest of the rest takes the last code"
    assert round(-0.17 / wide.step) + wide.zero == 0, "and the least that GELU gives the first"


def test_a_layer_deaf_to_some_inputs_hears_the_others_as_before() -> None:
    dense = Dense(floats(1, 4, 8), floats(2, 4))
    deaf = without_inputs(dense, np.array([1, 6]))
    value = floats(3, 8)
    heard = value.copy()
    heard[[1, 6]] = 0
    assert value @ deaf.weight.T == pytest.approx(heard @ dense.weight.T, abs=1e-5)
    assert dense.weight[:, [1, 6]].any(), "the layer itself is left as it was"


def test_ranges_are_read_a_layer_at_a_time(tmp_path: Path) -> None:
    parts = {
        name: np.full((2, 3), number, np.float16)
        for number, name in enumerate(("attention", "attended", "feed_forward", "wide"))
    }
    parts["wide"][1] = 9
    np.savez(tmp_path / "ranges.npz", **parts)
    first, second = read_ranges(tmp_path / "ranges.npz")
    assert (first.attention[0], first.attended[0], first.feed_forward[0], first.wide[0]) == (0, 1, 2, 3)
    assert second.wide.tolist() == [9, 9, 9]
    assert second.wide.dtype == np.float32


def test_the_shipped_ranges_are_those_of_e5_small() -> None:
    layers = shipped_ranges()
    assert len(layers) == 12
    assert {(len(each.attention), len(each.attended), len(each.feed_forward), len(each.wide)) for each in layers} == {
        (384, 384, 384, 1536)
    }
    assert all((each.wide > 0).all() for each in layers)
