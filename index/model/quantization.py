"""Rounds dense layers to 8 bits, weights and what flows into them, with steps fixed beforehand.

e5's activations have a few channels a hundred times larger than the rest, so one step for all of them loses what
tells neighbours apart (cosine .997 to fp32, every fifth nearest neighbour another one). Three remedies, none of which
costs time at run time worth naming:
- before a norm's output is rounded, each channel is scaled by its known range, and the weights by the inverse
  (SmoothQuant, Xiao et al. 2023); for attention's output the scaling is folded into the value projection;
- the few channels after GELU that grow large stay in float, beside the rounded rest;
- steps are constants, so a text's vector does not depend on its neighbours in a batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.digests import check_shipped

Floats = NDArray[np.float32]

RANGES_FILE = Path(__file__).with_name("e5_ranges.npz")  # made by training/embedder/ranges.py
ZERO = 128  # the uint8 code of 0.0 where the steps are symmetric
_LARGEST = 127
_SMOOTHING = 0.75  # share of a channel's range that its weights take over
_OUTLIERS = 16
_LOWEST_GELU = -0.17


@dataclass(frozen=True, slots=True)
class Dense:
    """y = x @ weight.T + bias; `weight` has shape (outputs, inputs)."""

    weight: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class RoundedDense:
    """y = (codes of x - zero) x step @ weights x output_steps + bias; `weights` has shape (inputs, outputs)."""

    weights: NDArray[np.int8]
    output_steps: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Ranges:
    """The largest absolute value of every input channel of one layer's four products, as measured beforehand."""

    attention: Floats
    attended: Floats
    feed_forward: Floats
    wide: Floats


@dataclass(frozen=True, slots=True)
class Wide:
    """How the output of GELU is rounded: codes = value / step + zero, but for the `outliers`, which stay in float."""

    step: float
    zero: int
    outliers: NDArray[np.int64]


def shipped_ranges() -> list[Ranges]:
    """The ranges of the bundled model, one entry a layer. Raises ModelUnavailable."""
    check_shipped(RANGES_FILE)
    return read_ranges(RANGES_FILE)


def read_ranges(path: Path) -> list[Ranges]:
    """The ranges in an archive, one entry a layer."""
    with np.load(path) as archive:
        parts = [archive[name].astype(np.float32) for name in ("attention", "attended", "feed_forward", "wide")]
    return [Ranges(*layer) for layer in zip(*parts, strict=True)]


def input_steps(largest: Floats, weight: Floats, smoothing: float = _SMOOTHING) -> Floats:
    """The step of each input channel, such that no value up to `largest` is cut off."""
    reach = np.maximum(largest, 1e-4)
    columns = np.maximum(np.abs(weight).max(axis=0), 1e-4)
    steps = reach**smoothing / columns ** (1 - smoothing)
    steps *= (reach / steps).max() / _LARGEST
    return np.asarray(steps, np.float32)


def round_dense(dense: Dense, steps: Floats | None = None) -> RoundedDense:
    """The layer in int8, one step an output; it takes x / steps where `steps` are given."""
    weight = dense.weight if steps is None else dense.weight * steps
    output_steps = np.maximum(np.abs(weight).max(axis=1), 1e-12) / _LARGEST
    codes = np.rint(weight / output_steps[:, None]).astype(np.int8)
    return RoundedDense(np.ascontiguousarray(codes.T), output_steps.astype(np.float32), dense.bias)


def plan_wide(largest: Floats) -> Wide:
    """Which channels after GELU stay in float, and the step of the rest."""
    order = np.argsort(-largest)
    step = (float(largest[order[_OUTLIERS]]) - _LOWEST_GELU) / 255
    return Wide(step, round(-_LOWEST_GELU / step), np.sort(order[:_OUTLIERS]))


def without_inputs(dense: Dense, channels: NDArray[np.int64]) -> Dense:
    """The layer deaf to some of its input channels."""
    weight = dense.weight.copy()
    weight[:, channels] = 0
    return Dense(weight, dense.bias)
