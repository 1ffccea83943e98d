"""When a call is sent again, and after how long: decided here, without sending anything."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

from gegencheck_client.calls import AnyCall

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Retries:
    """How patient a client is: `tries` in all, with pauses that double.

    If the service asks for a longer pause than `longest_seconds`, the call is not sent again. `chance` spreads clients
    that were refused at the same time.
    """

    tries: int = 6
    first_seconds: float = 0.5
    longest_seconds: float = 60.0
    chance: Callable[[], float] = random.random

    def after_reply(self, call: AnyCall, reply: httpx2.Response, tried: int) -> float | None:
        """Seconds until the next try; None: this reply is the last word."""
        if reply.status_code in (429, 503) or (reply.status_code in (502, 504) and call.repeatable and not ours(reply)):
            return self._pause(tried, retry_after(reply))
        return None

    def after_fault(self, call: AnyCall, fault: httpx2.TransportError, tried: int) -> float | None:
        """Seconds until the next try where no reply came; None: sending it again might do something twice."""
        if isinstance(fault, httpx2.UnsupportedProtocol | httpx2.LocalProtocolError):
            return None  # a wrong address, or a key that no header can hold
        never_sent = isinstance(fault, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)
        return self._pause(tried, None) if call.repeatable or never_sent else None

    def _pause(self, tried: int, asked: float | None) -> float | None:
        if tried >= self.tries or (asked is not None and asked > self.longest_seconds):
            return None
        if asked is not None:
            return asked * (1 + self.chance() / 10)
        doubled = self.first_seconds * float(2 ** (tried - 1))
        return min(self.longest_seconds, doubled) * (1 + self.chance()) / 2


def ours(reply: httpx2.Response) -> bool:
    """Whether the service itself refused, and not something in between."""
    return reply.headers.get("Content-Type", "").partition(";")[0].strip() == PROBLEM


def retry_after(reply: httpx2.Response) -> float | None:
    """The seconds that a reply asks to wait (RFC 9110: a number or a date); None if it does not say."""
    given = reply.headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdigit():
        return float(given[:9])
    try:
        at = parsedate_to_datetime(given)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
