"""/v1/sources: added, shown, changed, paused, read now, forgotten; keys go in and never come out."""

from __future__ import annotations

from typing import Any

import pytest

from service.web.source_shapes import PresetsShape, SourceShape, SourcesShape

FEED = "https://check.example/feed"
KEY = "AIza-not-to-be-seen"


@pytest.fixture
def made(house: Any) -> dict[str, Any]:
    reply = house.writer.post("/v1/sources", json={"address": FEED, "name": "Checks"})
    assert reply.status_code == 201, reply.text
    assert reply.headers["Location"] == f"/v1/sources/{reply.json['id']}"
    return dict(reply.json)


def test_a_source_is_shown_as_promised(house: Any, made: dict[str, Any]) -> None:
    SourceShape.model_validate_json(house.client.get(f"/v1/sources/{made['id']}").data)
    SourcesShape.model_validate_json(house.client.get("/v1/sources").data)
    assert (made["kind"], made["address"], made["every_hours"], made["most_pages"]) == ("feed", FEED, 6, 100)
    assert (made["health"], made["paused"], made["has_key"], made["runs"], made["problem"]) == (
        "new",
        False,
        False,
        [],
        None,
    )
    assert house.client.get("/v1/sources").json["sources"] == [made]


def test_it_is_read_by_a_worker_and_its_run_is_shown(house: Any, made: dict[str, Any]) -> None:
    link = "https://check.example/moon"
    house.fetcher.feeds[FEED] = f"<rss version='2.0'><channel><item><link>{link}</link></item></channel></rss>".encode()
    markup = '{"@type": "ClaimReview", "url": "%s", "claimReviewed": "The moon is hollow.", "reviewRating": {"alternateName": "False"}}'
    house.fetcher.pages[link] = f'<script type="application/ld+json">{markup % link}</script>'
    asked = house.writer.post(f"/v1/sources/{made['id']}/refresh", json={})
    assert (asked.status_code, asked.headers["Location"]) == (202, f"/v1/sources/{made['id']}")
    house.application.polite._sleep = house.clock.let_pass
    house.work()
    shown = house.client.get(f"/v1/sources/{made['id']}").json
    SourceShape.model_validate(shown, strict=False)
    assert (shown["health"], shown["runs"][0]["state"], shown["runs"][0]["added"]) == ("good", "finished", 1)
    house.fetcher.feeds[FEED] = b"<html>"
    house.writer.post(f"/v1/sources/{made['id']}/refresh", json={})
    house.clock.let_pass(60)
    house.work()
    shown = house.client.get(f"/v1/sources/{made['id']}", headers={"Accept-Language": "de"}).json
    assert (shown["health"], shown["failures"], shown["problem"]["code"]) == ("failing", 1, "page-unsupported")
    assert shown["problem"]["title"] == "Diese Art von Inhalt wird nicht gelesen"
    assert len(shown["runs"]) == 2


def test_it_is_changed_paused_resumed_and_forgotten(house: Any, made: dict[str, Any]) -> None:
    path = f"/v1/sources/{made['id']}"
    body = {
        "address": FEED,
        "name": "Other",
        "every_hours": 12,
        "allowlist": ["check.example/facts"],
        "path": "/facts/",
    }
    changed = house.writer.put(path, json={**body, "paused": True}).json
    assert (changed["name"], changed["every_hours"], changed["allowlist"], changed["path"]) == (
        "Other",
        12,
        ["check.example/facts"],
        "/facts/",
    )
    assert (changed["paused"], changed["health"]) == (True, "paused")
    refused = house.writer.post(f"{path}/refresh", json={})
    assert (refused.status_code, refused.json["code"]) == (409, "source-paused")
    assert house.writer.put(path, json=body).json["health"] == "new"
    assert house.writer.delete(path).status_code == 204
    for reply in (
        house.writer.delete(path),
        house.client.get(path),
        house.writer.put(path, json=body),
        house.writer.post(f"{path}/refresh", json={}),
    ):
        assert (reply.status_code, reply.json["code"]) == (404, "not-found")


def test_a_key_goes_in_and_never_comes_out(house: Any) -> None:
    google = {"kind": "google", "site": "dpa.example"}
    assert house.writer.post("/v1/sources", json=google).json["errors"][0]["pointer"] == "/key"
    made = house.writer.post("/v1/sources", json={**google, "key": KEY})
    path = f"/v1/sources/{made.json['id']}"
    kept = house.writer.put(path, json=google)
    assert (made.json["has_key"], kept.json["has_key"]) == (True, True)
    assert house.application.sources.key_of(made.json["id"]) == KEY
    for reply in (made, kept, house.client.get(path), house.client.get("/v1/sources")):
        assert KEY not in reply.text


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/address"),
        ({"kind": "gopher", "address": FEED}, "/kind"),
        ({"address": "http://127.0.0.1/feed"}, "/address"),
        ({"address": "http://printer.local/feed"}, "/address"),
        ({"address": "ftp://check.example/feed"}, "/address"),
        ({"address": FEED, "every_hours": 0}, "/every_hours"),
        ({"address": FEED, "most_pages": 100_000}, "/most_pages"),
        ({"address": FEED, "allowlist": [""]}, "/allowlist/0"),
        ({"address": FEED, "more": 1}, "/more"),
        ({"kind": "datacommons"}, "/allowlist"),
    ],
)
def test_what_cannot_be_is_refused_by_field(house: Any, body: dict[str, Any], pointer: str) -> None:
    reply = house.writer.post("/v1/sources", json=body)
    assert (reply.status_code, [each["pointer"] for each in reply.json["errors"]]) == (400, [pointer])
    assert house.client.get("/v1/sources").json["sources"] == []


def test_the_same_request_twice_makes_one_source(house: Any) -> None:
    key = {"Idempotency-Key": "once"}
    first, second = (house.writer.post("/v1/sources", json={"address": FEED}, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code, second.json["id"]) == (201, 201, first.json["id"])
    assert house.writer.post("/v1/sources", json={"address": FEED}).status_code == 400
    assert house.writer.post("/v1/sources", json={"address": f"{FEED}2"}, headers=key).status_code == 422


def test_presets_are_shown_and_added_only_when_somebody_says_so(house: Any) -> None:
    shown = house.client.get("/v1/source-presets")
    PresetsShape.model_validate_json(shown.data)
    assert house.client.get("/v1/sources").json["sources"] == []
    added = house.writer.post("/v1/source-presets/german", json={}).json["sources"]
    assert [each["name"] for each in added] == [each["name"] for each in shown.json["presets"]["german"]]
    assert house.writer.post("/v1/source-presets/german", json={}).json["sources"] == []
    assert house.writer.post("/v1/source-presets/klingon", json={}).status_code == 404


def test_whoever_may_only_read_changes_nothing(house: Any, made: dict[str, Any]) -> None:
    path = f"/v1/sources/{made['id']}"
    calls = [
        ("POST", "/v1/sources"),
        ("POST", "/v1/source-presets/german"),
        ("PUT", path),
        ("DELETE", path),
        ("POST", f"{path}/refresh"),
    ]
    for method, address in calls:
        assert house.client.open(address, method=method, json={"address": FEED}).status_code == 401
    reader = house.key("read")
    for method, address in calls:
        assert house.client.open(address, method=method, json={"address": FEED}, headers=reader).status_code == 403
    assert house.client.get("/v1/sources", headers=reader).status_code == 200
    assert house.client.get("/v1/sources", headers=house.key("check")).status_code == 403
