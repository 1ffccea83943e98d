"""ClaimReview as it is found: clean, dirty, and back again."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.exchange.claimreview import read_review, statement_to_claimreview
from index.exchange.ratings import normalize_rating
from index.models import Citation, NormalizedRating, Publisher, Rating, Statement
from index.retrieval.queries import says_something

GOOD: dict[str, Any] = {
    "@type": "ClaimReview",
    "claimReviewed": "Cows can walk down stairs.",
    "url": "https://www.checks.example/cows",
    "reviewRating": {"@type": "Rating", "alternateName": "Mostly False", "ratingValue": 2, "bestRating": "5"},
    "author": {"@type": "Organization", "name": "Example Checks", "url": "https://checks.example/"},
    "datePublished": "2021-05-03T10:15:00+02:00",
    "itemReviewed": {"@type": "Claim", "author": [{"name": "A farmer"}]},
    "inLanguage": "en-GB",
    "sdLicense": "https://creativecommons.org/licenses/by/4.0/",
}


def read(**changes: Any) -> Any:
    return read_review({**GOOD, **changes})


def test_a_clean_review_is_read_whole() -> None:
    parsed = read()
    assert parsed.rejection is None
    assert parsed.warnings == ()
    assert parsed.statement == Statement(
        claim_reviewed="Cows can walk down stairs.",
        url="https://www.checks.example/cows",
        rating=Rating("Mostly False", 2.0, 5.0, None, NormalizedRating.MOSTLY_FALSE),
        publisher=Publisher("Example Checks", "checks.example"),
        language="en",
        claimant="A farmer",
        date_published=date(2021, 5, 3),
        license="https://creativecommons.org/licenses/by/4.0/",
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"claimReviewed": None}, "claimReviewed"),
        ({"claimReviewed": "  \u0000 "}, "claimReviewed"),
        ({"claimReviewed": {"deep": 1}}, "claimReviewed"),
        ({"url": None}, "url"),
        ({"url": "ftp://checks.example/cows"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "http://[broken"}, "url"),
        ({"reviewRating": None}, "reviewRating"),
        ({"reviewRating": {}}, "reviewRating"),
        ({"reviewRating": True}, "reviewRating"),
        ({"reviewRating": [[]]}, "reviewRating"),
    ],
)
def test_only_claim_url_and_rating_are_needed(changes: dict[str, Any], reason: str) -> None:
    parsed = read(**changes)
    assert parsed.statement is None
    assert reason in parsed.rejection


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"datePublished": "yesterday"}, "date_published", None),
        ({"datePublished": ["2020-02-30"]}, "date_published", None),
        ({"inLanguage": 7}, "language", None),
        ({"itemReviewed": {"author": {"name": {"no": "text"}}}}, "claimant", None),
        ({"sdLicense": True}, "license", None),
    ],
)
def test_any_other_bad_field_is_dropped_with_a_warning(changes: dict[str, Any], field: str, value: Any) -> None:
    parsed = read(**changes)
    assert getattr(parsed.statement, field) == value
    assert len(parsed.warnings) == 1


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        ("Falsch", Rating("Falsch", normalized=NormalizedRating.FALSE)),
        ({"alternateName": "Unproven", "ratingValue": -1, "bestRating": -1, "worstRating": -1},
         Rating("Unproven", -1, -1, -1, NormalizedRating.UNPROVEN)),
        ({"@type": "rating", "alternateName": "True", "ratingValue": "1", "bestRating": "1", "worstRating": "0"},
         Rating("True", 1, 1, 0, NormalizedRating.TRUE)),
        ({"alternateName": "Ja", "ratingValue": 1, "bestRating": 1, "worstRating": 5}, Rating("Ja", 1, 1, 5)),
        ({"alternateName": "Fake", "ratingValue": float("nan")}, Rating("Fake", normalized=NormalizedRating.FALSE)),
        ({"alternateName": "Fake", "ratingValue": 10**400}, Rating("Fake", normalized=NormalizedRating.FALSE)),
        ({"ratingValue": 3}, Rating("3", 3.0)),
        ([{"name": "Satire"}], Rating("Satire", normalized=NormalizedRating.SATIRE)),
    ],
)  # fmt: skip
def test_ratings_in_every_dress(rating: Any, expected: Rating) -> None:
    assert read(reviewRating=rating).statement.rating == expected


@pytest.mark.parametrize(
    ("value", "number", "best"),
    [
        ("1,5", 1.5, None), ("2,25", 2.25, None), ("1/5", 1.0, 5.0), ("1 von 5", 1.0, 5.0), ("2.5 / 10", 2.5, 10.0),
        ("3 out of 7", 3.0, 7.0), ("\u22121", -1.0, None), (" 4 ", 4.0, None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(value: str, number: float, best: float | None) -> None:
    parsed = read(reviewRating={"alternateName": "Falsch", "ratingValue": value})
    assert (parsed.statement.rating.rating_value, parsed.statement.rating.best_rating) == (number, best)
    assert parsed.warnings == ()
    stated = read(reviewRating={"alternateName": "Falsch", "ratingValue": value, "bestRating": 7})
    assert stated.statement.rating.best_rating == 7.0


def test_of_several_ratings_the_first_with_words_is_taken_and_that_is_said() -> None:
    several = [{"ratingValue": 1}, {"alternateName": "Falsch"}, {"alternateName": "Falsch"}]
    assert read(reviewRating=several).warnings == ()
    parsed = read(reviewRating=[*several, {"alternateName": "Richtig"}])
    assert parsed.statement.rating.alternate_name == "Falsch"
    assert parsed.warnings == ("reviewRating has several values; the first one with words is taken",)


@pytest.mark.parametrize("value", ["1,500", "viel", "1/", "5 Sterne", "80 %", True, {"a": 1}])
def test_a_number_that_could_be_two_is_left_out_and_said(value: Any) -> None:
    parsed = read(reviewRating={"alternateName": "Falsch", "ratingValue": value})
    assert parsed.statement.rating.rating_value is None
    assert parsed.warnings == ("ratingValue is not a number",)


@pytest.mark.parametrize(
    ("claim", "item", "expected"),
    [
        ({"@type": "Claim", "text": "The bridge is closed."}, None, "The bridge is closed."),
        ({"@type": "Claim", "text": "The bridge is closed.", "url": "https://posts.example/1"}, None, "The bridge is closed."),
        ({"@type": "Claim", "name": "The bridge is closed."}, None, "The bridge is closed."),
        ({"@type": "Claim", "url": "https://posts.example/1"}, None, None),
        ({"url": "https://posts.example/1"}, None, None),
        ([{"@type": "Claim", "text": ["The bridge is closed."]}], None, "The bridge is closed."),
        (None, {"@type": "Claim", "text": "The bridge is closed."}, "The bridge is closed."),
        (None, {"@type": "CreativeWork", "name": "A post"}, None),
    ],
)  # fmt: skip
def test_a_claim_is_its_text_and_never_its_address(claim: Any, item: Any, expected: str | None) -> None:
    parsed = read(claimReviewed=claim, itemReviewed=item)
    assert (parsed.statement and parsed.statement.claim_reviewed) == expected


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Cows &amp; goats", "Cows & goats"), ("&quot;Cows&quot; climb", '"Cows" climb'), ("K&uuml;he gehen", "Kühe gehen"),
        ("&lt;p&gt;Cows climb&lt;/p&gt;", "Cows climb"), ("Cows&amp;nbsp;climb", "Cows climb"), ("<p>Cows<br/>climb</p>", "Cows climb"),
        ('<a href="https://a.example/?x=1">Cows</a> climb', "Cows climb"), ("<strong class=x>Co</strong>ws climb", "Cows climb"),
        ("3 < 5 and 7 > 6", "3 < 5 and 7 > 6"), ("if x<p and y>0", "if x<p and y>0"), ("AT&T sold", "AT&T sold"), ("a&copy=1 b", "a&copy=1 b"),
        ("Cow\u00ads\u200b climb", "Cows climb"), ("Cows\n  climb\t", "Cows climb"),
    ],
)  # fmt: skip
def test_texts_are_read_as_the_page_shows_them(given: str, shown: str) -> None:
    parsed = read(claimReviewed=given, headline=given, reviewRating={"alternateName": "False"})
    assert parsed.statement.claim_reviewed == parsed.statement.headline == shown
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ([{"@language": "en", "@value": "False"}, {"@language": "de", "@value": "Falsch"}], "de", "Falsch"),
        ([{"@language": "en", "@value": "False"}, {"@language": "de-DE", "@value": "Falsch"}], "de", "Falsch"),
        ([{"@language": "en", "@value": "False"}, {"@language": "de", "@value": "Falsch"}], "fr", "False"),
        ({"en": "False", "de": "Falsch"}, "de", "Falsch"), ({"@value": "Falsch", "@language": "de"}, "de", "Falsch"),
    ],
)  # fmt: skip
def test_of_several_languages_the_reviews_own_is_taken(words: Any, language: str, expected: str) -> None:
    parsed = read(inLanguage=language, reviewRating={"alternateName": words})
    assert parsed.statement.rating.alternate_name == expected
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"claimReviewed": "Die Br\ufffdcke ist zu."}, "claimReviewed contains a character that was damaged"),
        ({"claimReviewed": "Die \ud800Brücke ist zu."}, "claimReviewed contains a character that was damaged"),
        ({"author": {"name": "Pr\ufffdfstelle"}}, "author.name contains a character that was damaged"),
        ({"headline": "Die BrÃ¼cke ist zu"}, "headline looks as if it was decoded wrongly"),
        ({"reviewRating": {"alternateName": "Voll daneben"}}, "the rating “Voll daneben” is not mapped"),
        ({"reviewRating": {"ratingValue": 3}}, "the rating “3” is not mapped"),
        ({"claimReviewed": "a " * 15_000}, "claimReviewed is longer than 20,000 characters"),
        ({"claimReviewed": ["One cow.", "Two cows."]}, "claimReviewed has several values"),
        ({"inLanguage": "Kölsch"}, "inLanguage is not a language tag"),
    ],
)  # fmt: skip
def test_nothing_is_stored_damaged_or_cut_in_silence(changes: dict[str, Any], said: str) -> None:
    parsed = read(**changes)
    assert parsed.statement is not None
    (warning,) = parsed.warnings
    assert warning.startswith(said)


@pytest.mark.parametrize(
    ("changes", "base", "expected"),
    [
        ({"url": "/fc/1"}, "https://a.example/x", "https://a.example/fc/1"), ({"url": "#2"}, "https://a.example/x", "https://a.example/x#2"),
        ({"url": "2"}, "https://a.example/fc/1", "https://a.example/fc/2"), ({"url": "//b.example/1"}, None, "https://b.example/1"),
        ({"url": "www.b.example/1"}, "https://a.example/x", "https://www.b.example/1"), ({"url": None}, "https://a.example/x", "https://a.example/x"),
        ({"url": "https://a.example/?a=1&amp;b=2"}, None, "https://a.example/?a=1&b=2"), ({"url": ["", "https://a.example/1"]}, None, "https://a.example/1"),
        ({"url": None, "@id": "https://a.example/1#review"}, None, "https://a.example/1#review"), ({"url": "javascript:alert(1)"}, "https://a.example/x", None),
        ({"url": None, "mainEntityOfPage": {"@id": "/fc/1"}}, "https://a.example/x", "https://a.example/fc/1"), ({"url": "/fc/1"}, None, None),
    ],
)  # fmt: skip
def test_addresses_are_completed_from_the_page(changes: dict[str, Any], base: str | None, expected: str | None) -> None:
    parsed = read_review({**GOOD, **changes}, base=base)
    assert (parsed.statement and parsed.statement.url) == expected
    assert parsed.url == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("3. Mai 2021", date(2021, 5, 3)),
        (["2021-05-03"], date(2021, 5, 3)),
        ({"@value": "2021-05-03"}, date(2021, 5, 3)),
    ],
)
def test_dates_in_several_wrappings(given: Any, expected: date) -> None:
    assert read(datePublished=given).statement.date_published == expected


# Without what is markup or damage, which does not survive the way in.
plain = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="&<Ãâ\ufffd"),
    min_size=1,
    max_size=30,
)
numbers = st.none() | st.floats(-100, 100)


@given(
    claim=plain, words=plain, headline=st.none() | plain, claimant=st.none() | plain, author=st.none() | plain, explanation=st.none() | plain,
    value=numbers, best=numbers, worst=numbers, cluster=st.none() | plain, license=st.none() | plain,
    published=st.none() | st.dates(date(1000, 1, 1)), language=st.none() | st.sampled_from(["de", "en", "fr"]),
    name=st.none() | plain, site=st.sampled_from(["checks.example", "other.example"]), owner=st.none() | plain,
    period=st.tuples(st.none() | st.dates(date(1000, 1, 1)), st.none() | st.dates(date(1000, 1, 1))),
    citations=st.lists(st.builds(Citation, st.sampled_from(["https://a.example/1", "http://b.example/?q=2"]), st.none() | plain), max_size=3),
)  # fmt: skip
def test_a_statement_survives_the_way_out_and_back(
    claim: str, words: str, published: date | None, language: str | None, name: str | None, site: str,
    value: float | None, best: float | None, worst: float | None, period: tuple[date | None, date | None],
    citations: list[Citation], **texts: str | None,
) -> None:  # fmt: skip
    statement = Statement(
        claim_reviewed=claim, url="https://checks.example/x", language=language, date_published=published,
        publisher=Publisher(name, site), rating=Rating(words, value, best, worst, normalize_rating(words, language)),
        citations=tuple(citations), valid_from=period[0], valid_until=period[1], **texts,
    )  # fmt: skip
    parsed = read_review(statement_to_claimreview(statement))
    assert parsed.statement == statement
    unmapped = statement.rating.normalized is NormalizedRating.UNMAPPED
    assert len(parsed.warnings) == unmapped + (not says_something(claim, statement.publisher.names))
    assert not any(math.isnan(n) for n in (value, best, worst) if n is not None)


def test_a_claim_of_one_word_is_taken_and_it_is_said_that_it_never_matches() -> None:
    parsed = read(claimReviewed="Faktencheck")
    assert parsed.statement is not None
    assert parsed.warnings == ("claimReviewed is only 'Faktencheck', which says nothing; it never matches",)
