"""A live index on a store, and what it is compared with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.pairs.rules import RulePairModel
from index.retrieval.live_index import LiveIndex
from index.store.statements import StatementStore

from ..conftest import WordEmbedder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def live(store: StatementStore, folder: Path, embedder: WordEmbedder | None = None) -> LiveIndex:
    embedder = embedder or WordEmbedder()
    return LiveIndex(store, embedder, RulePairModel(embedder), folder)


def found(index: LiveIndex, text: str, limit: int = 3) -> list[str]:
    return [match.statement.claim_reviewed for match in index.current().search([text], limit)[0]]


def assert_equals_truth(index: LiveIndex, store: StatementStore) -> None:
    """Every live statement once, with the vector of its present claim, and nothing else."""
    current = index.current()
    truth = {change.key: change.statement for change in store.changes_since(0, 10**6) if change.statement}
    keys = (current.vectors.keys() - current.layer.hidden) | set(current.layer.keys)  # type: ignore[attr-defined]
    assert keys == truth.keys()
    assert current.statements == len(truth) == store.count()
    ordered = sorted(truth)
    vectors = current._reconstruct(ordered)
    assert np.allclose(
        vectors, WordEmbedder().encode_statements([truth[key].claim_reviewed for key in ordered]), atol=1e-5
    )
    everything = current.search(["town rubber ducks"], len(truth))[0] if truth else []
    assert sorted(match.statement.key for match in everything) == ordered
