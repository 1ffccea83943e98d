"""Pairs that have nothing to do with each other: always another claim, and never by mistake the same one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.pairs.corpus import LABELS, Family, Part, Text
from training.pairs.examples import STANCES, Example
from training.pairs.ordinary import ordinary_sentences, unrelated_examples

PLACES = {"lemons": 0.0, "bridges": 1.2, "bees": 2.4, "moon": 3.6}
FAMILIES = [
    Family(name, "health", {"en": f"{name} statement"}, tuple(Text("news", "en", "asserted", name) for _ in range(9)))
    for name in PLACES
]


def encode(texts: Sequence[str]) -> np.ndarray:
    """Directions by the first word."""
    turns = [PLACES.get(text.split()[0], 0.3) for text in texts]
    return np.array([[np.cos(turn), np.sin(turn)] for turn in turns], np.float32)


def examples(*sentences: str) -> list[Example]:
    texts = [Text("ordinary", "en", "different", sentence) for sentence in sentences]
    return list(unrelated_examples(FAMILIES, texts, encode, seed=1))


def test_all_are_different_claims_that_say_nothing_of_each_other() -> None:
    found = examples("Rain fell.", "moon over the town.")
    assert {(LABELS[each.label], STANCES[each.stance]) for each in found} == {("different", "neutral")}
    assert all(not each.statement.startswith(each.claim) for each in found)


def test_an_ordinary_sentence_meets_the_nearest_statement_that_is_no_twin() -> None:
    (*_, nearest) = [each.statement for each in examples("Rain fell.") if each.claim == "Rain fell."]
    assert nearest == "bridges statement"  # that on lemons lies within TWIN
    (*_, nearest) = [each.statement for each in examples("Bells rang.") if each.claim == "Bells rang."]
    assert nearest == "bridges statement"


def test_texts_of_families_meet_statements_of_others() -> None:
    found = examples()
    assert 10 <= len(found) <= 26
    assert {each.claim for each in found} == set(PLACES)
    assert all(each.family == each.claim for each in found)


def test_every_sentence_is_either_learned_from_or_held_out() -> None:
    learned = ordinary_sentences(Part.LEARN)
    unseen = ordinary_sentences(Part.CHOOSE, Part.CALIBRATE, Part.JUDGE)
    assert len(learned) + len(unseen) >= 2000
    assert 0.1 <= len(unseen) / len(learned) <= 0.25
    assert not {text.text for text in learned} & {text.text for text in unseen}
    assert {text.language for text in unseen} == {"de", "en"}
