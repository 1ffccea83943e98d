"""Asks POST /v1/match, with a time limit, few tries, and a cache that knows texts only by their digest.

Only the standard library: what Osprey's worker patches for gevent stays patched.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import urllib.error
import urllib.request
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TIMEOUT_SECONDS = 5.0  # of each try, and of each of its reads
TRIES = 3
LONGEST_WAIT_SECONDS = 2.0  # whoever must wait longer is told so: a rule is being evaluated
FIRST_WAIT_SECONDS = 0.25  # without Retry-After, then doubled
CACHE_SECONDS = 60.0
CACHED = 1000
MOST_CHARACTERS = 50_000  # of a text that the API takes
MOST_BYTES = 5_000_000  # of an answer
LIMIT = 10
BUSY = (429, 503)


class ServiceFault(Exception):
    """No usable answer. The message never has the text, the key or the address in it."""


class Busy(ServiceFault):
    """Overloaded, or the limit of the key is reached; `retry_after` is in seconds, None where it said none."""

    def __init__(self, status: int, retry_after: float | None) -> None:
        when = "" if retry_after is None else f"; try again in {retry_after:g} s"
        super().__init__(f"Gegencheck answers {status}{when}.")
        self.retry_after = retry_after


class Refused(ServiceFault):
    """The service refuses the request: a wrong key, a missing scope."""


@dataclass(frozen=True)
class Match:
    """A statement that was found for a text, with what a rule may ask of it."""

    confidence: float
    stance: str  # supports, refutes, neutral
    normalized: str
    rating: str
    publisher: str
    url: str


Opened = Callable[[urllib.request.Request, float], Any]


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The key would go wherever a redirect leads."""

    def redirect_request(self, *_arguments: Any) -> None:
        """None: an answer like any other that is no answer."""


def open_direct(request: urllib.request.Request, timeout: float) -> Any:
    """An answer, without following redirects."""
    return urllib.request.build_opener(NoRedirects).open(request, timeout=timeout)


class Gegencheck:
    """One service and one key. Safe to use from many threads and greenlets."""

    def __init__(
        self,
        address: str,
        key: str,
        open_request: Opened = open_direct,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        if not address.startswith(("http://", "https://")) or not key:
            raise ValueError("Set GEGENCHECK_ADDRESS to http(s)://… and GEGENCHECK_KEY to a key with the scope check.")
        self._address, self._key = address.rstrip("/"), key
        self._open, self._sleep, self._now = open_request, sleep, now
        self._cache: OrderedDict[str, tuple[float, tuple[Match, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    def match(self, text: str) -> tuple[Match, ...]:
        """The statements most similar to a text, best first. Raises ServiceFault."""
        text = text[:MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
        if not text.strip():
            return ()
        digest = hashlib.sha256(text.encode()).hexdigest()
        with self._lock:
            held = self._cache.get(digest)
        if held is not None and held[0] > self._now():
            return held[1]
        matches = self._asked(text)
        with self._lock:
            self._cache.pop(digest, None)
            self._cache[digest] = (self._now() + CACHE_SECONDS, matches)
            while len(self._cache) > CACHED:
                self._cache.popitem(last=False)
        return matches

    def _asked(self, text: str) -> tuple[Match, ...]:
        wait = FIRST_WAIT_SECONDS
        for left in range(TRIES - 1, -1, -1):
            try:
                return matches_of(self._sent(text))
            except Refused:
                raise
            except ServiceFault as fault:
                asked_for = fault.retry_after if isinstance(fault, Busy) else None
                pause = wait if asked_for is None else asked_for
                if not left or pause > LONGEST_WAIT_SECONDS:
                    raise
            self._sleep(pause)
            wait *= 2
        raise AssertionError("the last try returns or raises")

    def _sent(self, text: str) -> bytes:
        body = json.dumps({"texts": [text], "limit": LIMIT, "stance": True}).encode()
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self._address}/v1/match", body, headers, method="POST")  # noqa: S310
        try:
            with self._open(request, TIMEOUT_SECONDS) as reply:
                return bytes(reply.read(MOST_BYTES))
        except urllib.error.HTTPError as error:
            error.close()
            raise refusal(error.code, error.headers.get("Retry-After")) from None
        except TimeoutError:
            raise ServiceFault("Gegencheck did not answer in time.") from None
        except (OSError, ValueError):  # a URLError is an OSError; http.client raises ValueError for odd answers
            raise ServiceFault("Gegencheck cannot be reached.") from None


def refusal(status: int, retry_after: str | None) -> ServiceFault:
    """What a status means that is none of success."""
    if status in BUSY:
        said = retry_after or ""
        return Busy(status, float(said) if said.isascii() and said.isdecimal() else None)
    if status >= 500:
        return ServiceFault(f"Gegencheck answers {status}.")
    return Refused(f"Gegencheck refuses the request: {status}.")


def matches_of(body: bytes) -> tuple[Match, ...]:
    """The matches of an answer. Raises ServiceFault for anything that is none."""
    try:
        (result,) = json.loads(body)["results"]
        return tuple(_match(each) for each in result["matches"])
    except (ValueError, KeyError, TypeError):
        raise ServiceFault("What answered is no Gegencheck that this plug-in understands.") from None


def _match(row: Any) -> Match:
    statement = row["statement"]
    rating, publisher = statement["rating"], statement["publisher"]
    named = publisher["name"] or publisher["site"] or ""
    values = (row["stance"], rating["normalized"], rating["alternate_name"], named, statement["url"])
    if not all(isinstance(each, str) for each in values) or isinstance(row["confidence"], bool):
        raise TypeError
    confidence = float(row["confidence"])
    if not 0 <= confidence <= 1:
        raise ValueError
    return Match(confidence, *values)
