"""Runs the ONNX graphs: token ids in, vectors or logits out. The only home of onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable, reason_of

Floats = NDArray[np.float32]

_BATCH_TOKENS = 1024  # fits the second-level caches; larger batches are no faster
_PAD = 1


class OnnxEncoder:
    """The embedder's graph, ready to run from any number of threads at once."""

    def __init__(self, path: Path, dimensions: int) -> None:
        self._session, self._dimensions = open_session(path), dimensions
        self._outputs = [output.name for output in self._session.get_outputs()]

    def encode(self, texts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Unit vectors of shape (texts, dimensions) for token ids, one list a text."""
        vectors = np.empty((len(texts), self._dimensions), np.float32)
        for rows in batches([len(ids) for ids in texts]):
            ids, lengths = padded(texts, rows)
            vectors[rows] = self._session.run(self._outputs[:1], {"ids": ids, "lengths": lengths})[0]
        return vectors

    def encode_tokens(self, texts: Sequence[Sequence[int]]) -> list[tuple[Floats, Floats, Floats]]:
        """For each text its unit vector, its tokens', of shape (tokens, dimensions), and how rare each token is."""
        found: dict[int, tuple[Floats, Floats, Floats]] = {}
        for rows in batches([len(ids) for ids in texts]):
            ids, lengths = padded(texts, rows)
            vectors, tokens, rarity = self._session.run(self._outputs, {"ids": ids, "lengths": lengths})
            for place, (row, length) in enumerate(zip(rows, lengths, strict=True)):
                found[row] = vectors[place], tokens[place, :length], rarity[place, :length]
        return [found[row] for row in range(len(texts))]


class OnnxPairReader:
    """The pair model's graph, ready to run from any number of threads at once."""

    def __init__(self, path: Path) -> None:
        self._session = open_session(path)

    def read(
        self, pairs: Sequence[Sequence[int]], claims: Sequence[int]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Logits of labels, shape (pairs, 4), and of stances, shape (pairs, 3).

        `pairs` are token ids of both sides together; `claims` says how many of each are the claim's.
        """
        labels, stances = np.empty((len(pairs), 4), np.float32), np.empty((len(pairs), 3), np.float32)
        for rows in batches([len(ids) for ids in pairs]):
            ids, lengths = padded(pairs, rows)
            first = np.array([claims[row] for row in rows])
            labels[rows], stances[rows] = self._session.run(None, {"ids": ids, "lengths": lengths, "claims": first})
        return labels, stances


def load_runtime() -> Any:
    """ONNX Runtime, which is to tell nobody that it runs here.

    From 1.29 on its builds for Linux write an id of the machine into the home folder and send their makers what models
    are opened and how long they take. Only the environment prevents both, before it is loaded: its own call comes late.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    return onnxruntime


def open_session(path: Path) -> Any:
    """A graph ready to run. Raises ModelUnavailable."""
    onnxruntime = load_runtime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Extended optimisations would fuse Add and LayerNormalization into an operator that is five times slower.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # Threads that spin while they wait would take the cores from other requests.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's errors share no base of their own
        raise ModelUnavailable(
            f"The model's engine file cannot be loaded ({reason_of(error)}): delete the models folder, then try again."
        ) from error


def padded(texts: Sequence[Sequence[int]], rows: Sequence[int]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Ids of some texts, padded to the longest, and their lengths."""
    lengths = np.array([len(texts[row]) for row in rows])
    ids = np.full((len(rows), lengths.max()), _PAD, np.int32)
    for place, row in enumerate(rows):
        ids[place, : lengths[place]] = texts[row]
    return ids, lengths


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
