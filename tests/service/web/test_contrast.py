"""Two sentences side by side: which of their words are marked."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.models import Difference, DifferenceKind
from service.web.contrast import MAX_WORDS, Run, contrast


def marked(runs: tuple[Run, ...]) -> list[str]:
    return [run.text for run in runs if run.differs]


@pytest.mark.parametrize(
    ("claim", "statement", "left", "right"),
    [
        ("Lemons cure diabetes in 14 days.", "Lemons cure diabetes in 7 days.", ["14"], ["7"]),
        ("Lemons cure diabetes.", "LEMONS CURE DIABETES!", [], []),
        ("Hot lemon water cures it.", "Cold orange water cures it.", ["Hot lemon"], ["Cold orange"]),
        ("The town has 1,000 bridges.", "The town has 1.000 bridges.", ["1,000"], ["1.000"]),
        ("The town sold bridges.", "The town sold many bridges.", [], ["many"]),
        ("Windows were broken yesterday.", "Die Erde dreht sich.", [], []),
        ("", "", [], []),
    ],
)
def test_words_that_the_other_does_not_have_are_marked(
    claim: str, statement: str, left: list[str], right: list[str]
) -> None:
    runs = contrast(claim, statement)
    assert (marked(runs[0]), marked(runs[1])) == (left, right)


@given(st.text(max_size=80), st.text(max_size=80))
def test_joined_the_runs_are_the_sentences_again(claim: str, statement: str) -> None:
    left, right = contrast(claim, statement, [Difference(DifferenceKind.NAME, claim[:5], statement[:5])])
    assert "".join(run.text for run in left) == claim
    assert "".join(run.text for run in right) == statement
    assert all(one.differs != other.differs for runs in (left, right) for one, other in pairwise(runs))


def test_in_another_language_only_the_differences_that_were_found_are_marked() -> None:
    number = Difference(DifferenceKind.NUMBER, "14", "sieben")
    left, right = contrast(
        "Lemons cure it within 14 days, 140 doctors say.", "Zitronen heilen es in sieben Tagen.", [number]
    )
    assert (marked(left), marked(right)) == (["14"], ["sieben"])


def test_a_difference_of_several_words_is_marked_as_one() -> None:
    name = Difference(DifferenceKind.NAME, "New York", "Rom")
    left, _ = contrast("In New York the lemons bloom again.", "Wieder blühen in Rom Zitronen.", [name])
    assert marked(left) == ["New York"]


def test_very_long_sentences_are_not_compared() -> None:
    long = "word " * (MAX_WORDS + 1)
    left, _ = contrast(f"{long} lemons", f"{long} oranges")
    assert marked(left) == []
