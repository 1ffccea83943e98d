"""Both clients against a service that fails in known ways: each test runs for the one that waits and the one that awaits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from gegencheck_client import (
    AsyncGegencheck,
    Gegencheck,
    NotFound,
    ReplyUnreadable,
    Retries,
    TooManyRequests,
    Unavailable,
    Unfinished,
    Unreachable,
)

INDEX = {"checkpoint": "a-1", "statements": 3, "behind": 0}
READY = {"status": "ready", "index": INDEX, "queue": {"waiting": 0, "oldest_seconds": 0.0}}
BATCH = {
    "id": "b1", "state": "queued", "created_at": "2026-11-30T12:00:00Z", "finished_at": None,
    "counts": {"total": 1, "queued": 1, "running": 0, "finished": 0, "failed": 0, "cancelled": 0},
}  # fmt: skip
BUSY = {"type": "about:blank", "title": "Busy", "detail": "Later.", "code": "service-busy", "status": 503}
NEGATIVE = {"text": "x", "statement": "s1", "created_at": "2026-11-30T12:00:00Z", "note": None, "feedback": None}

Answer = httpx2.Response | Exception


class Scripted:
    """Answers the requests that come with one thing after the other, the last one for ever; keeps requests and pauses."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []
        self.pauses: list[float] = []

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(told, Exception):
            raise told
        return httpx2.Response(told.status_code, headers=told.headers, content=told.content)

    def keys(self) -> set[str]:
        return {request.headers["Idempotency-Key"] for request in self.requests}


def with_sync(script: Scripted, act: Callable[[Any], Any], **about: Any) -> Any:
    with Gegencheck("http://desk.example", "secret", transport=httpx2.MockTransport(script.answer),
                    sleep=script.pauses.append, **about) as service:  # fmt: skip
        found = act(service)
        return found if not hasattr(found, "__next__") else list(found)


def with_async(script: Scripted, act: Callable[[Any], Any], **about: Any) -> Any:
    async def pause(seconds: float) -> None:
        script.pauses.append(seconds)

    async def run() -> Any:
        async with AsyncGegencheck("http://desk.example", "secret", transport=httpx2.MockTransport(script.answer),
                                   sleep=pause, **about) as service:  # fmt: skip
            found = act(service)
            return [each async for each in found] if hasattr(found, "__anext__") else await found

    return asyncio.run(run())


