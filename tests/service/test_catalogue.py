"""Catalogues and formats: which language to speak, what languages are called, numbers as people write them."""

from __future__ import annotations

import pytest

from service.catalogue import catalogue, choose_language, format_share, name_language, primary_of, say


@pytest.mark.parametrize(
    ("tag", "german", "english"),
    [
        ("de", "Deutsch", "German"),
        ("en", "Englisch", "English"),
        ("en-US", "Englisch", "English"),
        ("pt_BR", "Portugiesisch", "Portuguese"),
        ("FA", "Persisch", "Persian"),
        ("xx-none", "", ""),
        ("und", "", ""),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_a_language_is_named_in_the_reader_s(tag: str | None, german: str, english: str) -> None:
    assert name_language(tag, "de") == name_language(tag, "de-CH") == german
    assert name_language(tag, "en") == english


def test_region_and_script_are_no_other_language() -> None:
    assert {primary_of(tag) for tag in ("de", "de-CH", "DE_at", "de-Latn-DE")} == {"de"}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-US,en;q=0.5,de;q=0.3", "en"),
        ("fr-FR,fr;q=0.9,de;q=0.5,en;q=0.4", "de"),
        ("fr", "en"),
        ("en;q=0.2, de;q=0.9", "de"),
        ("de;q=0, en", "en"),
        ("de;q=much,en;q=0.1", "en"),
        (",;,q=;;", "en"),
        ("denglish", "en"),
    ],
)
def test_the_language_wanted_most_is_chosen(header: str | None, language: str) -> None:
    assert choose_language(header) == language


def test_swiss_german_has_no_sharp_s() -> None:
    assert choose_language("de-CH,de;q=0.9", swiss=True) == "de-CH"
    assert choose_language("de-CH,de;q=0.9") == "de"
    assert say("de-CH", "could_not_read.lead") == "Diese Seite liess sich nicht lesen:"
    assert not any("ß" in str(message) for message in catalogue("de-CH").values())


def test_shares_are_never_certain() -> None:
    assert format_share(1.0, "en") == "99%"
    assert format_share(0.953, "de").replace("\xa0", " ") == "95 %"
