"""Floors of quality, on data written for this project that nothing was fitted to. A floor is never lowered silently.

Each stands a little under what was measured, for the engine's bytes differ between kinds of processors.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from index.model.embedder import Embedder, default_embedder
from index.pairs.reader import ReaderPairModel, open_pair_model
from index.pairs.rules import RulePairModel
from index.retrieval.search import StatementIndex
from training.pairs.corpus import Family, Part, read_families
from training.pairs.proposals import build_index


@pytest.fixture(scope="session")
def embedder(models_dir: Path) -> Embedder:
    """The bundled one."""
    return default_embedder(models_dir)


@pytest.fixture(scope="session")
def model(models_dir: Path, embedder: Embedder) -> ReaderPairModel:
    """The bundled pair model."""
    return open_pair_model(models_dir, RulePairModel(embedder))


@pytest.fixture(scope="session")
def families() -> list[Family]:
    """All of the pair corpus."""
    return read_families()


@pytest.fixture(scope="session")
def unseen(families: list[Family]) -> list[Family]:
    """The families that judge: nothing is fitted to them, and nothing is chosen by them."""
    return [family for family in families if family.part is Part.JUDGE]


@pytest.fixture(scope="session")
def index(
    families: list[Family], model: ReaderPairModel, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> StatementIndex:
    """The statements of all families and the starter's."""
    statements = [statement for family in families for statement in family.statement.values()]
    return build_index(statements, model, embedder, tmp_path_factory.mktemp("index"))
