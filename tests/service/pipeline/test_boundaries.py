"""Where sentences end within a line, beyond what the library sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.pipeline.boundaries import goes_on, is_opener, mend_boundaries, names_something, short_word, without_emoji


@pytest.mark.parametrize(
    ("left", "right", "goes"),
    [
        ("Nach der 4. ", "Impfung war Schluss.", True),
        ("Das war 1945. ", "Die Stadt lag in Trümmern.", False),
        ("1. ", "Die Erde ist rund.", True),
        ("Die Fa. ", "Müller liefert.", True),
        ("Er kam um 5 p.m. ", "Then he left.", False),
        ("He left at 5 p.m. ", "Monday was the day.", True),
        ("Er hat recht. ", "Die Erde ist rund.", False),
        ("Brot, Butter usw. ", "Die Preise steigen.", False),
        ('"Really?" ', "She asked again.", False),
        ('"Really?" ', "Dr. Meier said so.", True),
    ],
)
def test_no_sentence_ends_after_an_ordinal_or_an_abbreviation(left: str, right: str, goes: bool) -> None:
    assert goes_on(left, right) is goes


@pytest.mark.parametrize(
    ("pieces", "sentences"),
    [
        (["Nach der 4. ", "Impfung war Schluss."], ["Nach der 4. Impfung war Schluss."]),
        (["Er sagte nein.[1] Die Stadt zahlt."], ["Er sagte nein.[1] ", "Die Stadt zahlt."]),
        (["Er sagte nein. ", "[1] Die Stadt zahlt."], ["Er sagte nein. [1] ", "Die Stadt zahlt."]),
        (["Es gab Brot, Butter usw. Die Preise steigen."], ["Es gab Brot, Butter usw. ", "Die Preise steigen."]),
        (["Es ist kalt 🥶 Es ist warm."], ["Es ist kalt 🥶 Es ist warm."]),
        (["Es ist hier sehr kalt 🥶 Es ist warm."], ["Es ist hier sehr kalt ", "🥶", " Es ist warm."]),
        ([], []),
    ],
)
def test_pieces_of_the_library_become_sentences(pieces: list[str], sentences: list[str]) -> None:
    assert [each for each in mend_boundaries(pieces) if each] == sentences


@given(st.lists(st.text(st.sampled_from('aB. !?5"„“[1]🥶usw'), max_size=20), max_size=5))
def test_nothing_of_a_line_is_lost(pieces: list[str]) -> None:
    assert "".join(mend_boundaries(pieces)) == "".join(pieces)


@pytest.mark.parametrize(
    ("tail", "word"),
    [("die Fa. ", "fa"), ("z. B. ", "z.b"), ("das Haus. ", "haus"), ("ein Kastanienbaum. ", ""), ("ohne Punkt ", "")],
)
def test_an_abbreviation_at_the_end_is_read_without_blanks(tail: str, word: str) -> None:
    assert short_word(tail) == word


@pytest.mark.parametrize(
    ("text", "opens"), [("Die Erde", True), ("„Die Erde", True), ("US troops", False), ("us and them", True), ("Haus", False), ("", False)]
)  # fmt: skip
def test_a_word_that_begins_sentences_is_known(text: str, opens: bool) -> None:
    assert is_opener(text) is opens


@pytest.mark.parametrize(("text", "names"), [("Die Zeitschrift „Wer", True), ("Er rief: „Wer", False), ("„Wer", False), ("Die Leute rufen „Wer hat das bloß wieder gesagt", False)])  # fmt: skip
def test_a_quotation_may_be_a_name(text: str, names: bool) -> None:
    assert names_something(text) is names


def test_emoji_within_a_sentence_stay() -> None:
    assert list(without_emoji("Ich ❤️ Lemons")) == ["Ich ❤️ Lemons"]
