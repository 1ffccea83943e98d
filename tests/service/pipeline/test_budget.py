"""Which sentences of a long text are looked at: known places, and never more than the budget."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as some

from service.pipeline.budget import choose_sentences
from service.pipeline.sentences import Sentences
from service.thresholds import BUDGET, BudgetThresholds

MAX_SENTENCES, MAX_CHARACTERS = 600, 40_000  # as they ship
LEAD_SHARE = BUDGET.lead_share
LEAD = MAX_SENTENCES // LEAD_SHARE


def text_of(*lengths: int) -> Sentences:
    """Sentences of such lengths, one blank apart."""
    bounds, place = array("Q"), 0
    for length in lengths:
        bounds.extend((place, place + length))
        place += length + 1
    return Sentences("x" * place, bounds)


@pytest.mark.parametrize("count", [0, 1, MAX_SENTENCES])
def test_an_ordinary_text_is_looked_at_as_a_whole(count: int) -> None:
    assert choose_sentences(text_of(*[20] * count)) == list(range(count))


def test_of_many_sentences_the_beginning_and_evenly_the_rest_are_looked_at() -> None:
    chosen = choose_sentences(text_of(*[10] * 4000))
    assert len(chosen) == MAX_SENTENCES
    assert chosen[:LEAD] == list(range(LEAD))
    steps = {after - before for before, after in zip(chosen[LEAD:], chosen[LEAD + 1 :], strict=False)}
    assert steps <= {7, 8}  # 3,900 sentences, 500 places
    assert chosen[-1] >= 4000 - 8


def test_long_sentences_count_for_more() -> None:
    chosen = choose_sentences(text_of(*[1000] * 1000))
    assert 30 <= len(chosen) <= MAX_CHARACTERS / 1000
    assert chosen[: MAX_CHARACTERS // LEAD_SHARE // 1000] == list(range(MAX_CHARACTERS // LEAD_SHARE // 1000))
    assert chosen[-1] > 950


def test_short_sentences_after_a_long_beginning_are_looked_at() -> None:
    chosen = choose_sentences(text_of(*[1000] * 40, *[10] * 1000))
    assert len([place for place in chosen if place >= 40]) > 100


def test_the_budget_is_one_that_is_given() -> None:
    chosen = choose_sentences(text_of(*[10] * 100), BudgetThresholds(max_sentences=12, lead_share=4))
    assert chosen[:3] == [0, 1, 2]
    assert len(chosen) == 12


@given(some.lists(some.integers(1, 1000), max_size=2000))
def test_no_text_costs_more_than_the_budget(lengths: list[int]) -> None:
    sentences = text_of(*lengths)
    chosen = choose_sentences(sentences)
    assert chosen == sorted(set(chosen))
    assert len(chosen) <= MAX_SENTENCES
    assert sum(sentences.length(place) for place in chosen) <= MAX_CHARACTERS
    assert bool(chosen) == bool(lengths)
    assert not chosen or chosen[0] == 0
