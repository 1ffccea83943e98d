"""Pairings under way: a browser extension asks for a key, a person compares a short code and allows it (as RFC 8628).

All of it lives in the memory of the process that serves: an unknown caller writes nothing into the database, and a
restart voids what is pending. The code is for people and opens nothing by itself; the id that the extension polls with
is 256 random bits, kept as a digest. A key is made only when it is fetched, so no secret waits anywhere.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from service.errors import KeyReused, NotFound, TooManyRequests
from service.store.idempotency import REUSED, IdempotencyKey
from service.store.keys import secret_digest

LIFE_SECONDS = 600  # long enough to walk over to the tab and compare
INTERVAL_SECONDS = 2  # between two questions whether it is allowed
LEAST_INTERVAL_SECONDS = 1  # clients and networks are not punctual
MAX_PENDING = 20  # of all together
MAX_PENDING_EACH = 3  # of one extension; its oldest gives way
MAX_WRONG = 10  # codes that nobody was given, within the life of one
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words; none that looks like another
CODE_LETTERS = 8  # 20 ** 8 codes: ten tries at twenty pending ones hit with a chance of 1 : 128,000,000
GONE = "This pairing has expired, was refused, or was used already: begin again."


class Decision(StrEnum):
    """What a person said about a pairing."""

    PENDING = "pending"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Pairing:
    """A browser extension that asks for a key."""

    code: str
    name: str
    origin: str
    ends: float  # by the steady clock
    decision: Decision = Decision.PENDING
    asked: float = float("-inf")  # when it was last asked about
    request: str = ""  # digest of what was sent with its Idempotency-Key


class Pairings:
    """The pairings of one process. Times go by the steady clock, so setting the clock makes no code live longer."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._pending: dict[str, Pairing] = {}  # by the id's digest, oldest first
        self._wrong: list[float] = []

    def begin(self, name: str, origin: str, key: IdempotencyKey | None = None) -> tuple[str, Pairing]:
        """A new pairing with its id, which is known this one time; while it is pending, `key` gives the same again.

        Raises TooManyRequests, KeyReused.
        """
        id = self._new_id(origin, key)
        with self._lock:
            now = self._forget_ended()
            if key is not None and (known := self._pending.get(secret_digest(id))) is not None:
                if known.request != key.request:
                    raise KeyReused(REUSED)
                return id, known
            own = [digest for digest, each in self._pending.items() if each.origin == origin]
            for digest in own[: max(0, len(own) - MAX_PENDING_EACH + 1)]:
                del self._pending[digest]
            if len(self._pending) >= MAX_PENDING:
                soonest = min(each.ends for each in self._pending.values())
                raise TooManyRequests(
                    "Too many browsers are waiting to be allowed: try again later.", _until(soonest, now)
                )
            taken = {each.code for each in self._pending.values()}
            made = Pairing(
                _new_code(taken), name, origin, now + LIFE_SECONDS, request=key.request if key is not None else ""
            )
            self._pending[secret_digest(id)] = made
        return id, made

    def seconds_left(self, pairing: Pairing) -> float:
        """For how long a pairing is good."""
        return pairing.ends - self._now()

    def find(self, code: str) -> Pairing | None:
        """The pairing of a code that still waits for a decision; for showing it alone."""
        with self._lock:
            self._forget_ended()
            return next((each for each in self._pending.values() if _waits(each, code)), None)

    def decide(self, code: str, allow: bool) -> Pairing:
        """Allow or refuse the pairing of a code, once. Raises NotFound, TooManyRequests after too many wrong codes."""
        with self._lock:
            now = self._forget_ended()
            if len(self._wrong) >= MAX_WRONG:
                raise TooManyRequests(
                    "Too many wrong codes: try again later.", _until(self._wrong[0] + LIFE_SECONDS, now)
                )
            digest = next((digest for digest, each in self._pending.items() if _waits(each, code)), None)
            if digest is None:
                self._wrong.append(now)
                raise NotFound(GONE)
            found = self._pending.pop(digest)
            if allow:
                self._pending[digest] = replace(found, decision=Decision.ALLOWED)
            return found

    def take(self, id: str, origin: str) -> Pairing | None:
        """The pairing of an id where it was allowed, which ends it; None while nobody decided.

        Raises NotFound for any that is over or was begun by another extension, TooManyRequests where it asks too often.
        """
        digest = secret_digest(id)
        with self._lock:
            now = self._forget_ended()
            found = self._pending.get(digest)
            if found is None or found.origin != origin:
                raise NotFound(GONE)
            if now - found.asked < LEAST_INTERVAL_SECONDS:
                raise TooManyRequests(f"Ask every {INTERVAL_SECONDS} seconds.", INTERVAL_SECONDS)
            if found.decision is Decision.ALLOWED:
                return self._pending.pop(digest)
            self._pending[digest] = replace(found, asked=now)
            return None

    def _new_id(self, origin: str, key: IdempotencyKey | None) -> str:
        """An id that nobody can guess; with an Idempotency-Key it is the same each time, though none is kept."""
        if key is None:
            return secrets.token_urlsafe(32)
        sent = f"{origin}\n{key.owner}\n{key.call}\n{key.key}".encode()
        return urlsafe_b64encode(hmac.digest(self._secret, sent, "sha256")).decode().rstrip("=")

    def _forget_ended(self) -> float:
        now = self._now()
        for digest in [digest for digest, each in self._pending.items() if each.ends <= now]:
            del self._pending[digest]
        self._wrong = [at for at in self._wrong if now - at < LIFE_SECONDS]
        return now


def read_code(typed: str) -> str:
    """A code as it was typed or stands in an address, as it is shown: `BCDF-GHJK`; "" for what is none."""
    letters = "".join(letter for letter in typed[:40].upper() if letter not in " -")
    if len(letters) != CODE_LETTERS or not set(letters) <= set(LETTERS):
        return ""
    return f"{letters[:4]}-{letters[4:]}"


def _new_code(taken: set[str]) -> str:
    while True:
        code = read_code("".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS)))
        if code not in taken:
            return code


def _waits(pairing: Pairing, code: str) -> bool:
    return pairing.decision is Decision.PENDING and secrets.compare_digest(pairing.code, code or "-")


def _until(end: float, now: float) -> int:
    return max(1, round(end - now))
