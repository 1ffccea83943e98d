"""The public page of a statement: for everybody, in both languages, with markup that machines read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from index.models import NormalizedRating, Publisher, Rating, Statement
from service.models import Page
from service.pipeline.fact_checks import read_reviews_of

NASTY = 'The bank </script><script>alert(1)</script> asks for your PIN & "more" \u2028 today.'
OWN = Statement(
    "The bank asks for your PIN.", "https://bank.example/pin", Rating("False", 1, 5, 1, NormalizedRating.FALSE),
    Publisher("Bank", "bank.example"), "en", "Did the bank call you?", claimant="A caller",
    date_published=date(2026, 5, 3), explanation="No bank asks for it.",
)  # fmt: skip


class Head(HTMLParser):
    """What machines read of a page: its meta elements and links, and its data."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta, self.links, self.data, self._in_data = {}, {}, [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        found = dict(attrs)
        if tag == "meta":
            self.meta[found.get("property") or found.get("name")] = found.get("content")
        if tag == "link":
            self.links.setdefault(found["rel"], []).append(found["href"])
        self._in_data = tag == "script" and found.get("type") == "application/ld+json"

    def handle_data(self, data) -> None:
        if self._in_data:
            self.data.append(data)
            self._in_data = False


@pytest.fixture
def bank(open_other):
    """A house that publishes what is of bank.example, closed to whoever has no key."""
    house = open_other(publishes=("bank.example",), public_url="https://facts.bank.example/desk")
    house.add_statement()
    house.application.keys.create("desk", ["read"], None)
    return house


def shown(house, statement: Statement, language: str = "en"):
    made = house.application.statements.create(statement)
    return made, house.client.get(f"/statements/{made.id}?lang={language}")


@pytest.mark.parametrize(
    ("language", "locale", "title", "line"),
    [
        ("en", "en_GB", "“The bank asks for your PIN.”: False", "Rating by Bank: False. No bank asks for it."),
        ("de", "de_DE", "«The bank asks for your PIN.»: False", "Bewertung von Bank: False. No bank asks for it."),
    ],
)
def test_everybody_reads_it_and_machines_know_what_it_says(bank, language, locale, title, line) -> None:
    made, reply = shown(bank, OWN, language)
    head = Head(reply.text)
    assert reply.status_code == 200
    assert f'<html lang="{language}">' in reply.text
    assert {name: value for name, value in head.meta.items() if name and ":" in name} == {
        "og:type": "article", "og:title": title, "og:description": line, "og:locale": locale, "og:site_name": "Bank",
        "og:url": f"https://facts.bank.example/desk/statements/{made.id}", "article:published_time": "2026-05-03",
    }  # fmt: skip
    assert head.links["canonical"] == [f"https://facts.bank.example/desk/statements/{made.id}"]
    assert "robots" not in head.meta, "it may be found"
    opened, closed = title[0], title[title.index(": False") - 1]
    quoted = f'lang="en">{opened}{OWN.claim_reviewed}{closed}</h1>'
    for said in ("A caller", "No bank asks for it.", 'href="https://bank.example/pin"', quoted):
        assert said in reply.text


def test_its_markup_is_the_statement_and_valid_for_search_engines(bank) -> None:
    _, reply = shown(bank, OWN)
    (data,) = Head(reply.text).data
    review = json.loads(data)
    assert (review["@context"], review["@type"]) == ("https://schema.org", "ClaimReview")
    assert review["reviewRating"] == {
        "@type": "Rating", "alternateName": "False", "ratingValue": 1, "bestRating": 5, "worstRating": 1,
    }  # fmt: skip
    assert review["author"] == {"@type": "Organization", "name": "Bank"}
    (read,) = [each.statement for each in read_reviews_of(Page(None, None, reply.text, "text/html", fetched=False))]
    assert replace(read, rating=OWN.rating) == OWN, "an import of the page loses nothing"


