"""Limits of a key: counted, said in each answer, and refused with when to come again."""

from __future__ import annotations

import pytest

from service.store.keys import Limits


@pytest.fixture
def house(house):
    now = house.clock.read().at.timestamp()
    house.clock.let_pass(60 - now % 60 + 1)
    return house


def key(house, *limits: int | None) -> dict[str, str]:
    made = house.application.keys.create("desk", ["check", "read"], limits=Limits(*limits))
    return {"Authorization": f"Bearer {made.secret}"}


def test_a_key_without_a_limit_hears_of_none(house) -> None:
    reply = house.client.get("/v1/statements", headers=key(house))
    assert (reply.status_code, reply.headers.get("RateLimit"), reply.headers.get("RateLimit-Policy")) == (
        200,
        None,
        None,
    )


def test_each_answer_says_what_is_left_and_the_next_is_refused(house) -> None:
    headers = key(house, 2)
    first, second, third = (house.client.get("/v1/statements", headers=headers) for _ in range(3))
    assert (first.headers["RateLimit-Policy"], first.headers["RateLimit"][:15]) == (
        '"requests";q=2;w=60',
        '"requests";r=1;',
    )
    assert second.headers["RateLimit"].startswith('"requests";r=0;t=')
    assert (third.status_code, third.json["code"]) == (429, "too-many-requests")
    assert third.headers["RateLimit"].startswith('"requests";r=0;t=')
    assert third.headers["RateLimit-Policy"] == '"requests";q=2;w=60'
    wait = int(third.headers["Retry-After"])
    assert third.headers["RateLimit"].endswith(f";t={wait}")
    assert 1 <= wait <= 60
    assert house.client.get("/v1/statements", headers=key(house, 2)).status_code == 200, "another key"
    house.clock.let_pass(wait)
    assert house.client.get("/v1/statements", headers=headers).status_code == 200


def test_checks_are_counted_with_the_items_of_batches(house) -> None:
    headers = key(house, None, 5)

    def batch(items: int):
        return house.client.post(
            "/v1/batches", json={"items": [{"text": f"Lemon {n}."} for n in range(items)]}, headers=headers
        )

    single = house.client.post("/v1/checks", json={"text": "Lemons.", "wait": 0}, headers=headers)
    assert single.headers["RateLimit"].startswith('"checks";r=4;')
    refused = batch(5)
    assert (refused.status_code, "This asks for 5, and 4 are left" in refused.json["detail"]) == (429, True)
    assert int(refused.headers["Retry-After"]) > 0
    assert batch(4).status_code == 202
    assert house.client.post("/v1/checks", json={"text": "Lemons.", "wait": 0}, headers=headers).status_code == 429
    assert house.client.get("/v1/checks", headers=headers).status_code == 200, "looking is no check"
    assert house.application.jobs.count() == 5


def test_checks_on_the_web_page_are_counted_too(house) -> None:
    headers = key(house, None, 2)
    secret = headers["Authorization"].removeprefix("Bearer ")
    form = {"headers": {"Origin": "http://localhost"}, "data": {"input": "Lemons.", "key": secret}}
    assert house.client.post("/check", json={"input": "Lemons."}, headers=headers).status_code == 202
    assert house.client.post("/check", **form).status_code == 200
    for refused in (
        house.client.post("/check", **form),
        house.client.post("/check", json={"input": "Lemons."}, headers=headers),
    ):
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0


def test_what_is_refused_for_another_reason_counts_as_a_request_and_not_as_a_check(house) -> None:
    headers = key(house, 10, 10)
    bad = house.client.post("/v1/checks", json={"text": 7}, headers=headers)
    assert (bad.status_code, bad.headers["RateLimit"][:15]) == (400, '"requests";r=9;')
    policy = '"requests";q=10;w=60, "checks";q=10;w=86400'
    good = house.client.post("/v1/checks", json={"text": "Lemons.", "wait": 0}, headers=headers)
    assert good.headers["RateLimit-Policy"] == policy
    assert [each.partition(";t=")[0] for each in good.headers["RateLimit"].split(", ")] == [
        '"requests";r=8',
        '"checks";r=9',
    ]


def test_the_settings_are_for_keys_without_a_limit_of_their_own(open_other) -> None:
    house = open_other(requests_per_minute=1)
    house.clock.let_pass(60 - house.clock.read().at.timestamp() % 60 + 1)
    usual, free, more = key(house), key(house, 0), key(house, 5)
    codes = [
        [house.client.get("/v1/statements", headers=each).status_code for _ in range(3)] for each in (usual, free, more)
    ]
    assert codes == [[200, 429, 429], [200] * 3, [200] * 3]


def test_without_a_key_nothing_is_counted(open_other) -> None:
    house = open_other(requests_per_minute=1, checks_per_day=1)
    house.add_statement()
    for _ in range(3):
        assert house.client.post("/v1/checks", json={"text": "Lemons.", "wait": 0}).status_code == 202


def test_probes_and_documents_are_free(house) -> None:
    headers = key(house, 1)
    house.client.get("/v1/statements", headers=headers)
    for path in ("/healthz", "/readyz", "/openapi.json", "/metrics"):
        assert house.client.get(path, headers=headers).status_code == 200
