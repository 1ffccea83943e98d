"""What languages are called, in German and English."""

from __future__ import annotations

import pytest

from service.catalogue import name_language, primary_of


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
