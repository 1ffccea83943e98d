"""/v1/keys: admins make, list, rotate and revoke; nobody else does, and no answer shows a secret twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

BODY = {"name": "desk", "scopes": ["check", "read"]}


@pytest.fixture
def admin(house):
    return house.key("admin")


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_a_key_is_made_used_listed_and_revoked(house, admin) -> None:
    reply = house.client.post("/v1/keys", json={**BODY, "requests_per_minute": 7}, headers=admin)
    assert reply.status_code == 201
    made = reply.json
    where = reply.headers["Location"]
    assert (made["name"], made["scopes"], made["requests_per_minute"], made["last_used_at"]) == (
        "desk", ["check", "read"], 7, None,
    )  # fmt: skip
    assert made["webhook_secret"] == house.application.keys.webhook_secret(made["id"])
    assert house.client.get("/v1/statements", headers=bearer(made["key"])).status_code == 200
    listed = house.client.get("/v1/keys", headers=admin)
    (found,) = [key for key in listed.json["keys"] if key["id"] == made["id"]]
    assert found == house.client.get(where, headers=admin).json
    assert found["last_used_at"] is not None
    assert made["key"] not in listed.text
    assert "whsec_" not in listed.text
    assert house.client.delete(where, headers=admin).status_code == 204
    assert house.client.get("/v1/statements", headers=bearer(made["key"])).status_code == 401
    assert house.client.get(where, headers=admin).json["revoked_at"] is not None


def test_only_admins_may(house, admin) -> None:
    others = (house.key("check", "read", "write"), house.key("write"))
    id = house.application.keys.list()[0].id
    for headers in others:
        for method, path, body in (
            ("get", "/v1/keys", None), ("post", "/v1/keys", {"name": "x", "scopes": ["admin"]}),
            ("get", f"/v1/keys/{id}", None), ("delete", f"/v1/keys/{id}", None), ("post", f"/v1/keys/{id}/rotate", {}),
        ):  # fmt: skip
            reply = getattr(house.client, method)(path, headers=headers, **({"json": body} if body is not None else {}))
            assert (reply.status_code, reply.json["code"]) == (403, "scope-missing"), (method, path)
    assert len(house.application.keys.list()) == 3
    assert house.application.keys.list()[0].revoked_at is None


def test_on_the_open_api_nobody_makes_a_key(house) -> None:
    for client in (house.client, house.writer):
        assert client.post("/v1/keys", json=BODY).status_code == 401
    assert house.application.keys.list() == []


def test_one_idempotency_key_makes_one_key_and_shows_it_once(house, admin) -> None:
    headers = {**admin, "Idempotency-Key": "k"}
    first, again = (house.client.post("/v1/keys", json=BODY, headers=headers).json for _ in range(2))
    assert (first["id"], again["key"]) == (again["id"], None)
    assert first["key"].startswith("gck_")
    assert first["webhook_secret"] == again["webhook_secret"]
    assert len(house.application.keys.list()) == 2


def test_asked_for_again_under_its_idempotency_key_a_revoked_key_is_shown_as_it_is(house, admin) -> None:
    headers = {**admin, "Idempotency-Key": "k"}
    made = house.client.post("/v1/keys", json=BODY, headers=headers).json
    house.client.delete(f"/v1/keys/{made['id']}", headers=admin)
    again = house.client.post("/v1/keys", json=BODY, headers=headers)
    assert (again.status_code, again.json["id"]) == (201, made["id"])
    assert again.json["revoked_at"] is not None
    assert (again.json["key"], again.json["webhook_secret"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["all"]}, "/scopes/0"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "/expires_at"),
        ({"expires_at": "tomorrow"}, "/expires_at"),
        ({"requests_per_minute": -1}, "/requests_per_minute"),
        ({"checks_per_day": 10**9 + 1}, "/checks_per_day"),
        ({"checks_per_day": 1.5}, "/checks_per_day"),
        ({"owner": "ann"}, "/owner"),
        ({"id": "mine"}, "/id"),
        ({"digest": "0"}, "/digest"),
    ],
)
def test_what_cannot_be_is_refused_by_name(house, admin, change, pointer: str) -> None:
    reply = house.client.post("/v1/keys", json={**BODY, **change}, headers=admin)
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (400, pointer)


def test_a_key_ends_when_it_was_said_to(house, admin) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=30)).isoformat()
    made = house.client.post("/v1/keys", json={**BODY, "expires_at": soon}, headers=admin).json
    assert house.application.keys.find(made["key"]) is not None
    assert made["expires_at"][:19] == soon[:19]


def test_rotating_gives_another_secret_with_an_overlap_where_that_is_asked_for(house, admin) -> None:
    made = house.client.post("/v1/keys", json=BODY, headers=admin).json
    where = f"/v1/keys/{made['id']}/rotate"
    kept = house.client.post(where, json={"overlap_seconds": 60}, headers=admin).json
    assert (kept["id"], kept["webhook_secret"]) == (made["id"], None)
    assert house.application.keys.find(made["key"]).id == house.application.keys.find(kept["key"]).id
    last = house.client.post(where, json={}, headers=admin).json
    assert [house.application.keys.find(each) is None for each in (made["key"], kept["key"], last["key"])] == [
        True, True, False,
    ]  # fmt: skip
    signed = house.client.post(where, json={"replaces": "webhook_secret"}, headers=admin).json
    assert (signed["key"], signed["webhook_secret"] != made["webhook_secret"]) == (None, True)
    assert house.application.keys.find(last["key"]) is not None
    assert house.client.post("/v1/keys/nobody/rotate", json={}, headers=admin).status_code == 404


def test_sent_again_with_its_idempotency_key_a_rotation_happens_once(house, admin) -> None:
    made = house.client.post("/v1/keys", json=BODY, headers=admin).json
    where, headers = f"/v1/keys/{made['id']}/rotate", {**admin, "Idempotency-Key": "k"}
    first, again = (house.client.post(where, json={"overlap_seconds": 60}, headers=headers).json for _ in range(2))
    assert again == {"id": made["id"], "key": None, "webhook_secret": None, "webhook_public_key": None}
    assert house.application.keys.find(first["key"]) is not None
    assert house.application.keys.find(made["key"]) is not None, "the overlap is that of the first"
    assert house.client.post(where, json={}, headers=headers).status_code == 422
    headers, body = {**admin, "Idempotency-Key": "w"}, {"replaces": "webhook_secret"}
    signed = [house.client.post(where, json=body, headers=headers).json["webhook_secret"] for _ in range(2)]
    assert signed[0] == signed[1] != made["webhook_secret"]


def test_a_rotated_key_keeps_its_checks(house, admin) -> None:
    made = house.client.post("/v1/keys", json=BODY, headers=admin).json
    check = house.check(headers=bearer(made["key"]), text="Lemons.", reference="mine")
    other = house.client.post(f"/v1/keys/{made['id']}/rotate", json={}, headers=admin).json
    found = house.client.get("/v1/checks?reference=mine", headers=bearer(other["key"])).json
    assert [each["id"] for each in found["checks"]] == [check["id"]]
