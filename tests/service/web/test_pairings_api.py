"""The pairing of a browser over HTTP: who may begin one, what it gives, and that it shuts nobody out."""

from __future__ import annotations

from typing import Any

import pytest

from service.web.pairings import Pairings
from service.web.pairings_api import PAIRINGS

CHROME = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"
FIREFOX = "moz-extension://7a0c1bd1-6d5e-4f43-9d0e-2f9f3b8c5a10"
OWN = {"Origin": "http://localhost"}
TEXT = {"text": "Hot lemon water cures diabetes within seven days.", "wait": 0}


def begin(house, origin: str = CHROME, name: str = "Chromium, Linux", **headers: str):
    return house.client.post("/v1/pairings", json={"name": name}, headers={"Origin": origin, **headers})


def fetch(house, begun: Any, origin: str = CHROME):
    return house.client.post(f"/v1/pairings/{begun.json['id']}/token", headers={"Origin": origin})


def press(house, code: str, decision: str = "allow", headers: dict[str, str] = OWN, **fields: str):
    return house.client.post("/connect", data={"code": code, "decision": decision, **fields}, headers=headers)


def pair(house, origin: str = CHROME) -> dict[str, str]:
    """The headers of an extension that was connected."""
    begun = begin(house, origin)
    assert press(house, begun.json["code"]).status_code == 200
    return {"Origin": origin, "Authorization": f"Bearer {fetch(house, begun, origin).json['key']}"}


# ---------------------------------------------------------------- the way of a pairing


def test_from_the_code_to_the_key(house) -> None:
    house.app.extensions[PAIRINGS] = Pairings(now=lambda: 7.0)  # no second passes, however long this takes
    begun = begin(house)
    assert begun.status_code == 201
    assert begun.json.keys() == {"id", "code", "expires_at", "interval"}
    assert begun.json["interval"] == 2
    assert begun.headers["Location"] == f"/v1/pairings/{begun.json['id']}/token"
    assert (fetch(house, begun).status_code, house.application.keys.list()) == (202, [])
    assert press(house, begun.json["code"]).status_code == 200
    assert house.application.keys.list() == [], "no secret lies anywhere before it is fetched"
    assert fetch(house, begun).status_code == 429, "no sooner than a second later"


