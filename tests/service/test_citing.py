"""How a fact-check is cited: whose it is, its rating and reason, its language, and no link that is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.models import NormalizedRating, Publisher, Rating, Statement
from service.citing import cited_url, fact_check_link, foreign_name, is_link, publisher_words, rating_label, reason_of

FALSE = Statement(
    "Masern machen immun gegen alles.",
    "https://faktencheck.example/masern",
    Rating("Falsch", normalized=NormalizedRating.FALSE),
    Publisher("Faktenblatt", "faktencheck.example"),
    language="de",
    date_published=date(2021, 5, 3),
)


def test_an_address_says_in_which_language_its_fact_check_is_where_that_is_another() -> None:
    assert cited_url(FALSE, "de-CH") == "https://faktencheck.example/masern"
    assert cited_url(FALSE, "en") == "https://faktencheck.example/masern (in German)"
    assert cited_url(replace(FALSE, language=None), "en") == "https://faktencheck.example/masern"


def test_the_reason_of_a_rating_is_its_explanation_else_the_headline_of_the_fact_check() -> None:
    told = replace(FALSE, explanation="Es gibt  keinen Beleg.", headline="Nein, Zitronen heilen nicht")
    assert reason_of(told) == "Es gibt keinen Beleg."
    assert reason_of(replace(told, explanation=None)) == "Nein, Zitronen heilen nicht"
    assert reason_of(replace(told, explanation=None, headline=told.claim_reviewed)) == ""
    assert reason_of(replace(told, explanation="x" * 400)) == "x" * 299 + "…"


def test_ratings_are_verbatim_and_cut_only_where_very_long() -> None:
    assert rating_label(FALSE, "en") == "Falsch"
    long = replace(FALSE, rating=Rating(f"{'a' * 88} und noch mehr"))
    assert rating_label(long, "de") == f"{'a' * 88}…", "no space before the dots"
    assert rating_label(replace(FALSE, rating=Rating("a" * 90)), "de") == "a" * 90
    assert rating_label(replace(FALSE, rating=Rating(" ", normalized=NormalizedRating.FALSE)), "de") == "falsch"


@pytest.mark.parametrize(
    ("tag", "german", "english"),
    [
        ("de", "Faktencheck lesen", "Read the fact-check (in German)"),
        ("en-GB", "Faktencheck lesen (auf Englisch)", "Read the fact-check"),
        ("fr", "Faktencheck lesen (auf Französisch)", "Read the fact-check (in French)"),
        (None, "Faktencheck lesen", "Read the fact-check"),
    ],
)
def test_a_fact_check_in_another_language_says_so(tag: str | None, german: str, english: str) -> None:
    statement = replace(FALSE, language=tag)
    assert fact_check_link(statement, "de") == fact_check_link(statement, "de-CH") == german
    assert fact_check_link(statement, "en") == english


@pytest.mark.parametrize(
    ("publisher", "begins", "inside"),
    [
        (Publisher("Faktenblatt", "faktencheck.example"), "Faktenblatt", "Faktenblatt"),
        (Publisher(None, "faktencheck.example"), "faktencheck.example", "faktencheck.example"),
        (Publisher(), "Ein Faktencheck", "ein Faktencheck"),
    ],
)
def test_a_publisher_without_a_name_goes_by_its_site(publisher: Publisher, begins: str, inside: str) -> None:
    statement = replace(FALSE, publisher=publisher)
    assert publisher_words(statement, "de") == begins
    assert publisher_words(statement, "de", inside=True) == inside


def test_a_language_is_named_only_where_it_is_not_the_reader_s() -> None:
    assert [foreign_name(tag, "de") for tag in ("en", "de-AT", None)] == ["Englisch", "", ""]


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://a.example/1", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        ("ftp://a.example/", False),
        ("//a.example/1", False),
        ("a.example/1", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str | None, is_one: bool) -> None:
    assert is_link(url) is is_one
