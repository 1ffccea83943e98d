"""Statements for others: read again without loss, whatever is in them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import feedparser
from hypothesis import given
from hypothesis import strategies as st

from index.exchange.feeds import data_feed_parts, review_lines, write_rss
from index.exchange.importing import read_reviews
from index.models import NormalizedRating, Publisher, Rating, Statement

FULL = Statement(
    id="abc",
    claim_reviewed="Die Bank fragt <b>nie</b> nach der PIN & TAN.",
    url="https://bank.example/pin?a=1&b=2",
    rating=Rating("Falsch", 1.0, 5.0, 1.0, NormalizedRating.FALSE),
    publisher=Publisher("Example Bank", "bank.example"),
    language="de",
    headline="Nein, das ist \x00\x0bBetrug",
    date_published=date(2024, 5, 3),
    explanation="Keine Bank tut das.",
    license="CC0-1.0",
)
WORDS = st.lists(st.text("abzäöüß1%", min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join)
STATEMENTS = st.builds(
    lambda claim, words, headline, day: replace(
        FULL,
        id="",
        claim_reviewed=claim,
        headline=headline,
        date_published=day,
        rating=replace(FULL.rating, alternate_name=words),
    ),
    WORDS,
    st.sampled_from(["Falsch"]),
    st.none() | WORDS,
    st.none() | st.dates(date(1900, 1, 1)),
)


def page_of(statement: Statement) -> str:
    return f"https://desk.example/statements/{statement.id}"


@given(st.lists(STATEMENTS, max_size=4))
def test_both_dresses_are_read_again_without_loss(statements: list[Statement]) -> None:
    feed, lines = "".join(data_feed_parts(statements)), "".join(review_lines(statements))
    linked = "".join(review_lines(statements, page_of))
    for content, kind in (
        (feed, "application/json"), (lines, "application/x-ndjson"), (linked, "application/x-ndjson"),
    ):  # fmt: skip
        assert [each.statement for each in read_reviews(content.encode(), kind) if each.line] == statements


def test_a_feed_has_the_shape_of_data_commons() -> None:
    feed = json.loads("".join(data_feed_parts([FULL, FULL])))
    assert feed["@type"] == "DataFeed"
    assert [[item["@type"] for item in each["item"]] for each in feed["dataFeedElement"]] == [["ClaimReview"]] * 2
    assert json.loads("".join(data_feed_parts([])))["dataFeedElement"] == []


def test_each_statement_names_its_page_where_it_has_one() -> None:
    (element,) = json.loads("".join(data_feed_parts([FULL], page_of)))["dataFeedElement"]
    review = json.loads("".join(review_lines([FULL], page_of)))
    assert element["item"] == [review]
    assert (review["mainEntityOfPage"], review["url"]) == ("https://desk.example/statements/abc", FULL.url)
    assert "mainEntityOfPage" not in "".join([*data_feed_parts([FULL]), *review_lines([FULL])])


def test_rss_is_read_by_a_reader_of_feeds_with_every_sign_as_it_was() -> None:
    read = feedparser.parse(write_rss([FULL], "Faktenchecks", "https://bank.example/", page_of))
    assert (read.bozo, read.feed.title) == (False, "Faktenchecks")
    (item,) = read.entries
    assert (item.title, item.link, item.id) == ("Nein, das ist Betrug", page_of(FULL), "abc")
    assert item.published == "Fri, 03 May 2024 00:00:00 +0000"
    assert item.description.startswith("Falsch: Die Bank fragt")