def test_an_author_has_a_name_even_where_the_publisher_has_none(bank) -> None:
    _, reply = shown(bank, replace(OWN, publisher=Publisher(None, "bank.example")))
    assert json.loads(Head(reply.text).data[0])["author"]["name"] == "bank.example"


def test_what_a_statement_says_breaks_out_of_nothing(bank) -> None:
    made, reply = shown(bank, replace(OWN, claim_reviewed=NASTY, headline=NASTY, explanation=NASTY, claimant=NASTY))
    assert len(re.findall("<script", reply.text)) == 2, "the page's own, and the data"
    assert "<script>" not in reply.text
    assert json.loads(Head(reply.text).data[0])["claimReviewed"] == made.claim_reviewed


@pytest.mark.parametrize("site", ["other.example", "sub.bank.example", None])
def test_what_is_not_published_is_not_there(bank, site: str | None) -> None:
    other = replace(OWN, url="https://other.example/1", publisher=Publisher("bank.example", site))
    made, foreign = shown(bank, other)
    missing = bank.client.get("/statements/0123456789?lang=en")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert "There is no such statement, or it is not published here." in foreign.text
    assert foreign.text.replace(made.id, "") == missing.text.replace("0123456789", "")


def test_without_the_setting_nothing_is_published(house) -> None:
    assert shown(house, OWN)[1].status_code == 404


def test_a_deleted_one_is_gone_and_a_revised_one_is_seen_anew(bank) -> None:
    made, reply = shown(bank, OWN)
    assert reply.headers["Cache-Control"] == "public, max-age=300"
    path, seen = f"/statements/{made.id}?lang=en", {"If-None-Match": reply.headers["ETag"]}
    assert bank.client.get(path, headers=seen).status_code == 304
    bank.application.statements.revise(made.id, replace(made, explanation="Hang up."))
    assert "Hang up." in bank.client.get(path, headers=seen).text
    bank.application.statements.delete(made.id)
    assert bank.client.get(path).status_code == 404


def test_no_caller_writes_an_address_into_the_page(open_other) -> None:
    house = open_other(publishes=("bank.example",))
    house.application.keys.create("desk", ["read"], None)
    made = house.application.statements.create(OWN)
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example"}):
        reply = house.client.get(f"/statements/{made.id}", headers=headers)
        head = Head(reply.text)
        assert reply.status_code == 200
        assert "evil.example" not in reply.text
        assert ("canonical" in head.links, "og:url" in head.meta) == (False, False)


def test_who_else_checked_it_is_shown_where_everybody_may_see_that(bank) -> None:
    """Published here, or of a fact-checker that is known: what somebody keeps for themselves is shown to nobody."""
    made, _ = shown(bank, OWN)
    same = {
        "https://bank.example/second": ("Bank", "bank.example", NormalizedRating.FALSE),
        "https://www.snopes.com/fact-check/pin": ("Snopes", "snopes.com", NormalizedRating.TRUE),
        "https://intranet.example/secret": ("Risk desk", "intranet.example", NormalizedRating.FALSE),
    }
    for url, (name, site, normalized) in same.items():
        rating = Rating(normalized.value.title(), normalized=normalized)
        bank.application.statements.create(replace(OWN, url=url, publisher=Publisher(name, site), rating=rating))
    bank.application.index.update()
    text = bank.client.get(f"/statements/{made.id}?lang=en").text
    assert [f'href="{url}"' in text for url in same] == [True, True, False]
    assert "Also checked by Snopes (2026): “True”" in text
    assert "The fact-checks rate this statement differently." in text
    assert "Risk desk" not in text


def test_a_page_says_so_only_where_ratings_that_everybody_may_see_differ(bank) -> None:
    made, _ = shown(bank, OWN)
    away = Rating("True", normalized=NormalizedRating.TRUE)
    hidden = Publisher("Risk desk", "intranet.example")
    bank.application.statements.create(replace(OWN, url="https://intranet.example/1", publisher=hidden, rating=away))
    bank.application.index.update()
    text = bank.client.get(f"/statements/{made.id}?lang=en").text
    assert "The fact-checks rate this statement differently." not in text
