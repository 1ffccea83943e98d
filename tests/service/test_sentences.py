"""Sentences made when they are asked for are a sequence like any other."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.sentences import Sentence, Sentences

TEXT = "Es regnet. Es schneit. Es taut."
WEATHER = Sentences(TEXT, array("q", [0, 10, 11, 22, 23, 31]))
EACH = (Sentence("Es regnet.", 0, 10), Sentence("Es schneit.", 11, 22), Sentence("Es taut.", 23, 31))


def test_each_stands_where_it_says_in_the_text() -> None:
    assert tuple(WEATHER) == EACH
    assert all(TEXT[each.start : each.end] == each.text for each in WEATHER)
    assert [WEATHER.length(place) for place in range(3)] == [10, 11, 8]


@given(st.slices(3))
def test_a_part_of_them_is_what_a_tuple_would_give(part: slice) -> None:
    assert WEATHER[part] == EACH[part]


@given(st.integers(-3, 2))
def test_a_place_may_be_counted_from_the_end(place: int) -> None:
    assert WEATHER[place] == EACH[place]


@pytest.mark.parametrize("place", [3, -4])
def test_a_place_that_there_is_not_is_refused(place: int) -> None:
    with pytest.raises(IndexError):
        WEATHER[place]


def test_a_text_without_a_sentence_has_none() -> None:
    assert list(Sentences("", array("q"))) == []
