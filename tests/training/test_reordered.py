"""Reordered sentences: another claim by swapped names, the same claim in another order."""

from __future__ import annotations

import random

import pytest

from training.pairs.corpus import read_families
from training.pairs.reordered import names_in, said_in_another_order, with_names_swapped

NAMES = {"Dublin", "Lisbon", "Anna Berg"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "All flights from Dublin that go to Lisbon are banned.",
            "All flights from Lisbon that go to Dublin are banned.",
        ),
        ("Nun hat Anna Berg den Fluss bei Dublin gekauft.", "Nun hat Dublin den Fluss bei Anna Berg gekauft."),
        ("The 12 ships carried more than 300 people.", "The 300 ships carried more than 12 people."),
    ],
)
def test_two_names_or_numbers_change_places(text: str, expected: str) -> None:
    assert with_names_swapped(text, NAMES, random.Random(1)) == expected


@pytest.mark.parametrize(
    "text", ["Only Lisbon is left.", "They met in Dublin and Lisbon.", "He saw Paris in the eyes of Rome.", ""]
)
def test_listed_names_unknown_and_single_ones_stay(text: str) -> None:
    assert with_names_swapped(text, NAMES, random.Random(1)) is None


def test_names_are_what_english_texts_write_with_a_capital() -> None:
    texts = ["The mayor met Anna Berg in Dublin.", "On a Monday in May, it rained."]
    assert names_in(texts) == {"Anna Berg", "Dublin"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Die Bundesbank hat im Mai 2026 alle Münzen eingezogen.",
            "Im Mai 2026 hat die Bundesbank alle Münzen eingezogen.",
        ),
        ("The bank closed all branches in May 2026.", "In May 2026, the bank closed all branches."),
        ("Er heilt Grippe mit Zitronen und Honig.", "Er heilt Grippe mit Honig und Zitronen."),
    ],
)
def test_the_same_is_said_in_another_order(text: str, expected: str) -> None:
    assert said_in_another_order(text) == expected


def test_what_has_one_order_only_is_left_alone() -> None:
    assert said_in_another_order("Lemons cure flu.") is None


def test_reordering_keeps_the_words() -> None:
    draw = random.Random(5)
    statements = [statement for family in read_families() for statement in family.statement.values()]
    names = names_in(statements)
    changes = [
        (statement, changed)
        for statement in statements
        for changed in (with_names_swapped(statement, names, draw), said_in_another_order(statement))
        if changed is not None
    ]
    assert len(changes) > 100
    for statement, changed in changes:
        assert changed != statement
        assert sorted(_letters(changed)) == sorted(_letters(statement))


def _letters(text: str) -> list[str]:
    return [letter for letter in text.lower() if letter.isalnum()]
