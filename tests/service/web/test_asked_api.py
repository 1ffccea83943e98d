"""/v1/asked and /v1/drafts as a caller sees them: counts without askers, and a draft that becomes a statement."""

from __future__ import annotations

import json

import pytest

from service.models import CheckRequest
from service.store.asked_claims import GATHERING
from service.store.corrections import CORRECTION

DUCKS = "Enten dürfen ab Mai in keinem deutschen Park mehr gefüttert werden."
STATEMENT = {
    "claim_reviewed": DUCKS,
    "url": "https://desk.example/enten",
    "rating": {"alternate_name": "Falsch"},
    "language": "de",
}


def gather(house) -> None:
    for name in (CORRECTION, GATHERING):
        house.application.schedules.plan(name, name, 60)
        house.application.schedules.hurry(name)
        house.work()


@pytest.fixture
def asked(house):
    """Three callers had the ducks checked."""
    for owner in ("ann", "bob", "eve"):
        house.application.checks.submit(CheckRequest(text=DUCKS, reference="secret note"), owner, None)
    house.work()
    gather(house)
    return house


def the_claim(house):
    (found,) = house.writer.get("/v1/asked").json["claims"]
    return found


def test_a_claim_is_shown_with_counts_and_nothing_of_whoever_asked(asked) -> None:
    found = the_claim(asked)
    day = asked.clock.read().at.date().isoformat()
    assert found == {
        "id": found["id"], "claim": DUCKS, "language": "de", "checks": 3, "callers": 3, "pages": 0, "asked_on": day,
        "state": "open",
    }  # fmt: skip
    assert asked.writer.get(f"/v1/asked/{found['id']}").json == found
    shown = json.dumps(found)
    for secret in ("ann", "bob", "eve", "secret note"):
        assert secret not in shown


def test_it_is_put_aside_and_listed_again(asked) -> None:
    where = f"/v1/asked/{the_claim(asked)['id']}"
    assert asked.writer.patch(where, json={"state": "dismissed"}).json["state"] == "dismissed"
    assert asked.writer.get("/v1/asked").json["claims"] == []
    assert [each["claim"] for each in asked.writer.get("/v1/asked?state=dismissed").json["claims"]] == [DUCKS]
    assert asked.writer.patch(where, json={"state": "open"}).json["state"] == "open"
    assert the_claim(asked)["state"] == "open"


def test_lists_come_in_pages(asked) -> None:
    for owner in ("ann", "bob", "eve", "joe"):
        asked.application.checks.submit(CheckRequest(text="Ulm zahlt ab Mai jedem Bewohner eine Prämie."), owner, None)
    asked.work()
    gather(asked)
    first = asked.writer.get("/v1/asked?limit=1")
    assert [each["checks"] for each in first.json["claims"]] == [4]
    assert first.headers["Link"] == '</v1/asked?state=open&limit=1&cursor=1>; rel="next"'
    rest = asked.writer.get("/v1/asked?limit=1&cursor=1").json
    assert ([each["claim"] for each in rest["claims"]], rest["next_cursor"]) == ([DUCKS], None)


def test_a_draft_is_begun_once_seen_by_its_owner_and_becomes_a_statement(asked) -> None:
    keys = [asked.key("write"), asked.key("write")]
    id = asked.client.get("/v1/asked", headers=keys[0]).json["claims"][0]["id"]
    made, again, other = (
        asked.client.post(f"/v1/asked/{id}/draft", headers=key) for key in (keys[0], keys[0], keys[1])
    )
    assert (made.status_code, made.headers["Location"]) == (200, f"/v1/drafts/{made.json['id']}")
    assert {name: made.json[name] for name in ("claim", "language", "asked")} == {
        "claim": DUCKS, "language": "de", "asked": id,
    }  # fmt: skip
    assert again.json == made.json
    assert other.json["id"] != made.json["id"]
    where = made.headers["Location"]
    assert asked.client.get("/v1/drafts", headers=keys[0]).json == {"drafts": [made.json]}
    for method, path in (("GET", where), ("DELETE", where), ("POST", f"{where}/publish")):
        assert asked.client.open(path, method=method, json=STATEMENT, headers=keys[1]).status_code == 404
    assert asked.client.get("/v1/statements?query=Enten", headers=asked.key("read")).json["statements"] == []
    done = asked.client.post(f"{where}/publish", json=STATEMENT, headers=keys[0])
    assert (done.status_code, done.headers["Location"]) == (200, f"/v1/statements/{done.json['id']}")
    assert done.json["rating"]["normalized"] == "false"
    assert asked.client.get(where, headers=keys[0]).status_code == 404
    gather(asked)
    assert asked.client.get("/v1/asked", headers=keys[0]).json["claims"] == [], "a statement matches now"


def test_a_draft_is_thrown_away(asked) -> None:
    draft = asked.writer.post(f"/v1/asked/{the_claim(asked)['id']}/draft", json={}).headers["Location"]
    assert asked.writer.delete(draft).status_code == 204
    assert asked.writer.get("/v1/drafts").json == {"drafts": []}


def test_what_cannot_be_a_statement_leaves_the_draft_as_it_is(asked) -> None:
    draft = asked.writer.post(f"/v1/asked/{the_claim(asked)['id']}/draft", json={}).headers["Location"]
    assert asked.writer.post(f"{draft}/publish", json={**STATEMENT, "url": "ftp://x"}).status_code == 400
    assert asked.writer.get(draft).status_code == 200


def test_what_is_not_there_is_not_found_and_what_is_not_understood_refused(asked) -> None:
    for method, path in (
        ("GET", "/v1/asked/x"), ("PATCH", "/v1/asked/x"), ("POST", "/v1/asked/x/draft"), ("GET", "/v1/drafts/x"),
    ):  # fmt: skip
        gone = asked.writer.open(path, method=method, json={"state": "open"} if method == "PATCH" else {})
        assert (gone.status_code, gone.json["code"]) == (404, "not-found")
    assert asked.writer.patch("/v1/asked/x", json={"state": "gone"}).status_code == 400
    assert asked.writer.get("/v1/asked?state=gone").status_code == 400
    assert asked.client.get("/v1/asked", headers=asked.key("read", "check")).status_code == 403
