"""/feeds: what is published is for everybody, and nothing else is."""

from __future__ import annotations

import json
from dataclasses import replace

import feedparser
import pytest

from index.exchange.importing import read_reviews
from index.models import Publisher, Rating, Statement

PATHS = ("/feeds/claimreview.json", "/feeds/claimreview.ndjson", "/feeds/claimreview.rss")
OWN = Statement(
    "The bank asks for your PIN.", "https://bank.example/pin", Rating("False"), Publisher("Bank", "bank.example"), "en"
)


@pytest.fixture
def bank(open_other):
    """A house that publishes what is of bank.example, closed to whoever has no key."""
    house = open_other(publishes=("bank.example",), public_url="https://facts.bank.example")
    house.add_statement()
    house.application.keys.create("desk", ["read"], None)
    house.application.statements.create(OWN)
    return house


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_published_unless_somebody_says_so(house, path: str) -> None:
    reply = house.client.get(path)
    assert (reply.status_code, reply.json["type"].rsplit("#", 1)[-1]) == (404, "not-found")
    assert "GEGENCHECK_PUBLISHES" in reply.json["detail"]


@pytest.mark.parametrize(("path", "kind"), [(PATHS[0], "application/json"), (PATHS[1], "application/x-ndjson")])
def test_everybody_reads_what_is_own_and_only_that(bank, path: str, kind: str) -> None:
    reply = bank.client.get(path)
    assert reply.status_code == 200
    (read,) = [each.statement for each in read_reviews(reply.data, kind) if each.statement]
    assert (read.claim_reviewed, read.publisher.site) == (OWN.claim_reviewed, "bank.example")
    assert bank.client.get("/v1/statements").status_code == 401


def test_each_statement_links_to_its_public_page(bank) -> None:
    feed, lines, rss = (bank.client.get(path) for path in PATHS)
    (item,) = feedparser.parse(rss.data).entries
    page = bank.client.get(item.link.removeprefix("https://facts.bank.example"))
    assert (item.link.startswith("https://facts.bank.example/statements/"), page.status_code) == (True, 200)
    reviews = [json.loads(lines.data), *json.loads(feed.data)["dataFeedElement"][0]["item"]]
    assert [review["mainEntityOfPage"] for review in reviews] == [item.link] * 2
    assert {review["url"] for review in reviews} == {OWN.url}
    assert OWN.url in page.text


def test_where_nobody_named_a_public_address_the_feeds_name_the_fact_check_alone(open_other) -> None:
    house = open_other(publishes=("bank.example",))
    house.application.statements.create(OWN)
    feed, lines, rss = (house.client.get(path) for path in PATHS)
    assert "mainEntityOfPage" not in feed.text + lines.text
    assert [each.link for each in feedparser.parse(rss.data).entries] == [OWN.url]


def test_rss_is_titled_in_the_readers_language(bank) -> None:
    for language, title in (("de", "Faktenchecks von bank.example"), ("en", "Fact-checks by bank.example")):
        read = feedparser.parse(bank.client.get(PATHS[2], headers={"Accept-Language": language}).data)
        assert (read.feed.title, [item.title for item in read.entries]) == (title, [OWN.claim_reviewed])


def test_what_has_not_changed_is_not_sent_again(bank) -> None:
    tag = bank.client.get(PATHS[0]).headers["ETag"]
    same = bank.client.get(PATHS[0], headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    bank.application.statements.create(replace(OWN, claim_reviewed="The bank calls at night."))
    assert bank.client.get(PATHS[0], headers={"If-None-Match": tag}).status_code == 200
