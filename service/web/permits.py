"""The permit of a body: before the server reads one, the door says whether it may come, and how long it may be."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.errors import ServiceBusy, TooManyRequests

PERMIT = "gegencheck.permit"  # its place in a WSGI environment
RETRY_SECONDS = 2


class Permit:
    """What the door says to a header whose body has not come yet.

    While `asking`, the header alone is judged: status 100 lets the body come, of at most `limit` bytes; any other reply
    refuses it. What is held for the body is let go of when the request ends, however that is.
    """

    def __init__(self) -> None:
        self.asking, self.limit = True, 0
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


class Places:
    """A number of places, of which each key has some at most. Nobody waits for one."""

    def __init__(self, total: int, each: int, what: str) -> None:
        self.total, self.each, self.what = max(total, 1), max(each, 1), what
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def take(self, owner: str) -> Callable[[], None]:
        """A place; what is returned gives it back. Raises TooManyRequests, ServiceBusy."""
        with self._lock:
            if self._taken[owner] >= self.each:
                raise TooManyRequests(f"This key has {self.each} {self.what} under way: wait for one.", RETRY_SECONDS)
            if self._taken.total() >= self.total:
                raise ServiceBusy(f"There are {self.total} {self.what} under way: try again soon.", RETRY_SECONDS)
            self._taken[owner] += 1
        return lambda: self._give(owner)

    @contextmanager
    def place(self, owner: str) -> Iterator[None]:
        """A place for a while. Raises TooManyRequests, ServiceBusy."""
        give = self.take(owner)
        try:
            yield
        finally:
            give()

    def _give(self, owner: str) -> None:
        with self._lock:
            self._taken[owner] -= 1
            if not self._taken[owner]:
                del self._taken[owner]  # or every key that ever called would stay
