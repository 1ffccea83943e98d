"""Passwords: which are good enough, what is kept of one, and whether somebody knows it (argon2id, with its defaults).

A hash takes 64 MB and a tenth of a second or so, and guessing how good a password is takes no less where somebody wants
that: few are looked at at once, and everybody else waits their turn.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from service.account_errors import WeakPassword
from service.errors import FieldProblem, ServiceBusy

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 1000
# Characters of a password that the estimate reads. A choice: its time grows with the square of them, and with each sign
# that may stand for a letter, to 2 seconds for the worst 72 of them and 0.4 for 32; good ones are good before that.
LOOKED_AT = 32
LEAST_SCORE = 3  # of zxcvbn's 0 to 4: more than 100 million guesses
OWN_WORDS = ("gegencheck", "faktencheck", "passwort", "kennwort")
AT_ONCE = 2
WAITING = 6  # beside those; whoever comes beyond is told at once to come again
PATIENCE_SECONDS = 10
NOBODYS = "nobody's password, so that an unknown name takes as long as a wrong password"

_turns = threading.BoundedSemaphore(AT_ONCE)
_line = threading.BoundedSemaphore(AT_ONCE + WAITING)
BUSY = "Too many people are signing in: try again soon."


def check_password(password: str, *about: str) -> None:
    """Raises WeakPassword, ServiceBusy; `about` is what others know of the person, such as their name."""
    from zxcvbn import zxcvbn

    if not LEAST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        raise _weak(f"must have {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters")
    known = [word.lower() for word in (*OWN_WORDS, *about) if word]
    with _turn():
        score = zxcvbn(password[:LOOKED_AT], user_inputs=known)["score"]
    if score < LEAST_SCORE:
        raise _weak("is too easy to guess: take several words that have nothing to do with each other")


def hash_password(password: str) -> str:
    """What is kept of it. Raises ServiceBusy."""
    with _turn():
        return _hasher().hash(_bytes(password))


def is_password(password: str, kept: str | None) -> bool:
    """Whether this is the password that was kept; where there is none, False after as long. Raises ServiceBusy."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    with _turn():
        try:
            return _hasher().verify(kept or _nobodys_hash(), _bytes(password)) and kept is not None
        except (Argon2Error, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether it was kept with less effort than is usual by now."""
    return _hasher().check_needs_rehash(kept)


def _bytes(password: str) -> bytes:
    # Keyboards write an ü as one sign or as two; both are the same password (RFC 8265).
    return unicodedata.normalize("NFC", password[: MOST_CHARACTERS + 1]).encode("utf-8", "surrogatepass")


@contextmanager
def _turn() -> Iterator[None]:
    if not _line.acquire(blocking=False):
        raise ServiceBusy(BUSY)
    try:
        if not _turns.acquire(timeout=PATIENCE_SECONDS):
            raise ServiceBusy(BUSY)
        try:
            yield
        finally:
            _turns.release()
    finally:
        _line.release()


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(NOBODYS)


def _weak(why: str) -> WeakPassword:
    return WeakPassword(f"The password {why}.", (FieldProblem("/password", why),))
