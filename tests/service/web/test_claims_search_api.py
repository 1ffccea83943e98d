"""claims:search: a client written for Google's Fact Check Tools API works by changing the base address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from index.exchange.importing import read_reviews
from index.models import Publisher, Rating, Statement
from service.store.keys import Limits

PATH = "/v1alpha1/claims:search"
PIN = Statement(
    "The bank asks for your PIN by telephone.", "https://bank.example/pin", Rating("False"),
    Publisher("Bank", "bank.example"), "en", "Did the bank call you?", claimant="A caller", date_published=date(2026, 5, 3),
)  # fmt: skip
UNREGISTERED = "Method doesn't allow unregistered callers"


@pytest.fixture
def bank(open_other):
    """A house that publishes what is of bank.example, closed to whoever has no key."""
    house = open_other(publishes=("bank.example",))
    house.add_statement()
    house.headers = house.key("read")
    house.application.statements.create(PIN)
    house.application.index.update()
    return house


def search(house, headers=None, **asked):
    return house.client.get(PATH, query_string=asked, headers=headers or {})


def texts(reply) -> list[str]:
    assert reply.status_code == 200, reply.text
    return [claim["text"] for claim in reply.json.get("claims", [])]


def test_a_claim_has_exactly_the_members_that_google_gives_it(bank) -> None:
    reply = search(bank, query="bank asks PIN telephone")
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.json == {
        "claims": [
            {
                "text": PIN.claim_reviewed,
                "claimant": "A caller",
                "claimReview": [
                    {
                        "publisher": {"name": "Bank", "site": "bank.example"},
                        "url": "https://bank.example/pin",
                        "title": "Did the bank call you?",
                        "reviewDate": "2026-05-03T00:00:00Z",
                        "textualRating": "False",
                        "languageCode": "en",
                    }
                ],
            }
        ]
    }


def test_what_reads_from_google_reads_from_here(bank) -> None:
    reply = search(bank, query="bank asks PIN telephone")
    (read,) = [review.statement for review in read_reviews(reply.data, "application/json")]
    kept = replace(PIN, headline=read.headline)
    assert replace(read, key=0, id="") == replace(kept, rating=read.rating)
    assert read.rating.alternate_name == "False"


def test_nothing_found_is_an_empty_object(bank) -> None:
    assert search(bank, query="volcano eruption on Saturn").json == {}


def test_everybody_finds_what_is_published_and_a_key_finds_all(bank) -> None:
    assert texts(search(bank, query="lemon water cures diabetes")) == []
    assert texts(search(bank, reviewPublisherSiteFilter="checks.example")) == []
    secret = bank.headers["Authorization"].removeprefix("Bearer ")
    for headers, asked in ((bank.headers, {}), ({"X-Goog-Api-Key": secret}, {}), ({}, {"key": secret})):
        assert len(texts(search(bank, headers, query="lemon water cures diabetes", **asked))) == 1


def test_without_anything_published_whoever_is_unknown_is_refused_as_google_does(house) -> None:
    house.key("read")
    reply = search(house, query="lemons")
    error = reply.json["error"]
    assert (reply.status_code, error["code"], error["status"]) == (403, 403, "PERMISSION_DENIED")
    assert error["message"].startswith(UNREGISTERED)


def test_the_open_api_answers_this_machine_whatever_key_its_client_sends(house) -> None:
    assert len(texts(search(house, query="lemon water cures diabetes", key="AIzaSomething", alt="json"))) == 1


def test_a_wrong_key_is_no_key_and_says_so(bank) -> None:
    for headers, asked in (({"X-Goog-Api-Key": "wrong"}, {}), ({}, {"key": "wrong"})):
        reply = search(bank, headers, query="PIN", **asked)
        error = reply.json["error"]
        assert (reply.status_code, error["status"]) == (400, "INVALID_ARGUMENT")
        assert error["message"] == "API key not valid. Please pass a valid API key."
        assert error["details"][0]["reason"] == "API_KEY_INVALID"
    assert search(bank, {"Authorization": "Bearer wrong"}, query="PIN").status_code == 403
    assert search(bank, bank.key("check"), query="PIN").json["error"]["status"] == "PERMISSION_DENIED"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, ""), ({"query": " "}, ""), ({"query": "x", "pageSize": "many"}, "pageSize"),
        ({"query": "x", "maxAgeDays": "-1"}, "maxAgeDays"), ({"query": "x", "offset": "-1"}, "offset"),
        ({"query": "x", "pageToken": "n-1"}, "pageToken"), ({"query": "x", "pageToken": "10"}, "pageToken"),
        ({"query": "x", "alt": "proto"}, "alt"), ({"query": "x", "colour": "red"}, "colour"),
        ({"query": "x" * 1001}, "query"), ({"query": "x", "offset": "9" * 30}, "offset"),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_named_as_google_names_it(bank, asked: dict[str, str], field: str) -> None:
    reply = search(bank, **asked)
    error = reply.json["error"]
    assert (reply.status_code, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
    assert error["details"][0]["fieldViolations"][0]["field"] == field


def test_pages_follow_each_other_by_their_tokens_and_by_offsets(bank) -> None:
    for number in range(11):
        bank.application.statements.create(
            replace(PIN, url=f"https://bank.example/{number}", claim_reviewed=f"Fee {number}.")
        )
    first = search(bank, reviewPublisherSiteFilter="bank.example")
    assert texts(first) == [f"Fee {number}." for number in range(10, 0, -1)], (
        "ten are given unless it is said otherwise"
    )
    second = search(bank, reviewPublisherSiteFilter="bank.example", pageToken=first.json["nextPageToken"], offset=5)
    assert texts(second) == ["Fee 0.", PIN.claim_reviewed]
    assert "nextPageToken" not in second.json
    assert texts(search(bank, reviewPublisherSiteFilter="bank.example", offset=9, pageSize=2)) == ["Fee 1.", "Fee 0."]
    assert search(bank, reviewPublisherSiteFilter="bank.example", offset=99).json == {}


def test_filters_narrow_what_is_found(bank) -> None:
    today = bank.clock.read().at.date()
    new = replace(PIN, url="https://bank.example/new", date_published=today - timedelta(days=3), language="de-AT",
                  claim_reviewed="Die Bank fragt am Telefon nach Ihrer PIN.")  # fmt: skip
    undated = replace(PIN, url="https://bank.example/undated", date_published=None, claim_reviewed="Undated.")
    for statement in (new, undated):
        bank.application.statements.create(statement)
    site = {"reviewPublisherSiteFilter": "www.bank.example"}
    assert texts(search(bank, **site, maxAgeDays=3)) == [new.claim_reviewed]
    assert texts(search(bank, **site, maxAgeDays=2)) == []
    assert texts(search(bank, **site, languageCode="de-CH")) == [new.claim_reviewed]
    assert texts(search(bank, **site, languageCode="en")) == [undated.claim_reviewed, PIN.claim_reviewed]
    assert texts(search(bank, query="PIN Telefon Bank", languageCode="fr")) == []
    assert texts(search(bank, query="asks PIN", reviewPublisherSiteFilter="other.example")) == []


def test_a_key_that_made_its_calls_waits_as_elsewhere(bank) -> None:
    made = bank.application.keys.create("few", ["read"], None, limits=Limits(requests_per_minute=1))
    headers = {"Authorization": f"Bearer {made.secret}"}
    assert search(bank, headers, query="PIN").status_code == 200
    reply = search(bank, headers, query="PIN")
    assert (reply.status_code, reply.json["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert int(reply.headers["Retry-After"]) >= 1


def test_a_fault_is_told_without_what_was_asked(bank) -> None:
    bank.application.statements.select = lambda **_: 1 / 0
    reply = search(bank, query="secret words")
    assert (reply.status_code, reply.json["error"]["status"]) == (500, "INTERNAL")
    assert "secret" not in reply.text
