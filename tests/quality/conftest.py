"""Floors of quality, on data written for this project that nothing was fitted to. A floor is never lowered silently.

Each stands a little under what was measured, for the engine's bytes differ between kinds of processors.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedder import Embedder, default_embedder
from training.pairs.corpus import Family, held_out, read_families


@pytest.fixture(scope="session")
def embedder(models_dir: Path) -> Embedder:
    """The bundled one."""
    return default_embedder(models_dir)


@pytest.fixture(scope="session")
def families() -> list[Family]:
    """All of the pair corpus."""
    return read_families()


@pytest.fixture(scope="session")
def unseen(families: list[Family]) -> list[Family]:
    """The families that nothing was fitted to."""
    return [family for family in families if held_out(family)]
