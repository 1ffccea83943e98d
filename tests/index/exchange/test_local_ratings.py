"""What persons map rating words to: which words it is for, of which publishers, and that it comes first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.exchange.local_ratings import RatingMapping, RatingMappings, digest_of, key_of
from index.models import NormalizedRating, Publisher, Rating, Statement

FALSE, MIXED, SATIRE, UNMAPPED = (NormalizedRating(code) for code in ("false", "mixed", "satire", "unmapped"))
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def mapping(words: str, normalized: NormalizedRating, site: str | None = None) -> RatingMapping:
    return RatingMapping(words, site, normalized, "local", NOW)


def test_words_are_the_same_however_they_are_written() -> None:
    mappings = RatingMappings([mapping("Voll daneben!", FALSE)])
    for words in ("voll daneben", "VOLL  DANEBEN", "„Voll daneben“."):
        assert mappings.read(words, "de", None) is FALSE
    for words in ("Daneben", "Voll daneben, aber lustig", ""):
        assert mappings.find(words, None) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [("-1", "1"), ("1,5", "1/5"), ("Falsch?", "Falsch"), ("★★", "★"), ("🔴", "🟢"), ("Stufe 4", "Stufe 5")],
)
def test_signs_make_a_difference_where_they_say_something(first: str, second: str) -> None:
    assert key_of(first) != key_of(second)
    assert RatingMappings([mapping(first, FALSE)]).find(second, None) is None


def test_a_mapping_for_the_publisher_comes_before_one_for_all_and_a_nearer_site_before_one_above() -> None:
    mappings = RatingMappings(
        [mapping("Quatsch", FALSE), mapping("Quatsch", MIXED, "checks.example"), mapping("Quatsch", SATIRE, "de.checks.example")]
    )  # fmt: skip
    read = {site: mappings.read("Quatsch", "de", site) for site in
            (None, "other.example", "checks.example", "www.Checks.example", "de.checks.example", "otherchecks.example")}  # fmt: skip
    assert list(read.values()) == [FALSE, FALSE, MIXED, MIXED, SATIRE, FALSE]


def test_a_mapping_comes_before_what_the_program_knows() -> None:
    assert RatingMappings().read("Falsch", "de", None) is FALSE
    assert RatingMappings([mapping("falsch", MIXED)]).read("Falsch", "de", None) is MIXED
    assert RatingMappings([mapping("anders", MIXED)]).read("Falsch", "de", None) is FALSE


def test_a_statement_is_read_with_its_language_and_publisher() -> None:
    statement = Statement(
        "Enten fliegen.", "https://c.example/1", Rating("Quatsch", 1.0), Publisher("C", "c.example"), "de"
    )
    read = RatingMappings([mapping("Quatsch", SATIRE, "c.example")]).apply(statement)
    assert read.rating == Rating("Quatsch", 1.0, normalized=SATIRE)
    assert RatingMappings().apply(statement).rating.normalized is UNMAPPED


def test_a_digest_names_words_however_long_they_are_and_whatever_is_in_them() -> None:
    assert digest_of("Voll daneben!") == digest_of("voll daneben")
    assert digest_of("x" * 10_000) != digest_of("x" * 10_001)
    assert {len(digest_of(words)) for words in ("", "\ud800", "x" * 10_000)} == {32}
