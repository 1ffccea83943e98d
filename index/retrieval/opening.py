"""Opening an index: the one place that chooses the engine behind it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from index.model.embedder import Embedder
from index.pairs.protocol import PairModel
from index.retrieval.engine import Engine
from index.retrieval.live_index import LiveIndex
from index.store.statements import StatementStore
from index.store.turns import Confirm, turn


def open_live_index(
    store: StatementStore,
    embedder: Embedder,
    pair_model: PairModel,
    folder: Path,
    min_confidence: float | None = None,
    milvus_uri: str = "",
) -> LiveIndex:
    """The index of a store, in a folder or a Milvus. `min_confidence` stands in for the pair model's own."""
    return LiveIndex(store, embedder, pair_model, open_engine(store, embedder, folder, milvus_uri), min_confidence)


def open_engine(store: StatementStore, embedder: Embedder, folder: Path, milvus_uri: str = "") -> Engine:
    """The embedded engine in a folder, or the Milvus at an address; nothing is read or connected yet."""
    if milvus_uri:
        from index.retrieval.milvus import MilvusEngine
        from index.retrieval.milvus_client import MilvusCollections

        collections = MilvusCollections(milvus_uri)
        return MilvusEngine(collections, embedder.model_id, embedder.dimensions, lambda wait: _turn(store, wait))
    from index.retrieval.embedded import EmbeddedEngine

    return EmbeddedEngine(folder, embedder.model_id, embedder.dimensions)


def _turn(store: StatementStore, wait: bool) -> AbstractContextManager[Confirm | None]:
    return turn(store.engine, "index", wait=wait)
