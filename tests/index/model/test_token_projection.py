"""The projection of token vectors, as it ships."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.digests import DIGESTS_FILE
from index.errors import ModelUnavailable
from index.model.embedder import BundledEmbedder, default_embedder
from index.model.token_projection import PROJECTION_FILE, project, shipped_projection
from index.model.weights import prepare_engine
from index.retrieval.late_interaction import max_sim

STATEMENT = "Vaccinated people cannot catch measles."
SAME, OTHER = "Anyone who got the jab is safe from measles, they say.", "The new bridge will be closed for two years."


def test_projected_tokens_are_unit_vectors() -> None:
    rows = np.random.default_rng(1).normal(size=(5, 384)).astype(np.float32)
    assert np.linalg.norm(project(rows, shipped_projection()), axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.array_equal(project(np.zeros((1, 384), np.float32), shipped_projection()), np.zeros((1, 384)))


def test_projected_what_means_the_same_stays_near_and_the_rest_falls_apart(models_dir: Path) -> None:
    plain, shipped = BundledEmbedder(prepare_engine(models_dir)), default_embedder(models_dir)
    apart = []
    for embedder in (plain, shipped):
        statement, same, other = embedder.encode_tokens([STATEMENT, SAME, OTHER])
        apart.append(max_sim(statement, same) - max_sim(statement, other))
    assert apart[1] > 2 * apart[0] > 0


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / PROJECTION_FILE.name
    copy.write_bytes(PROJECTION_FILE.read_bytes()[:-1])
    (tmp_path / DIGESTS_FILE).write_bytes(PROJECTION_FILE.with_name(DIGESTS_FILE).read_bytes())
    with pytest.raises(ModelUnavailable):
        shipped_projection(copy)
