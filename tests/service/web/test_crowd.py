"""Every thread is promised to somebody, and what is full says when to come again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.config import Settings
from service.web.crowd import CROWD, Crowd


@pytest.mark.parametrize(("threads", "cores"), [(64, 2), (64, 16), (24, 4), (8, 2)])
def test_all_that_may_block_leaves_threads_for_everybody_else(threads: int, cores: int) -> None:
    bounds = Crowd.of(Settings(threads=threads, computing=cores))
    turnstile = bounds.turnstile
    assert turnstile.places == cores
    blocked = turnstile.places + turnstile.waiting + bounds.waiters._value + bounds.fetches.total
    assert blocked <= threads * 7 / 8
    assert turnstile.waiting_each <= max(turnstile.waiting / 2, 1)


CALLS = (
    ("/v1/match", {"texts": ["Hot lemon water cures diabetes."]}),
    ("/v1/stance", {"pairs": [{"claim": "a", "statement": "b"}]}),
    ("/v1/claims", {"text": "Hot lemon water cures diabetes."}),
    ("/v1/extract", {"html": "<p>Hot lemon water cures diabetes.</p>"}),
)


@pytest.mark.parametrize(("route", "body"), CALLS, ids=[route for route, _ in CALLS])
def test_a_full_turnstile_is_a_503_that_says_when_to_come_again(house, route: str, body: dict) -> None:
    crowd = house.app.extensions[CROWD]
    bounds = replace(crowd, turnstile=Crowd.of(replace(house.application.settings, threads=4, computing=1)).turnstile)
    house.app.extensions[CROWD] = bounds
    bounds.turnstile.waiting = 0
    with bounds.turnstile.turn("another", False):
        reply = house.client.post(route, json=body)
        alive = house.client.get("/healthz")
    assert (reply.status_code, reply.json["code"]) == (503, "service-busy")
    assert int(reply.headers["Retry-After"]) >= 1
    assert alive.status_code == 200
    assert house.client.post(route, json=body).status_code == 200


def test_a_key_that_calls_too_often_at_once_gets_a_429(house) -> None:
    turnstile = house.app.extensions[CROWD].turnstile
    turnstile.places, turnstile.waiting_each = 1, 0
    with turnstile.turn("another", False):
        reply = house.client.get("/v1/statements?query=lemon")
    assert (reply.status_code, reply.json["code"]) == (429, "too-many-requests")
    assert int(reply.headers["Retry-After"]) >= 1


def test_a_third_upload_of_a_key_is_refused_without_the_server_too(house, lemons) -> None:
    uploads = house.app.extensions[CROWD].uploads
    with uploads.place(""), uploads.place(""):
        reply = house.writer.post("/v1/statements/import", json=lemons)
    assert (reply.status_code, "Retry-After" in reply.headers) == (429, True)
    assert house.writer.post("/v1/statements/import", json=lemons).status_code == 202
