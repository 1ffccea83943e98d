"""Rumours as people type them, in a few words, and harmless texts about the same things, among all statements of ours.

short_texts.jsonl was written before anybody saw what it gives; only `ShortThresholds.min_shared` was chosen by it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.models import NormalizedRating, Stance
from index.retrieval.search import StatementIndex
from service.pipeline.few_words import is_surely

TEXTS = [json.loads(line) for line in (Path(__file__).parent / "short_texts.jsonl").read_text("utf-8").splitlines()]
UNTRUE = {
    NormalizedRating.FALSE, NormalizedRating.MOSTLY_FALSE, NormalizedRating.ALTERED_MEDIA, NormalizedRating.SATIRE,
    NormalizedRating.MISSING_CONTEXT,
}  # fmt: skip


@pytest.fixture(scope="session")
def warned_of(index: StatementIndex) -> dict[str, list[str]]:
    """By kind the texts that are told to repeat something untrue."""
    found: dict[str, list[str]] = {"rumour": [], "harmless": []}
    for each in TEXTS:
        (matches,) = index.search([each["text"]], 3)
        sure = [match for match in matches if is_surely(each["text"], match)]
        if any(m.judgement.stance is Stance.SUPPORTS and m.statement.rating.normalized in UNTRUE for m in sure):
            found[each["kind"]].append(each["text"])
    return found


def test_of_seventy_rumours_in_a_few_words_many_are_told(warned_of: dict[str, list[str]]) -> None:
    assert len(warned_of["rumour"]) >= 23, warned_of["rumour"]


def test_hardly_any_harmless_text_is_taken_for_one(warned_of: dict[str, list[str]]) -> None:
    assert len(warned_of["harmless"]) <= 2, warned_of["harmless"]
