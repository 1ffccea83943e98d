"""Whether the right statement is found, among those of all families and the starter's."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedder import Embedder
from index.pairs import RulePairModel
from training.pairs.corpus import Family
from training.pairs.proposals import build_index, posted_texts

PLACES = 10


@pytest.mark.parametrize(("language", "first", "among_ten"), [("de", 0.85, 0.95), ("en", 0.89, 0.965)])
def test_the_statement_that_a_text_repeats_comes_first(
    embedder: Embedder,
    families: list[Family],
    unseen: list[Family],
    tmp_path: Path,
    language: str,
    first: float,
    among_ten: float,
) -> None:
    index = build_index(
        [s for f in families for s in f.statement.values()], RulePairModel(embedder), embedder, tmp_path
    )
    texts = [
        (family, text.text)
        for family, text in posted_texts(unseen[::2])
        if text.label == "asserted" and text.language == language
    ]
    found = index.search([text for _, text in texts], PLACES, rerank=False)
    places = [
        next((n for n, match in enumerate(row) if match.statement.claim_reviewed in family.statement.values()), PLACES)
        for (family, _), row in zip(texts, found, strict=True)
    ]
    assert len(places) > 100
    assert sum(place == 0 for place in places) >= first * len(places)
    assert sum(place < PLACES for place in places) >= among_ten * len(places)
