"""Hands: few requests work at once, and whoever waits for something lets another work."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from service.web.hands import Hands


def serve(hands: Hands, work: Any, path: str = "/v1/match") -> list[bytes]:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        work()
        return [b"done"]

    return list(hands.around(app)({"PATH_INFO": path}, None))


def test_no_more_requests_work_at_once_than_there_are_hands() -> None:
    hands, lock, at_work, most = Hands(3), threading.Lock(), [0], [0]
    met = threading.Barrier(3)

    def work() -> None:
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        met.wait(10)  # three are at work at once, or this breaks
        with lock:
            at_work[0] -= 1

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(lambda _: serve(hands, work), range(12))) == [[b"done"]] * 12
    assert most == [3]


def test_whoever_waits_for_something_lets_another_work() -> None:
    hands, waits, go_on = Hands(1), threading.Event(), threading.Event()

    def wait() -> None:
        with hands.resting(), hands.resting():
            waits.set()
            assert go_on.wait(10)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(serve, hands, wait)
        assert waits.wait(10)
        assert serve(hands, go_on.set) == [b"done"]
        assert waiting.result(10) == [b"done"]


def test_a_probe_needs_no_hand() -> None:
    hands, answered = Hands(1), threading.Event()
    serve(hands, lambda: serve(hands, answered.set, "/healthz"))
    assert answered.is_set()


def test_a_hand_is_free_again_after_a_fault() -> None:
    hands = Hands(1)

    def fail() -> None:
        with hands.resting():
            raise KeyError

    for _ in range(3):
        try:
            serve(hands, fail)
        except KeyError:
            continue
        raise AssertionError("the fault was kept")
    assert serve(hands, lambda: None) == [b"done"]


def test_outside_of_a_request_nothing_is_given_up() -> None:
    hands = Hands(1)
    with hands.resting():
        assert serve(hands, lambda: None) == [b"done"]
    assert serve(hands, lambda: None) == [b"done"]
