"""Sentences: cut where a reader would, with offsets that are always exact."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.characters import visible_text
from service.models import Article
from service.pipeline.sentences import MAX_CHARACTERS, split_sentences


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
        "A heading without a stop", "First sentence.", "Second one.", "an item", "another item", "and a line",
    ]  # fmt: skip


TABLES = Path(__file__).parent / "sentences"
CASES = [
    (language, line)
    for language in ("de", "en")
    for line in (TABLES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]


def expected(case: str) -> list[str]:
    """The sentences of a line of the table."""
    return [sentence.replace(" / ", "\n") for sentence in re.split(r" \| | // ", case)]


@pytest.mark.parametrize(("language", "case"), CASES, ids=[case[:50] for _, case in CASES])
def test_sentences_end_where_a_reader_would_say(language: str, case: str) -> None:
    text = case.replace(" | ", " ").replace(" // ", "\n").replace(" / ", "\n")
    assert texts(text, language) == [re.sub("^- ", "", sentence) for sentence in expected(case)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("• Die Erde ist flach\n• Der Mond ist aus Käse", ["Die Erde ist flach", "Der Mond ist aus Käse"]),
        ("- 5G macht krank.\n– Handys auch.\n* Der Rest nicht.", ["5G macht krank.", "Handys auch.", "Der Rest nicht."]),
        ("> Das Wasser ist vergiftet.\n>> Wer sagt das?\n\nNiemand.", ["Das Wasser ist vergiftet.", "Wer sagt das?", "Niemand."]),
        ("> - Das Wasser ist sauber.\n> - Die Luft auch.", ["Das Wasser ist sauber.", "Die Luft auch."]),
        ("- 5 Grad waren es in Hof.\n-20 Grad in Oymjakon.", ["- 5 Grad waren es in Hof.", "-20 Grad in Oymjakon."]),
        ("*Wichtig* ist das.", ["*Wichtig* ist das."]),
        ("| Die Erde ist flach. |\n| Ulm | 95 Prozent | \n|x| ist der Betrag.", ["Die Erde ist flach.", "Ulm | 95 Prozent", "|x| ist der Betrag."]),
    ],
)  # fmt: skip
def test_marks_before_a_line_are_no_part_of_its_sentence(text: str, sentences: list[str]) -> None:
    assert texts(text, "de") == sentences


def test_a_mail_that_is_answered_stays_one_sentence_over_its_lines() -> None:
    text = "> Die Regierung hat beschlossen, dass alle\n> Schulen im Land am Montag geschlossen\n> bleiben sollen.\nDas stimmt nicht."
    (first, second) = split_sentences(Article(text, language="de"))
    assert (first.start, second.text) == (2, "Das stimmt nicht.")
    assert first.text.endswith("bleiben sollen.")


def test_the_table_has_150_sentences_a_language() -> None:
    for language in ("de", "en"):
        assert sum(len(expected(case)) for spoken, case in CASES if spoken == language) >= 150


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\ufeffDie Erde ist rund. Der Mond ist grau.", ["Die Erde ist rund.", "Der Mond ist grau."]),
        ("Die Er\u00adde ist rund.\u200b Der M\u200bo\u2060nd ist grau.\u200e", ["Die Erde ist rund.", "Der Mond ist grau."]),
        ("\u202eDie Erde\u202c ist rund. \u200fDer Mond ist grau.", ["Die Erde ist rund.", "Der Mond ist grau."]),
        ("Nach der 4.\u200b Imp\u00adfung ist Ruhe.", ["Nach der 4. Impfung ist Ruhe."]),
        ("Die Kinder machten heute am Mitt\u00ad\nwoch einen Lauf.", ["Die Kinder machten heute am Mitt\nwoch einen Lauf."]),
    ],
)  # fmt: skip
def test_what_nobody_sees_neither_ends_nor_hides_a_sentence(text: str, shown: list[str]) -> None:
    found = split_sentences(Article(text, language="de"))
    assert [visible_text(sentence.text) for sentence in found] == shown
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in found)


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


def said(text: str) -> str:
    """What a text says beside blanks and the marks before a line."""
    return "".join(visible_text(text).split()).strip(">-–—+•*·▪►✓‣◦|")


awkward = st.text(
    st.sampled_from(list("aB\u00a0\u2003 .!?…\n\r\"„“'()ßé😀\u200d\u0301\u202e\u00ad\u200bع-3[1]>der . "))
    | st.characters(codec="utf-8"),
    max_size=400,
)


@settings(deadline=None, max_examples=150)
@given(awkward, st.sampled_from(["de", "en", "ar", "xx", None]))
def test_offsets_are_exact_ordered_and_lose_nothing(text: str, language: str | None) -> None:
    place, covered = 0, []
    for sentence in split_sentences(Article(text, language=language)):
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
        assert sentence.start >= place
        assert not said(text[place : sentence.start])
        place = sentence.end
        covered.append(sentence.text)
    assert not said(text[place:])


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
