"""Texts as they are searched: without links, emoji and repetitions, and in windows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.queries import bare_claim, clean_query, is_post, passage_of, says_something
from index.thresholds import SEARCH


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Look 👀 https://t.co/abc at this!", "Look at this!"),
        ("RT @news: The #FluShot2020 is free…", "news: The Flu Shot 2020 is free"),
        ("Same here. Same here. Same here.", "Same here."),
        ("Das ist neu. Teilen! Das ist NEU.", "Das ist neu. Teilen!"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("https://example.org/only", "https://example.org/only"),
        ("🙂🙂", "🙂🙂"),
        ("  a\n\n b ", "a b"),
        ("am Mitt-\n woch und am Mon-\r\ntag", "am Mittwoch und am Montag"),
        ("Klein-\nAnna", "Klein- Anna"),
        ("Die Ma\u00adsern\u200bimpfung\ufeff\u202e hilft", "Die Masernimpfung hilft"),
        ("am Mitt\u00ad\nwoch", "am Mittwoch"),
        ("> zwölf\n> > neue\n>Schulen", "> zwölf neue Schulen"),
        ("", ""),
    ],
)
def test_cleaning(text: str, expected: str) -> None:
    assert clean_query(text) == expected


@pytest.mark.parametrize(
    ("claim", "publisher", "expected"),
    [
        ("Fact check: Cows can fly", "", "Cows can fly"),
        ("FALSE CLAIM - Cows can fly", "", "Cows can fly"),
        ("Faktencheck: Kühe können fliegen.", "", "Kühe können fliegen."),
        ("Vera Files Fact Check: Cows can fly", "Vera Files", "Cows can fly"),
        ("PolitiFact - Cows can fly", "www.politifact.com", "Cows can fly"),
        ("PolitiFact - Fact check: Cows can fly", "PolitiFact", "Cows can fly"),
        ("Cows can fly | Full Fact", "fullfact.org", "Cows can fly"),
        ("Cows - a study", "fullfact.org", "Cows - a study"),
        ("Merkel: Kühe können fliegen", "CORRECTIV", "Merkel: Kühe können fliegen"),
        ("Fact check: Cows", "", "Fact check: Cows"),
        ("Falsche Zahlen: es sind mehr Kühe", "", "Falsche Zahlen: es sind mehr Kühe"),
        ("", "x", ""),
    ],
)
def test_a_statement_loses_what_its_publisher_put_around_it(claim: str, publisher: str, expected: str) -> None:
    assert bare_claim(claim, publisher) == expected


@given(st.text(max_size=80), st.text(max_size=20))
def test_a_statement_is_never_emptied(claim: str, publisher: str) -> None:
    assert bool(bare_claim(claim, publisher)) == bool(claim)


@pytest.mark.parametrize(
    ("claim", "publisher", "expected"),
    [
        ("PolitiFact", "PolitiFact", False),
        ("Africa Check", "africacheck.org", False),
        ("404 | Africa Check", "Africa Check", False),
        ("Salvini", "Pagella Politica", False),
        ("Impfpflicht!", "", False),
        ("", "", False),
        ("Wasser brennt.", "", True),
        ("PolitiFact lies.", "PolitiFact", True),
        ("疫苗含有微型芯片", "", True),
        ("疫苗", "", False),
    ],
)
def test_a_word_or_the_publishers_name_says_nothing(claim: str, publisher: str, expected: bool) -> None:
    assert says_something(claim, publisher) is expected


def test_one_sentence_is_its_only_window() -> None:
    assert passage_of("Only one sentence here.").texts() == ["Only one sentence here."]


def test_windows_are_the_whole_and_each_run_of_up_to_three_sentences() -> None:
    text = "Cows fly over the moon. Pigs fly over the sun. Hens do not fly at all."
    assert passage_of(text).texts() == [
        text,
        "Cows fly over the moon.",
        "Pigs fly over the sun.",
        "Hens do not fly at all.",
        "Cows fly over the moon. Pigs fly over the sun.",
        "Pigs fly over the sun. Hens do not fly at all.",
    ]


@pytest.mark.parametrize(
    ("words", "expected"), [(SEARCH.post_words, True), (SEARCH.post_words - 1, False), (400, True), (0, False)]
)
def test_a_post_has_some_words(words: int, expected: bool) -> None:
    assert is_post("Word " * words) is expected


def test_a_long_text_has_a_limited_number_of_windows() -> None:
    text = " ".join(f"Sentence number {n} says something new." for n in range(200))
    assert len(passage_of(text).windows) == SEARCH.max_windows


@given(st.text(max_size=300))
def test_any_text_can_be_cleaned_and_windowed(text: str) -> None:
    cleaned = clean_query(text)
    assert bool(cleaned) == bool(text.strip())
    assert passage_of(cleaned).texts()[0] == cleaned


@pytest.mark.parametrize("digits", ["1" * 5000, "0" * 5000 + "65"])
def test_a_character_reference_without_end_is_one_unknown_character(digits: str) -> None:
    assert clean_query(f"Lemons &#{digits}; &#228; are blue") == "Lemons \ufffd ä are blue"
    assert clean_query(f"Lemons &#{'0' * 3000}65; are blue") == "Lemons A are blue"
