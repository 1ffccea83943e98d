"""Which sentences are claims, on sentences that only validate."""

from __future__ import annotations

import numpy as np
import pytest

from index.model.embedder import Embedder
from service.pipeline.checkworthiness import encoder_of, weigh_sentences
from training.sentences.fit import macro_f1, read_sentences

EVEN = 0.5  # the probability that parts the classes, as the sentences are half claims


@pytest.mark.parametrize(("language", "floor"), [("de", 0.94), ("en", 0.935)])
def test_claims_are_told_from_other_sentences(embedder: Embedder, language: str, floor: float) -> None:
    sentences = read_sentences(f"{language}.validation.tsv")
    assert len(sentences) >= 600
    weighed = weigh_sentences([text for text, _, _ in sentences], encoder_of(embedder))
    said = np.array([worth.score >= EVEN for worth in weighed])
    assert macro_f1(np.array([label for _, label, _ in sentences]), said) >= floor