@pytest.fixture(params=[with_sync, with_async], ids=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Does something with a client whose service is scripted."""
    return request.param


def ok(body: Any, status: int = 200, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json=body, headers=headers)


def busy(status: int = 503, after: str = "2") -> httpx2.Response:
    return ok({**BUSY, "status": status}, status, **{"Retry-After": after})


def test_each_request_carries_the_key_the_language_and_the_address(call) -> None:
    script = Scripted(ok(READY))
    assert call(script, lambda service: service.ready(), language="de").index.statements == 3
    (asked,) = script.requests
    assert str(asked.url) == "http://desk.example/readyz"
    assert asked.headers["Authorization"] == "Bearer secret"
    assert asked.headers["Accept-Language"] == "de"


@pytest.mark.parametrize("status", [429, 503])
def test_what_was_refused_for_now_is_asked_again_after_the_pause_that_was_asked_for(call, status: int) -> None:
    script = Scripted(busy(status), busy(status, "3"), ok(READY))
    assert call(script, lambda service: service.ready(), retries=Retries(chance=lambda: 0.0)).status == "ready"
    assert script.pauses == [2.0, 3.0]


def test_a_creating_call_keeps_its_key_through_all_its_tries(call) -> None:
    script = Scripted(busy(), httpx2.ReadTimeout("late"), httpx2.ReadError("broke"), ok(BATCH, 202))
    made = call(script, lambda service: service.batches.create([]))
    assert made.id == "b1"
    assert len(script.requests) == 4
    assert len(script.keys()) == 1
    assert [json.loads(each.content) for each in script.requests] == [{"items": []}] * 4


def test_two_creating_calls_have_two_keys(call) -> None:
    script = Scripted(ok(BATCH, 202))
    for _ in range(2):
        call(script, lambda service: service.batches.create([]))
    assert len(script.keys()) == 2


def test_it_gives_up_after_as_many_tries_as_were_allowed_and_says_what_the_service_said(call) -> None:
    script = Scripted(busy(429, "1"))
    with pytest.raises(TooManyRequests, match=r"Later\.") as caught:
        call(script, lambda service: service.ready(), retries=Retries(tries=3))
    assert len(script.requests) == 3
    assert caught.value.retry_after == 1.0


def test_a_pause_that_is_too_long_is_left_to_the_caller(call) -> None:
    script = Scripted(busy(503, "3600"))
    with pytest.raises(Unavailable) as caught:
        call(script, lambda service: service.ready())
    assert (len(script.requests), caught.value.retry_after) == (1, 3600.0)


def test_nobody_there_is_said_with_the_call_and_the_number_of_tries(call) -> None:
    script = Scripted(httpx2.ConnectError("Connection refused"))
    with pytest.raises(Unreachable, match=r"GET /readyz was tried 2 times without an answer: Connection refused"):
        call(script, lambda service: service.ready(), retries=Retries(tries=2))


def test_a_resend_that_may_have_arrived_is_not_sent_twice(call) -> None:
    script = Scripted(httpx2.ReadTimeout("late"))
    with pytest.raises(Unreachable, match="tried once"):
        call(script, lambda service: service.deliveries.resend("d1"))


def test_a_deletion_whose_answer_got_lost_is_done(call) -> None:
    gone = ok({**BUSY, "status": 404, "code": "not-found"}, 404)
    call(Scripted(httpx2.ReadError("broke"), gone), lambda service: service.checks.delete("c1"))
    with pytest.raises(NotFound):
        call(Scripted(gone), lambda service: service.checks.delete("c1"))


@pytest.mark.parametrize("content", [b"<html>login</html>", b'{"status": "ready"}', b""])
def test_an_answer_of_something_else_is_not_taken_for_one_of_the_service(call, content: bytes) -> None:
    with pytest.raises(ReplyUnreadable, match="GET /readyz"):
        call(Scripted(httpx2.Response(200, content=content)), lambda service: service.ready())


def test_a_body_that_cannot_be_unpacked_is_unreadable(call) -> None:
    class Broken(Scripted):
        def answer(self, request: httpx2.Request) -> httpx2.Response:
            raise httpx2.DecodingError("not gzip", request=request)

    with pytest.raises(ReplyUnreadable, match="unpacked"):
        call(Broken(ok(READY)), lambda service: service.ready())


def test_pages_are_asked_for_one_by_one_until_there_is_no_further_one(call) -> None:
    script = Scripted(
        ok({"negatives": [{"id": "1", **NEGATIVE}, {"id": "2", **NEGATIVE}], "next_cursor": "b&c"}),
        busy(),
        ok({"negatives": [{"id": "3", **NEGATIVE}], "next_cursor": None}),
    )
    found = call(script, lambda service: service.negatives.find(statement="s1", page_size=2))
    assert [each.id for each in found] == ["1", "2", "3"]
    asked = [dict(request.url.params) for request in script.requests]
    assert asked == [{"statement": "s1", "limit": "2"}] + [{"statement": "s1", "limit": "2", "cursor": "b&c"}] * 2


def test_the_pages_of_a_call_with_a_body_are_asked_for_in_it(call) -> None:
    from gegencheck_client.models import ReplayBody

    page = {"replayed": 1, "skipped": 0, "changes": [], "flips": [], "next_cursor": "x"}
    script = Scripted(ok(page), ok({**page, "next_cursor": None}))
    found = call(script, lambda service: service.policies.replay(ReplayBody(policy="desk")))
    assert [each.replayed for each in found] == [1, 1]
    assert [json.loads(each.content) for each in script.requests] == [
        {"policy": "desk"}, {"policy": "desk", "cursor": "x"},
    ]  # fmt: skip


def test_pages_that_never_end_are_noticed(call) -> None:
    script = Scripted(ok({"negatives": [], "next_cursor": "same"}))
    with pytest.raises(ReplyUnreadable, match="do not end"):
        call(script, lambda service: service.negatives.find())
    assert len(script.requests) == 2


def test_waiting_looks_again_with_growing_pauses_until_it_has_ended(call) -> None:
    running = ok({**BATCH, "state": "running"})
    script = Scripted(ok(BATCH), running, running, ok({**BATCH, "state": "finished"}))
    assert call(script, lambda service: service.batches.wait("b1")).state == "finished"
    assert script.pauses == pytest.approx([0.2, 0.3, 0.45])


def test_waiting_ends_when_its_time_is_over(call) -> None:
    with pytest.raises(Unfinished, match=r"/v1/batches/b1 has not ended after 0 seconds"):
        call(Scripted(ok(BATCH)), lambda service: service.batches.wait("b1", timeout_seconds=0))
    with pytest.raises(TimeoutError):
        call(Scripted(ok(BATCH)), lambda service: service.batches.wait("b1", timeout_seconds=0))


def test_a_check_may_take_as_long_as_it_is_to_be_waited_for(call) -> None:
    script = Scripted(ok({**BUSY, "status": 400}, 400))
    with pytest.raises(Exception, match="Later"):
        call(script, lambda service: service.checks.create(text="x", wait=25), timeout_seconds=4)
    assert script.requests[0].extensions["timeout"]["read"] == 29
