"""How texts are put together for the engine: all of them, once, with little between them that is read for nothing."""

from __future__ import annotations

import pytest

from index.errors import ModelUnavailable
from index.model import onnx_engine
from index.model.onnx_engine import batches, open_session, padded


def test_texts_are_padded_to_the_longest_and_their_lengths_told() -> None:
    ids, lengths = padded([[7], [8, 9, 10], [11, 12]], [2, 0])
    assert ids.tolist() == [[11, 12], [7, onnx_engine._PAD]]
    assert lengths.tolist() == [2, 1]


def test_texts_of_like_length_are_read_together_within_the_bound() -> None:
    most = onnx_engine._BATCH_TOKENS
    long, half, quarter = most + 1, most // 2, most // 4
    rows = list(batches([half, quarter, long, quarter, half, quarter]))
    assert rows == [[1, 3, 5], [0, 4], [2]]
    assert list(batches([])) == []


def test_a_file_that_is_no_engine_is_said(tmp_path) -> None:
    broken = tmp_path / "engine.onnx"
    broken.write_bytes(b"nothing")
    with pytest.raises(ModelUnavailable, match="delete the models folder"):
        open_session(broken)