def test_one_idempotency_key_begins_one_pairing(house) -> None:
    first, again = (begin(house, **{"Idempotency-Key": "once"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert [first.json[name] == again.json[name] for name in ("id", "code")] == [True, True]
    other = begin(house, name="Another", **{"Idempotency-Key": "once"})
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")


def test_the_key_is_given_once_and_covers_checks_alone(house) -> None:
    begun = begin(house, FIREFOX, "Firefox")
    press(house, begun.json["code"])
    given = fetch(house, begun, FIREFOX)
    assert (given.status_code, given.json["scopes"]) == (200, ["check"])
    assert given.headers["Cache-Control"] == "no-store"
    assert fetch(house, begun, FIREFOX).status_code == 404
    (kept,) = house.application.keys.list()
    assert (kept.name, kept.origin, list(kept.scopes)) == ("Firefox", FIREFOX, ["check"])
    key = {"Origin": FIREFOX, "Authorization": f"Bearer {given.json['key']}"}
    assert house.client.post("/v1/checks", json=TEXT, headers=key).status_code == 202
    assert house.client.post("/v1/statements", json={}, headers=key).status_code == 403
    assert house.client.get("/v1/statements", headers=key).status_code == 403


def test_one_that_was_refused_is_over(house) -> None:
    begun = begin(house)
    assert press(house, begun.json["code"], "refuse").status_code == 200
    assert fetch(house, begun).status_code == 404
    assert house.application.keys.list() == []


@pytest.mark.parametrize("origin", [None, "http://localhost", "https://evil.example", "null", "chrome-extension://x",
                                    "chrome-extension://abcdefghijklmnopabcdefghijklmnoq", "moz-extension://x",
                                    f"{CHROME}.evil.example", ""])  # fmt: skip
@pytest.mark.parametrize("closed", [False, True])
def test_nobody_but_an_extension_begins_or_fetches(house, origin: str | None, closed: bool) -> None:
    if closed:
        house.key("check")
    headers = {} if origin is None else {"Origin": origin}
    begun = begin(house)
    for path in ("/v1/pairings", f"/v1/pairings/{begun.json['id']}/token"):
        reply = house.client.post(path, json={"name": "x"}, headers=headers)
        assert (reply.status_code, reply.json["code"]) == (403, "origin-refused")
        assert "Access-Control-Allow-Origin" not in reply.headers


def test_another_extension_cannot_fetch_it(house) -> None:
    begun = begin(house)
    press(house, begun.json["code"])
    assert fetch(house, begun, FIREFOX).status_code == 404
    assert fetch(house, begun).status_code == 200


def test_names_cannot_pretend_to_be_something_else(house) -> None:
    begun = begin(house, name="Desk\u202e\n\t<b>Firefox</b>\u0007")
    page = house.client.get(f"/connect?code={begun.json['code']}").text
    assert "Desk &lt;b&gt;Firefox&lt;/b&gt;" in page
    assert "\u202e" not in page


@pytest.mark.parametrize("name", ["", "  ", None, 5, "x" * 81])
def test_a_name_is_needed(house, name: object) -> None:
    reply = house.client.post("/v1/pairings", json={"name": name}, headers={"Origin": CHROME})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (400, "/name")


def test_too_many_are_told_when_to_come_again(house) -> None:
    origins = [f"moz-extension://7a0c1bd1-6d5e-4f43-9d0e-2f9f3b8c5a{number:02}" for number in range(21)]
    replies = [begin(house, origin) for origin in origins]
    assert [reply.status_code for reply in replies] == [201] * 20 + [429]
    assert 590 <= int(replies[-1].headers["Retry-After"]) <= 600


# ---------------------------------------------------------------- whom it shuts out


def test_a_paired_extension_does_not_close_the_open_service(house) -> None:
    pair(house)
    assert house.client.get("/").status_code == 200
    assert 'name="key"' not in house.client.get("/").text
    assert house.client.post("/v1/checks", json=TEXT).status_code == 202
    assert house.writer.post("/v1/statements", json={}).status_code == 400, "the one-time link still opens a session"


def test_what_a_paired_extension_s_key_does_not_cover_is_called_that_on_the_open_service_too(house) -> None:
    key = pair(house)
    for address in ("/v1/statements", "/v1/keys", "/v1/feedback"):
        reply = house.client.get(address, headers=key)
        assert (reply.status_code, reply.json["code"]) == (403, "scope-missing"), "it is a valid key"


def test_what_a_paired_extension_had_checked_is_shown_on_the_open_service_s_pages(house) -> None:
    made = house.client.post("/v1/checks", json=TEXT, headers=pair(house))
    house.work()
    assert house.client.get(f"/checks/{made.json['id']}").status_code == 200


def test_a_paired_extension_goes_on_once_a_key_closes_the_service(house) -> None:
    key = pair(house)
    house.key("check")
    assert house.client.post("/v1/checks", json=TEXT).status_code == 401
    assert house.client.post("/v1/checks", json=TEXT, headers=key).status_code == 202


def test_a_revoked_pairing_is_a_wrong_key(house) -> None:
    key = pair(house)
    house.application.keys.revoke(house.application.keys.list()[0].id)
    assert house.client.post("/v1/checks", json=TEXT, headers=key).status_code == 403, "nor is it known any more"
    assert house.client.get("/v1/pairings", headers=key).json == {"allowed": False, "why": "key-required"}


# ---------------------------------------------------------------- what browsers let an extension read


def preflight(house, path: str, origin: str = CHROME):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    return house.client.options(path, headers={"Origin": origin, **asked})


@pytest.mark.parametrize("path", ["/v1/pairings", "/v1/pairings/x/token", "/healthz"])
def test_an_unknown_extension_reaches_the_pairing_and_the_probe_alone(house, path: str) -> None:
    assert preflight(house, path).headers["Access-Control-Allow-Origin"] == CHROME
    for closed in ("/v1/checks", "/v1/checks/x", "/readyz", "/", "/connect"):
        refused = preflight(house, closed)
        assert (refused.status_code, refused.headers.get("Access-Control-Allow-Origin")) == (403, None)
    assert house.client.get("/healthz", headers={"Origin": CHROME}).headers["Access-Control-Allow-Origin"] == CHROME
    assert preflight(house, path, "https://evil.example").status_code == 403


def test_a_paired_extension_reads_every_reply_also_where_it_has_no_host_permission(house) -> None:
    key = pair(house)
    assert preflight(house, "/v1/checks").status_code == 204
    made = house.client.post("/v1/checks", json=TEXT, headers=key)
    assert made.headers["Access-Control-Allow-Origin"] == CHROME
    assert preflight(house, "/v1/checks", FIREFOX).status_code == 403, "another extension"
    keyless = house.client.post("/v1/checks", json=TEXT, headers={"Origin": CHROME})
    assert (keyless.status_code, keyless.json["code"]) == (401, "key-required"), "its origin opens nothing"


def test_an_extension_can_ask_why_it_is_refused(house, open_other) -> None:
    def why(house, **headers: str) -> object:
        return house.client.get("/v1/pairings", headers={"Origin": CHROME, **headers}).json["why"]

    assert why(house) == "origin-refused"
    assert why(house, Authorization="Bearer gck_0_0") == "key-required"
    assert why(open_other(extension_origins=(CHROME,))) is None
    assert why(house, **{name: value for name, value in pair(house).items() if name != "Origin"}) is None
    assert why(house, **house.key("read")) == "scope-missing"
    assert why(house) == "key-required", "closed by now"
