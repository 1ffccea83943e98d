"""Which sentences are claims, on sentences by which nothing was chosen."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score

from index.model.embedder import Embedder
from service.pipeline.checkworthiness import encoder_of, weigh_sentences
from training.sentences.fit import EVEN, judging_sentences, labels_of


# Measured: .955 in German, .942 in English.
@pytest.mark.parametrize(("language", "floor"), [("de", 0.945), ("en", 0.932)])
def test_claims_are_told_from_other_sentences(embedder: Embedder, language: str, floor: float) -> None:
    sentences = [each for each in judging_sentences() if each[2] == language]
    assert len(sentences) >= 280
    weighed = weigh_sentences([text for text, _, _ in sentences], encoder_of(embedder))
    said = np.array([worth.score >= EVEN for worth in weighed])
    assert f1_score(labels_of(sentences), said, average="macro") >= floor
