"""Runs the ONNX graph of an embedder: token ids in, vectors out. The only home of onnxruntime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable

_BATCH_TOKENS = 1024  # fits the second-level caches; larger batches are no faster
_PAD = 1


class OnnxEncoder:
    """The graph in a file, ready to run from any number of threads at once."""

    def __init__(self, path: Path, dimensions: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Extended optimisations would fuse Add and LayerNormalization into an operator that is five times slower.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        # Threads that spin while they wait would take the cores from other requests.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library's errors share no base of their own
            raise ModelUnavailable(f"The engine file {path} cannot be loaded: {error}") from error
        self._dimensions = dimensions

    def encode(self, texts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Unit vectors of shape (texts, dimensions) for token ids, one list a text."""
        vectors = np.empty((len(texts), self._dimensions), np.float32)
        for rows in batches([len(ids) for ids in texts]):
            lengths = np.array([len(texts[row]) for row in rows])
            ids = np.full((len(rows), lengths.max()), _PAD, np.int32)
            for place, row in enumerate(rows):
                ids[place, : lengths[place]] = texts[row]
            vectors[rows] = self._session.run(None, {"ids": ids, "lengths": lengths})[0]
        return vectors


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows of similar length together, so that little is padding; at most `_BATCH_TOKENS` tokens, or a single row."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: lengths[row]):
        if batch and (len(batch) + 1) * lengths[row] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
