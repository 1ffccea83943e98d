"""How much of everything there may be at once: every thread is promised to somebody, so that no kind of call takes all.

Of the threads half belong to calls that compute or wait for their turn, a quarter to callers who wait for a check, an
eighth to pages being fetched during a call, an eighth to what asks an identity provider; the rest answers everybody
else at once. Probes (/healthz, /readyz) have threads of their own in the server.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TypeVar

from flask import current_app, g, request

from service.config import Settings
from service.web.context import caller
from service.web.hands import Hands
from service.web.permits import PERMIT, Permit, Places
from service.web.together import Call, Together
from service.web.turnstile import Turnstile

Item = TypeVar("Item")
Found = TypeVar("Found")

CROWD = "gegencheck-crowd"
# Beyond either a call is a long one: somebody's tool asks, not a person who waits. Long ones never take all places, and
# give theirs back after each portion. So many characters are a thousand tokens, one batch of the encoder.
MANY_TEXTS = 4
MANY_CHARACTERS = 4000
PORTION_TEXTS = 16
HANDS = 6  # requests at work beside those that compute
UPLOADS, UPLOADS_EACH = 8, 2
BODIES, BODIES_EACH = 32, 16  # larger than a small body, and on their way in or being read
READERS = 2


@dataclass(frozen=True)
class Crowd:
    """What bounds the calls of one application."""

    turnstile: Turnstile
    together: Together
    waiters: threading.BoundedSemaphore
    fetches: Places
    sign_ins: threading.BoundedSemaphore
    uploads: Places
    bodies: Places
    readers: threading.BoundedSemaphore
    hands: Hands

    @classmethod
    def of(cls, settings: Settings) -> Crowd:
        """The bounds that follow from the settings."""
        computing = settings.computing or len(os.sched_getaffinity(0))
        waiting = max(settings.threads // 2 - computing, 1)
        fetches = settings.threads // 8
        return cls(
            Turnstile(computing, waiting, max(waiting // 2, 1), settings.turn_seconds),
            Together(PORTION_TEXTS, MANY_CHARACTERS),
            threading.BoundedSemaphore(max(settings.threads // 4, 1)),
            Places(fetches, fetches // 2, "pages being fetched"),
            threading.BoundedSemaphore(max(fetches, 1)),
            Places(UPLOADS, UPLOADS_EACH, "uploads"),
            Places(BODIES, BODIES_EACH, "large bodies"),
            threading.BoundedSemaphore(READERS),
            Hands(computing + HANDS),
        )


def crowd() -> Crowd:
    """The bounds of the application that the current request is for."""
    found: Crowd = current_app.extensions[CROWD]
    return found


@contextmanager
def computing(texts: int = 1, characters: int = 0) -> Iterator[None]:
    """Wait for a turn to compute, and keep it. Raises ServiceBusy, TooManyRequests."""
    owner = "" if g.caller is None else caller().owner  # of what is public, all that nobody knows share the turns
    with crowd().turnstile.turn(owner, is_long(texts, characters), crowd().hands.resting):
        yield


def is_long(texts: int, characters: int) -> bool:
    """Whether a call asks for more than a person would."""
    return texts > MANY_TEXTS or characters > MANY_CHARACTERS


def in_portions(
    items: Sequence[Item],
    size: Callable[[Item], int],
    compute: Callable[[Sequence[Item]], Sequence[Found]],
    kind: Hashable = None,
) -> list[Found]:
    """What `compute` finds for items of so many characters each, a few at a time, each time in a turn of its own.

    Short calls of one `kind` share a turn: each one's `compute` must do for the items of the others. Raises
    ServiceBusy, TooManyRequests.
    """
    characters, found = sum(map(size, items)), list[Found]()
    if kind is not None and not is_long(len(items), characters):
        call: Call[Item, Found] = Call(items, characters)
        return crowd().together.compute(kind, call, compute, computing, crowd().hands.resting)
    for portion in portions(items, size):
        with computing(len(items), characters):
            found += compute(portion)
    return found


def portions(items: Sequence[Item], size: Callable[[Item], int]) -> Iterator[Sequence[Item]]:
    """The items in their order, as many at a time as one turn is for; at least one."""
    first, characters = 0, 0
    for place, item in enumerate(items):
        full = characters + size(item) > MANY_CHARACTERS or place - first >= PORTION_TEXTS
        if full and place > first:
            yield items[first:place]
            first, characters = place, 0
        characters += size(item)
    if first < len(items):
        yield items[first:]


def uploading() -> AbstractContextManager[None]:
    """A place for an upload, where the server took none when its header came. Raises like `Places.place`."""
    permit: Permit | None = request.environ.get(PERMIT)
    return nullcontext() if permit is not None and permit.holds else crowd().uploads.place(caller().owner)
