"""A live index on a store, and what it is compared with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.pairs.rules import RulePairModel
from index.retrieval.engine import Query
from index.retrieval.live_index import LiveIndex
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore

from ..conftest import WordEmbedder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def live(store: StatementStore, folder: Path, embedder: WordEmbedder | None = None) -> LiveIndex:
    embedder = embedder or WordEmbedder()
    return open_live_index(store, embedder, RulePairModel(embedder), folder)


def found(index: LiveIndex, text: str, limit: int = 3) -> list[str]:
    return [match.statement.claim_reviewed for match in index.current().search([text], limit)[0]]


def assert_equals_truth(index: LiveIndex, store: StatementStore) -> None:
    """Every live statement once, with the vector and the words of its present claim, and nothing else."""
    view = index.current().view
    truth = {change.key: change.statement for change in store.changes_since(0, 10**6) if change.statement}
    assert view.statements == len(truth) == store.count()
    assert view.checkpoint == store.checkpoint()
    if not truth:
        return
    ordered = sorted(truth)
    claims = [truth[key].claim_reviewed for key in ordered]
    vectors = WordEmbedder().encode_statements(claims)
    found = view.propose(
        [Query(claim, vector[None]) for claim, vector in zip(claims, vectors, strict=True)], len(truth)
    )
    for key, vector, near in zip(ordered, vectors, found, strict=True):
        assert list(near.keys) == ordered
        assert np.allclose(near.similarities[0], vectors @ vector, atol=1e-3)
        assert near.words[near.keys.index(key)] == near.words.max() > 0


@pytest.fixture(scope="session")
def milvus_uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Milvus Lite for all tests: each store has collections of its own."""
    return str(tmp_path_factory.mktemp("milvus") / "lite.db")
