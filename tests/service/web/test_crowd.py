"""Every thread is promised to somebody, and what is full says when to come again."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.config import Settings
from service.web.crowd import CROWD, MANY_CHARACTERS, PORTION_TEXTS, Crowd, portions
from service.web.turnstile import Turnstile


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


@given(st.lists(st.integers(0, 3 * MANY_CHARACTERS), max_size=60))
def test_portions_are_all_items_in_order_a_few_at_a_time(sizes: list[int]) -> None:
    found = list(portions(sizes, lambda size: size))
    assert [size for portion in found for size in portion] == sizes
    for portion in found:
        assert 1 <= len(portion) <= PORTION_TEXTS
        assert sum(portion) <= MANY_CHARACTERS or len(portion) == 1


def test_a_long_call_lets_a_short_one_in_between_its_portions(house, monkeypatch) -> None:
    """With one place to compute: the second portion of the long call waits behind the short call."""
    crowd, order = house.app.extensions[CROWD], []
    one_place = replace(crowd, turnstile=Turnstile(1, 9, 9, 20))
    house.app.extensions[CROWD] = one_place
    index, inside, go_on = house.application.index.current(), threading.Event(), threading.Event()

    class Slow:
        def search(self, texts, limit, rerank):
            order.append(len(texts))
            if len(order) == 1:
                inside.set()
                assert go_on.wait(10)
            return index.search(texts, limit, rerank)

    monkeypatch.setattr(type(house.application.index), "current", lambda _self: Slow())
    long = {"texts": [f"Hot lemon water number {n} cures diabetes." for n in range(PORTION_TEXTS + 2)]}
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(house.client.post, "/v1/match", json=long)
        assert inside.wait(10)
        second = pool.submit(house.client.post, "/v1/match", json={"texts": ["Lemons are yellow."]})
        while not len(one_place.turnstile._line):
            time.sleep(0.01)
        go_on.set()
        assert len(first.result(20).json["results"]) == PORTION_TEXTS + 2
        assert second.result(20).status_code == 200
    assert order == [PORTION_TEXTS, 1, 2]


@pytest.mark.parametrize(
    ("body", "is_long"),
    [({"text": "Lemons are yellow."}, False), ({"text": "Lemons are yellow. " * 1000}, True)],
)
def test_a_call_with_one_long_text_is_a_long_one(house, body: dict, is_long: bool) -> None:
    seen, turnstile = [], house.app.extensions[CROWD].turnstile
    enter = turnstile._enter
    turnstile._enter = lambda ticket, waiting: seen.append(ticket.is_long) or enter(ticket, waiting)
    assert house.client.post("/v1/claims", json=body).status_code == 200
    assert seen == [is_long]
