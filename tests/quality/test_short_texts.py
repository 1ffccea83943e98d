"""Rumours as people type them, in a few words, and harmless texts about the same things, among all statements of ours.

short_texts.jsonl was written before anybody saw what it gives; only `ShortThresholds.min_shared` and `min_suggested`
were chosen by it. Foreign are texts about things that no statement of ours is about.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.models import Match, NormalizedRating, Stance
from index.pairs.rules import OTHER_CLAIM
from index.retrieval.search import StatementIndex
from service.pipeline.few_words import is_surely
from service.thresholds import SHORT

TEXTS = [json.loads(line) for line in (Path(__file__).parent / "short_texts.jsonl").read_text("utf-8").splitlines()]
UNTRUE = {
    NormalizedRating.FALSE, NormalizedRating.MOSTLY_FALSE, NormalizedRating.ALTERED_MEDIA, NormalizedRating.SATIRE,
    NormalizedRating.MISSING_CONTEXT,
}  # fmt: skip


Found = list[tuple[str, str, list[Match], list[Match]]]


@pytest.fixture(scope="session")
def searched(index: StatementIndex) -> Found:
    """Kind and text, what is near it and what it surely is."""
    found = []
    for each in TEXTS:
        (matches,) = index.search([each["text"]], 3)
        found.append((each["kind"], each["text"], matches, [one for one in matches if is_surely(each["text"], one)]))
    return found


@pytest.fixture(scope="session")
def warned_of(searched: Found) -> dict[str, list[str]]:
    """By kind the texts that are told to repeat something untrue."""
    found: dict[str, list[str]] = {"rumour": [], "harmless": [], "foreign": []}
    for kind, text, _, sure in searched:
        if any(m.judgement.stance is Stance.SUPPORTS and m.statement.rating.normalized in UNTRUE for m in sure):
            found[kind].append(text)
    return found


@pytest.fixture(scope="session")
def suggested_for(searched: Found) -> dict[str, list[str]]:
    """By kind the texts that surely are no statement, and have one suggested."""
    found: dict[str, list[str]] = {"rumour": [], "harmless": [], "foreign": []}
    for kind, text, near, sure in searched:
        meant = [
            one
            for one in near
            if one.confidence >= SHORT.min_suggested
            and not any(difference.kind in OTHER_CLAIM for difference in one.judgement.differences)
        ]
        if meant and not sure:
            found[kind].append(text)
    return found


def test_of_seventy_rumours_in_a_few_words_many_are_told(warned_of: dict[str, list[str]]) -> None:
    assert len(warned_of["rumour"]) >= 23, warned_of["rumour"]


def test_hardly_any_harmless_text_is_taken_for_one(warned_of: dict[str, list[str]]) -> None:
    assert len(warned_of["harmless"]) <= 2, warned_of["harmless"]


def test_most_other_rumours_have_a_suggestion_and_hardly_any_foreign_text_has(
    suggested_for: dict[str, list[str]],
) -> None:
    assert len(suggested_for["rumour"]) >= 38, suggested_for["rumour"]
    assert len(suggested_for["foreign"]) <= 2, suggested_for["foreign"]
