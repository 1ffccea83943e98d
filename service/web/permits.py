"""The permit of a body: before the server reads one, the door says whether it may come, and how long it may be."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from service.errors import ServiceBusy, TooManyRequests

PROBES = ("/healthz", "/readyz")  # answered by threads of their own, whatever else is asked
PERMIT = "gegencheck.permit"  # its place in a WSGI environment
RETRY_SECONDS = 2
SLOW_BYTES_PER_SECOND = 100_000  # a body that comes no faster loses its place to a newcomer when all are taken


class Body(Protocol):
    """A body on its way in."""

    def pace(self) -> float | None:
        """Bytes a second so far; None where it is too early to tell, or all of it has come."""

    def turn_away(self) -> None:
        """Read no more of it and say why."""


class Permit:
    """What the door says to a header whose body has not come yet.

    While `asking`, the header alone is judged: status 100 lets the body come, of at most `limit` bytes; any other reply
    refuses it. What is held for the body is let go of when the request ends, however that is.
    """

    def __init__(self, body: Body | None = None) -> None:
        self.asking, self.limit, self.body = True, 0, body
        self._lock = threading.Lock()
        self._release: Callable[[], None] | None = None
        self._closed = False

    @property
    def holds(self) -> bool:
        """Whether something is held for this body."""
        return self._release is not None

    def hold(self, release: Callable[[], None]) -> None:
        """Hold what `release` lets go of; at once where the request has ended already."""
        with self._lock:
            if not self._closed:
                self._release = release
                return
        release()

    def close(self) -> None:
        """Let go of what is held; once."""
        with self._lock:
            self._closed = True
            release, self._release = self._release, None
        if release is not None:
            release()


@dataclass(eq=False, frozen=True, slots=True)
class Taken:
    """A place that somebody has, and the body that it is for."""

    owner: str
    body: Body | None

    def pace(self) -> float:
        """Bytes a second at which its body comes; without end where there is nothing to wait for."""
        pace = None if self.body is None else self.body.pace()
        return math.inf if pace is None else pace

    def turn_away(self) -> None:
        """Let its body not come any further."""
        if self.body is not None:
            self.body.turn_away()


class Places:
    """A number of places, of which each key has some at most. Nobody waits for one.

    Whoever sends slowly keeps a place only as long as nobody else wants it: or a few callers who drip would shut all
    others out.
    """

    def __init__(self, total: int, each: int, what: str) -> None:
        self.total, self.each, self.what = max(total, 1), max(each, 1), what
        self._lock = threading.Lock()
        self._taken: set[Taken] = set()

    def take(self, owner: str, body: Body | None = None) -> Callable[[], None]:
        """A place; what is returned gives it back, also twice. Raises TooManyRequests, ServiceBusy."""
        place = Taken(owner, body)
        turned_away = None
        with self._lock:
            own = [each for each in self._taken if each.owner == owner]
            if len(own) >= self.each:
                full = TooManyRequests(
                    f"This key has {self.each} {self.what} under way: wait for one to end.", RETRY_SECONDS
                )
                turned_away = self._free_slowest(own, full)
            elif len(self._taken) >= self.total:
                busy = ServiceBusy(f"There are {self.total} {self.what} under way: try again soon.", RETRY_SECONDS)
                turned_away = self._free_slowest(self._taken, busy)
            self._taken.add(place)
        if turned_away is not None:
            turned_away.turn_away()  # without the lock, for it asks for others
        return lambda: self._give(place)

    @contextmanager
    def place(self, owner: str) -> Iterator[None]:
        """A place for a while. Raises TooManyRequests, ServiceBusy."""
        give = self.take(owner)
        try:
            yield
        finally:
            give()

    def _free_slowest(self, places: Iterable[Taken], fault: Exception) -> Taken:
        """Take the place of the body that comes slowest of these. Raises `fault` where none is slow."""
        pace, slowest = min(((each.pace(), each) for each in places), key=lambda found: found[0])
        if pace >= SLOW_BYTES_PER_SECOND:
            raise fault
        self._taken.discard(slowest)
        return slowest

    def _give(self, place: Taken) -> None:
        with self._lock:
            self._taken.discard(place)
