"""ClaimReview as it is found: clean, dirty, and back again."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.exchange.claimreview import find_reviews, read_review, statement_to_claimreview
from index.exchange.ratings import normalize_rating
from index.models import NormalizedRating, Publisher, Rating, Statement

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
    ("text", "expected"),
    [
        ("2021-05-03", date(2021, 5, 3)), ("2021/05/03", date(2021, 5, 3)), ("20210503", date(2021, 5, 3)),
        ("3.5.2021", date(2021, 5, 3)), ("May 3, 2021", date(2021, 5, 3)), ("3 May 2021", date(2021, 5, 3)),
        ("Mon, 03 May 2021 10:00:00 GMT", date(2021, 5, 3)),
    ],
)  # fmt: skip
def test_dates_in_several_forms(text: str, expected: date) -> None:
    assert read(datePublished=text).statement.date_published == expected


@pytest.mark.parametrize(
    ("author", "publisher"),
    [
        ("Plain Name", Publisher("Plain Name", "checks.example")),
        ([{"name": "First", "url": "https://first.example"}, {"name": "Second"}], Publisher("First", "first.example")),
        (None, Publisher(None, "checks.example")),
        ({"name": ["Listed"]}, Publisher("Listed", "checks.example")),
    ],
)
def test_publishers_as_string_object_or_list(author: Any, publisher: Publisher) -> None:
    assert read(author=author).statement.publisher == publisher


def test_reviews_are_found_wherever_they_are_wrapped() -> None:
    feed = {"@type": "DataFeed", "dataFeedElement": [None, {"item": [None, GOOD]}, {"item": GOOD}]}
    graph = {"@context": "x", "@graph": [{"@type": "WebPage"}, {**GOOD, "@type": ["Review", "ClaimReview"]}]}
    typed = {**GOOD, "@type": "https://schema.org/ClaimReview"}
    assert [len(list(find_reviews(data))) for data in (GOOD, [GOOD, 3, [GOOD]], feed, graph, typed, {}, 7)] == [
        1, 2, 2, 1, 1, 0, 0,
    ]  # fmt: skip


def test_endless_nesting_ends() -> None:
    deep: Any = GOOD
    for _ in range(500):
        deep = [deep]
    assert list(find_reviews(deep)) == []


plain = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)
numbers = st.none() | st.floats(-100, 100)


@given(
    claim=plain, words=plain, headline=st.none() | plain, claimant=st.none() | plain, explanation=st.none() | plain,
    value=numbers, best=numbers, worst=numbers, cluster=st.none() | plain, license=st.none() | plain,
    published=st.none() | st.dates(date(1000, 1, 1)), language=st.none() | st.sampled_from(["de", "en", "fr"]),
    name=st.none() | plain, site=st.sampled_from(["checks.example", "other.example"]),
)  # fmt: skip
def test_a_statement_survives_the_way_out_and_back(
    claim: str, words: str, published: date | None, language: str | None, name: str | None, site: str,
    value: float | None, best: float | None, worst: float | None, **texts: str | None,
) -> None:  # fmt: skip
    statement = Statement(
        claim_reviewed=claim, url="https://checks.example/x", language=language, date_published=published,
        publisher=Publisher(name, site), rating=Rating(words, value, best, worst, normalize_rating(words, language)),
        **texts,
    )  # fmt: skip
    parsed = read_review(statement_to_claimreview(statement))
    assert parsed.statement == statement
    assert parsed.warnings == ()
    assert not any(math.isnan(n) for n in (value, best, worst) if n is not None)
