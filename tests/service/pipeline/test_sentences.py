"""Sentences: cut where a reader would, with offsets that are always exact."""

from __future__ import annotations

import timeit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.models import Article
from service.pipeline.sentences import BREAKS_OFF, LAST_WORD, LINE_END, MAX_CHARACTERS, is_wrapped, split_sentences


def texts(text: str, language: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(Article(text, language=language))]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("de", ["Am 3. Mai 2021 kam Dr. Meier.", "Er blieb z. B. zwei Tage."]),
        ("de", ["Das ist gut!", "Oder nicht?", "Wer weiß …"]),
        ("en", ["Mr. Smith paid $3.50 on Jan. 5.", "He left at 5 p.m. on Monday."]),
        ("en", ["The U.S. economy grew.", "It shrank later."]),
        ("ar", ["هذا صحيح.", "هذا خطأ."]),
    ],
)
def test_abbreviations_and_ordinals_do_not_end_a_sentence(language: str, sentences: list[str]) -> None:
    assert texts(" ".join(sentences), language) == sentences


def test_line_breaks_end_sentences() -> None:
    text = "A heading without a stop\n\nFirst sentence. Second one.\n- an item\r\n- another item\u2028and a line"
    assert texts(text, "en") == [
        "A heading without a stop", "First sentence.", "Second one.", "- an item", "- another item", "and a line",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "lines", "expected"),
    [
        ("de", ["Die Kinder der Grundschule machten am Mitt-", "woch einen Lauf."], 1),
        ("de", ["Klaus Schwab wurde in seinem Haus festgenommen und", "Bill Gates auch."], 1),
        ("de", ["Seit mehr als 50 Jahren", "werden Masken", "geprüft."], 1),
        ("en", ["Scientists at the university found that the", "Earth is warming,", "Mars as well."], 1),
        ("en", ["Symptoms:", "sore throat", "fever", "cough"], 4),
        ("en", ["A heading of some length without a stop", "First sentence of the text."], 2),
        ("en", ["It ended here after a long while.", "iPhones were sold."], 2),
        ("en", ["A line of some length and then", "", "a new paragraph"], 2),
    ],
)
def test_a_wrapped_line_goes_on_and_a_finished_one_does_not(language: str, lines: list[str], expected: int) -> None:
    text = "\n".join(lines)
    found = split_sentences(Article(text, language=language))
    assert len(found) == expected
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in found)


@given(st.lists(st.sampled_from(["their", "einem", "der", "a", "x", "Mitt-", ",", "(", " ", "ß"]), max_size=9))
def test_the_last_characters_of_a_line_show_whether_it_breaks_off(pieces: list[str]) -> None:
    line = "".join(pieces)
    assert bool(BREAKS_OFF.search(line[-LAST_WORD:])) == bool(BREAKS_OFF.search(line))


def test_a_long_line_is_as_soon_judged_as_a_short_one() -> None:
    def seconds(length: int) -> float:
        line = "w" * (length - 1) + "-"
        return min(timeit.repeat(lambda: is_wrapped(line, "woch einen Lauf."), number=300, repeat=7))

    assert seconds(LINE_END) < 4 * seconds(LAST_WORD)


def test_an_endless_sentence_is_cut_at_blanks() -> None:
    found = texts("word " * 1000, "en")
    assert all(len(piece) <= MAX_CHARACTERS and piece == piece.strip() for piece in found)
    assert "".join(found).replace(" ", "") == "word" * 1000


def test_a_text_without_blanks_is_cut_anyway() -> None:
    assert [len(piece) for piece in texts("x" * 2500, "en")] == [1000, 1000, 500]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "\u3000"])
def test_nothing_gives_no_sentences(text: str) -> None:
    assert texts(text, "de") == []


@pytest.mark.parametrize(
    "text",
    [
        "Erste. \u00a0 \u00a0 \u00a0Zweite Zeile. \u00a0 \u00a0",
        "A.\u00a0b. sec. \u00a0B\u00a0.\u00a0\u00a01. 1. A. ",
        "x \u2003.\u3000B. \u00a0A. \u2003",
    ],
)
def test_wide_blanks_neither_stop_nor_lose_anything(text: str) -> None:
    assert "".join("".join(texts(text, "de")).split()) == "".join(text.split())


awkward = st.text(
    st.sampled_from(list("aB\u00a0\u2003 .!?…\n\r\"„“'()ßé😀\u200d\u0301\u202eع-3 . ")) | st.characters(codec="utf-8"),
    max_size=400,
)


@settings(deadline=None, max_examples=150)
@given(awkward, st.sampled_from(["de", "en", "ar", "xx", None]))
def test_offsets_are_exact_ordered_and_lose_nothing(text: str, language: str | None) -> None:
    place, covered = 0, []
    for sentence in split_sentences(Article(text, language=language)):
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
        assert sentence.start >= place
        assert not text[place : sentence.start].strip()
        place = sentence.end
        covered.append(sentence.text)
    assert not text[place:].strip()


def test_a_long_line_is_cut_into_sentences_where_they_end() -> None:
    sentence = "Das ist z. B. der dritte Satz von vielen. "
    article = Article(sentence * 400, language="de")
    assert {found.text for found in split_sentences(article)} == {sentence.strip()}
    assert len(split_sentences(article)) == 400


def test_a_line_without_any_end_is_cut_at_blanks() -> None:
    article = Article("wort " * 3000, language="de")
    found = split_sentences(article)
    assert {word for each in found for word in each.text.split()} == {"wort"}
    assert max(len(each.text) for each in found) <= 1000
    assert sum(len(each.text.split()) for each in found) == 3000
