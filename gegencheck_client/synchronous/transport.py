# Written by `make client` from the module of this name in asynchronous/.
"""Sends calls, and sends them again where that helps and does no harm; goes through pages; waits for an end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import httpx2
from pydantic import BaseModel

from gegencheck_client.calls import AnyCall, Call, Reply, read_reply
from gegencheck_client.errors import ReplyUnreadable, Unfinished, Unreachable
from gegencheck_client.models import Batch, Check, CheckState, Import
from gegencheck_client.retrying import Retries, retry_after

Sleep = Callable[[float], None]
Work = TypeVar("Work", Check, Batch, Import)
ENDED = (CheckState.FINISHED, CheckState.FAILED)
FIRST_LOOK_SECONDS, LONGEST_LOOK_SECONDS = 0.2, 5.0


class SyncTransport:
    """What all calls go through."""

    def __init__(self, http: httpx2.Client, timeout_seconds: float, retries: Retries, sleep: Sleep) -> None:
        self.http, self._timeout_seconds, self._retries, self._sleep = http, timeout_seconds, retries, sleep

    def send(self, call: Call[Reply]) -> Reply:
        """The reply to a call. Raises Unreachable, ReplyUnreadable, Refused."""
        headers, parameters, data = call.headers(), call.parameters(), call.data()
        timeout = self._timeout_seconds + call.takes_seconds
        tried = 0
        while True:
            tried += 1
            try:
                reply = self.http.request(
                    call.method, call.path, params=parameters, content=data, headers=headers, timeout=timeout
                )
            except httpx2.TransportError as fault:
                pause = self._retries.after_fault(call, fault, tried)
                if pause is None:
                    raise Unreachable(unreachable(call, fault, tried)) from fault
            except httpx2.DecodingError as fault:
                raise ReplyUnreadable(f"The reply to {call.method} {call.path} cannot be unpacked.") from fault
            else:
                pause = self._retries.after_reply(call, reply, tried)
                if pause is None:
                    return read_reply(call, reply, retry_after(reply), tried)
            self._sleep(pause)

    def pages(self, call: Call[Reply]) -> Iterator[Reply]:
        """All pages of a list, asked for as they are needed."""
        cursor: str | None = None
        while True:
            page = self.send(call if cursor is None else following(call, cursor))
            yield page
            before, cursor = cursor, getattr(page, "next_cursor", None)
            if not cursor:
                return
            if cursor == before:
                raise ReplyUnreadable(f"The pages of {call.path} do not end.")

    def until_ended(self, call: Call[Work], timeout_seconds: float) -> Work:
        """Something as it is when it has ended, failed included. Raises Unfinished."""
        until, pause = time.monotonic() + timeout_seconds, FIRST_LOOK_SECONDS
        while True:
            found = self.send(call)
            if found.state in ENDED:
                return found
            left = until - time.monotonic()
            if left <= 0:
                raise Unfinished(f"{call.path} has not ended after {timeout_seconds:g} seconds.")
            self._sleep(min(pause, left))
            pause = min(pause * 1.5, LONGEST_LOOK_SECONDS)


def following(call: Call[Reply], cursor: str) -> Call[Reply]:
    """The call for the next page."""
    if call.body is None:
        return call.asking(cursor=cursor)
    return Call(call.method, call.path, call.gives, body=call.body.model_copy(update={"cursor": cursor}))


def unreachable(call: AnyCall, fault: Exception, tried: int) -> str:
    """What happened, in a sentence."""
    times = "once" if tried == 1 else f"{tried} times"
    return f"{call.method} {call.path} was tried {times} without an answer: {fault or type(fault).__name__}"


def id_of(thing: BaseModel | str) -> str:
    """The id of something that was given itself or by its id."""
    return thing if isinstance(thing, str) else str(getattr(thing, "id"))  # noqa: B009 - each of these models has one
