"""The trained part of the pair model: e5's upper layers in 8 bits, two heads, and how large activations become.

Written by training/pairs/export.py, shipped as pair_weights.npz. What is not in it is the bundled model's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.digests import check_shipped
from index.errors import ModelUnavailable, reason_of
from index.model.quantization import Dense, Floats, Ranges, read_ranges

PAIR_WEIGHTS_FILE = Path(__file__).with_name("pair_weights.npz")
BLOCK = 32  # weights that share one scale
_LARGEST = 127
_LEAST_SCALE = 2**-14  # the smallest that float16 holds with full precision
_CODES, _SCALES = ".codes", ".scales"


@dataclass(frozen=True, slots=True)
class ByteMatrix:
    """A matrix of 8-bit blocks: value = code x scale of its block of 32 along the row."""

    codes: NDArray[np.int8]
    scales: NDArray[np.float16]

    def floats(self) -> Floats:
        """The matrix as float32 of shape (rows, columns)."""
        blocks = self.codes.astype(np.float32).reshape(*self.scales.shape, BLOCK)
        return np.asarray((blocks * self.scales.astype(np.float32)[:, :, None]).reshape(self.codes.shape), np.float32)


def pack_matrix(matrix: Floats) -> ByteMatrix:
    """A float matrix in 8-bit blocks."""
    blocks = matrix.reshape(len(matrix), -1, BLOCK)
    scales = np.maximum(np.abs(blocks).max(axis=2) / _LARGEST, _LEAST_SCALE).astype(np.float16)
    codes = np.clip(np.rint(blocks / scales.astype(np.float32)[:, :, None]), -_LARGEST, _LARGEST)
    return ByteMatrix(codes.astype(np.int8).reshape(matrix.shape), scales)


@dataclass(frozen=True, slots=True)
class PairWeights:
    """Matrices and vectors by the names of `index.model.packed_weights`, the heads, and the ranges of every layer."""

    matrices: Mapping[str, ByteMatrix]
    floats: Mapping[str, Floats]
    label: Dense
    stance: Dense
    ranges: list[Ranges]


def write_pair_weights(weights: PairWeights, path: Path = PAIR_WEIGHTS_FILE) -> None:
    """Save them as an archive of plain arrays."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, matrix in weights.matrices.items():
        arrays[name + _CODES], arrays[name + _SCALES] = matrix.codes, matrix.scales
    arrays |= {f"floats.{name}": values for name, values in weights.floats.items()}
    for name, head in (("label", weights.label), ("stance", weights.stance)):
        arrays[f"{name}.weight"], arrays[f"{name}.bias"] = head.weight, head.bias
    for part in ("attention", "attended", "feed_forward", "wide"):
        arrays[part] = np.stack([getattr(layer, part) for layer in weights.ranges]).astype(np.float16)
    np.savez(path, **arrays)  # type: ignore[arg-type]


def read_pair_weights(path: Path = PAIR_WEIGHTS_FILE) -> PairWeights:
    """The archive's content. Raises ModelUnavailable."""
    try:
        with np.load(path) as archive:
            arrays = {name: archive[name] for name in archive.files}
        matrices = {
            name.removesuffix(_CODES): ByteMatrix(values, arrays[name.removesuffix(_CODES) + _SCALES])
            for name, values in arrays.items()
            if name.endswith(_CODES)
        }
        floats = {name.removeprefix("floats."): values for name, values in arrays.items() if name.startswith("floats.")}
        label, stance = (Dense(arrays[f"{name}.weight"], arrays[f"{name}.bias"]) for name in ("label", "stance"))
        return PairWeights(matrices, floats, label, stance, read_ranges(path))
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailable(
            f"The pair model's weights cannot be read ({reason_of(error)}): install Gegencheck again."
        ) from error


def shipped_digest() -> str:
    """The first characters of the shipped file's SHA-256, which name the model. Raises ModelUnavailable."""
    return check_shipped(PAIR_WEIGHTS_FILE)[:8]
