"""Publishers' words and what we read in them."""

import json
from importlib.resources import files

import pytest

from index.exchange.ratings import normalize_rating
from index.models import NormalizedRating as N


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("False", "en", N.FALSE), ("FALSE!", "de", N.FALSE), ("Pants on Fire!", "en", N.FALSE),
        ("Falsch", "de", N.FALSE), ("völlig falsch", "de", N.FALSE), ("Frei erfunden", "de", N.FALSE),
        ("Größtenteils falsch", "de", N.MOSTLY_FALSE), ("Mostly False", "hi", N.MOSTLY_FALSE),
        ("teilweise falsch", "de", N.MIXED), ("Half True", "en", N.MIXED), ("Mixture", "en", N.MIXED),
        ("Fehlender Kontext", "de", N.MISSING_CONTEXT), ("Falscher Kontext", "de", N.MISSING_CONTEXT),
        ("Misleading", "en", N.MISSING_CONTEXT), ("größtenteils richtig", "de", N.MOSTLY_TRUE),
        ("Mostly True", "en", N.MOSTLY_TRUE), ("richtig", "de", N.TRUE), ("Correct", "en", N.TRUE),
        ("Satire", "de", N.SATIRE), ("Manipuliert", "de", N.ALTERED_MEDIA), ("Deepfake", "en", N.ALTERED_MEDIA),
        ("Unbelegt", "de", N.UNPROVEN), ("Unproven", "en", N.UNPROVEN),
        ("Falsch. Das Video ist alt.", "de", N.FALSE), ("False – the photo is from 2015", "en", N.FALSE),
        ("Falsch", None, N.FALSE),
    ],
)  # fmt: skip
def test_known_words_are_mapped(words: str, language: str | None, expected: N) -> None:
    assert normalize_rating(words, language) is expected


@pytest.mark.parametrize(
    "words", ["reviewed", "Nicht falsch", "not false", "", "…", "5", "Sesat", "Falsches Pferd", "🤷"]
)
def test_unknown_words_stay_unmapped(words: str) -> None:
    assert normalize_rating(words, "de") is N.UNMAPPED


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("Faux", "fr", N.FALSE), ("Plutôt vrai", "fr", N.MOSTLY_TRUE), ("Sorti de son contexte", "fr", N.MISSING_CONTEXT),
        ("C'est plus compliqué", "fr", N.MIXED), ("Bufala!", "it", N.FALSE), ("Per lo più falso", "it", N.MOSTLY_FALSE),
        ("Fuorviante", "it", N.MISSING_CONTEXT), ("Engañoso", "es", N.MISSING_CONTEXT), ("Verdadero, pero…", "es", N.MOSTLY_TRUE),
        ("Verdad a medias", "es", N.MIXED), ("Bulo", "es", N.FALSE), ("Inchequeable", "es", N.UNPROVEN),
        ("Contraditório", "pt", N.MIXED), ("contraditorio", "pt", N.MIXED), ("É fake", "pt", N.FALSE),
        ("Meia-verdade", "pt", N.MIXED), ("Insustentável", "pt", N.UNPROVEN), ("Montagem", "pt", N.ALTERED_MEDIA),
        ("Fałsz.", "pl", N.FALSE), ("Deels onwaar", "nl", N.MIXED), ("полуправда", "ru", N.MIXED),
        ("نیمه‌درست", "fa", N.MIXED), ("زائف", "ar", N.FALSE), ("Doğru", "tr", N.TRUE),
    ],
)  # fmt: skip
def test_words_of_other_languages_are_mapped(words: str, language: str, expected: N) -> None:
    assert normalize_rating(words, language) is expected


def test_where_the_language_is_wrong_or_unknown_all_that_know_a_phrase_must_agree() -> None:
    assert normalize_rating("falso", "ca") is N.FALSE
    assert normalize_rating("Engañoso", None) is N.MISSING_CONTEXT
    assert normalize_rating("manipulacja", "cs") is N.MISSING_CONTEXT
    assert normalize_rating("манипуляция", None) is N.MISSING_CONTEXT
    assert normalize_rating("falso", "de") is N.UNMAPPED


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Fake / Falsch", N.FALSE), ("False, mostly false", N.MOSTLY_FALSE), ("True and mostly true", N.MOSTLY_TRUE),
        ("False & altered", N.FALSE), ("Misleading/Partially false", N.MIXED), ("True and misleading", N.MIXED),
        ("Falsch und irreführend", N.MIXED), ("True / false", N.MIXED),
        ("Fake / Satire", N.UNMAPPED), ("False, unproven", N.UNMAPPED), ("True, but so what", N.UNMAPPED),
        ("Falsch und blau", N.UNMAPPED),
    ],
)  # fmt: skip
def test_several_ratings_at_once_come_to_the_mildest_of_a_side_or_to_mixed(words: str, expected: N) -> None:
    assert normalize_rating(words, "en") is expected


def test_what_is_rated_is_left_out_unless_the_rest_says_true() -> None:
    assert normalize_rating("Misleading advertisement", "en") is N.MISSING_CONTEXT
    assert normalize_rating("Unverified claim", "en") is N.UNPROVEN
    assert normalize_rating("Correct headline", "en") is N.UNMAPPED
    assert normalize_rating("2 [fabricated content]", "id") is N.FALSE
    assert normalize_rating("2 [-]", "id") is N.UNMAPPED


def test_a_publisher_s_own_words_count_for_its_site_alone() -> None:
    assert normalize_rating("Nì", "it", "pagellapolitica.it") is N.MIXED
    assert normalize_rating("Pinocchio andante", "it", "www.pagellapolitica.it") is N.MOSTLY_FALSE
    assert normalize_rating("Nì", "it", "blatt.example") is N.UNMAPPED
    assert normalize_rating("Nì", "it", "notpagellapolitica.it") is N.UNMAPPED


def test_an_explanation_takes_back_a_true_unless_the_publisher_s_verdict_always_leads() -> None:
    said = "Prawda. Tak podaje raport."
    assert normalize_rating(said, "pl", "demagog.org.pl") is N.TRUE
    assert normalize_rating(said, "pl", "blatt.example") is N.UNMAPPED
    assert normalize_rating("Prawda czy nie? Sprawdzamy.", "pl", "demagog.org.pl") is N.UNMAPPED
    assert normalize_rating("Richtig. Aber das Bild ist alt.", "de", "correctiv.org") is N.UNMAPPED


@pytest.mark.parametrize("name", ["rating_words.json", "rating_words_further.json"])
def test_no_phrase_of_a_language_stands_under_two_ratings(name: str) -> None:
    for language, codes in json.loads((files("index.exchange") / name).read_bytes()).items():
        seen: dict[str, str] = {}
        for code, words in codes.items():
            for word in words:
                assert seen.setdefault(word, code) == code, f"{language}: {word}"
