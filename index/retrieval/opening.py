"""Opening an index: the one place that chooses the engine behind it."""

from __future__ import annotations

from pathlib import Path

from index.model.embedder import Embedder
from index.pairs.protocol import PairModel
from index.retrieval.embedded import EmbeddedEngine
from index.retrieval.live_index import LiveIndex
from index.store.statements import StatementStore


def open_live_index(
    store: StatementStore,
    embedder: Embedder,
    pair_model: PairModel,
    folder: Path,
    min_confidence: float | None = None,
) -> LiveIndex:
    """The index of a store, in a folder. `min_confidence` stands in for the pair model's own."""
    engine = EmbeddedEngine(folder, embedder.model_id, embedder.dimensions)
    return LiveIndex(store, embedder, pair_model, engine, min_confidence)
