"""GET /v1/checks as a list: the caller's own, narrowed and paged; what it refuses, and what it tells nobody."""

from __future__ import annotations

import pytest

SENTENCE = "Hot lemon water cures diabetes within seven days."
PAGE = "https://news.example/lemons"


def listed(house, headers=None, **query):
    return house.client.get("/v1/checks", query_string=query, headers=headers)


def test_a_caller_finds_its_checks_again_by_reference_verdict_and_time(house) -> None:
    ann, bob = house.key("check"), house.key("check", "admin")
    refuted = house.check(headers=ann, text=SENTENCE, reference="ticket 7")
    house.check(headers=ann, text="The mayor bought 300 plums in May.", reference="ticket 8")
    house.check(headers=bob, text=SENTENCE, reference="ticket 7")
    found = listed(house, ann, reference="ticket 7").json
    assert found == {"checks": [refuted], "next_cursor": None}
    assert listed(house, ann, verdict="refuted").json == found
    assert len(listed(house, ann).json["checks"]) == 2
    moment = refuted["created_at"]
    assert listed(house, ann, reference="ticket 7", **{"from": moment}).json == found
    assert listed(house, ann, reference="ticket 7", to=moment).json["checks"] == []
    assert len(listed(house, bob).json["checks"]) == 1, "an admin's list holds the admin's own as well"


def test_pages_lead_to_each_other(house) -> None:
    key = house.key("check")
    ids = [house.check(headers=key, text=f"{SENTENCE} {n}", reference="a b&c")["id"] for n in range(3)]
    first = listed(house, key, reference="a b&c", limit=2)
    assert [check["id"] for check in first.json["checks"]] == ids[:0:-1]
    (link,) = first.headers["Link"].split(";")[:1]
    second = house.client.get(link.strip("<>"), headers=key)
    assert [check["id"] for check in second.json["checks"]] == ids[:1]
    assert (second.json["next_cursor"], second.headers.get("Link")) == (None, None)
    assert second.json == listed(house, key, reference="a b&c", limit=2, cursor=first.json["next_cursor"]).json


def test_texts_are_in_a_list_only_where_they_are_asked_for(house) -> None:
    key = house.key("check")
    house.check(headers=key, text=SENTENCE)
    assert "text" not in listed(house, key).json["checks"][0]["article"]
    assert listed(house, key, include="text").json["checks"][0]["article"]["text"] == SENTENCE


def test_on_the_open_api_a_list_takes_a_reference(house) -> None:
    """Everybody on this machine is one caller there: a list of all would tell what others read."""
    check = house.check(text=SENTENCE, reference="mine")
    assert listed(house, reference="mine").json["checks"] == [check]
    for query in ({}, {"verdict": "refuted"}, {"limit": 5}):
        refused = listed(house, **query)
        assert (refused.status_code, refused.json["code"]) == (401, "key-required")
        assert "by their reference only" in refused.json["detail"]
    assert house.writer.get("/v1/checks").json["checks"] == [check]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("from", "yesterday"),
        ("from", "2026-11-30"),
        ("from", "2026-11-30T12:00:00"),
        ("from", "2026-11-30T12:00:00 02:00"),
        ("to", "2026-02-30T12:00:00Z"),
        ("to", "0001-01-01T00:00:00+23:59"),
        ("verdict", "false"),
        ("cursor", "7"),
        ("limit", "0"),
        ("limit", "101"),
        ("reference", "x" * 501),
        ("referenz", "x"),
    ],
)
def test_a_bad_parameter_is_named(house, name: str, value: str) -> None:
    reply = listed(house, house.key("check"), **{name: value})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (400, f"/{name}")


@pytest.mark.parametrize("moment", ["2026-11-30T12:00:00Z", "2026-11-30t12:00:00.123456z", "9999-12-31T23:59:59-23:59"])
def test_times_may_be_written_as_the_standard_allows(house, moment: str) -> None:
    status = listed(house, house.key("check"), **{"from": moment}).status_code
    assert status == (400 if moment.startswith("9999") else 200)


def test_an_address_stands_alone(house) -> None:
    house.publish(PAGE, SENTENCE, "So it was told on the radio in the morning.")
    check = house.check(url=PAGE)
    assert listed(house, url=PAGE).json == check
    assert listed(house, url=PAGE, include="text").status_code == 200
    refused = listed(house, url=PAGE, reference="mine", limit=3)
    assert [problem["pointer"] for problem in refused.json["errors"]] == ["/limit", "/reference"]
