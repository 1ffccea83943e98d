"""How many requests run at once: threads that wait are many, those that work are few.

The interpreter lets one thread run at a time, so with fifty at work each gets a turn after forty-nine others, and a
health probe as well. Whoever waits for something (a turn, a check, a page) lets another work meanwhile: `resting`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from service.web.permits import PROBES

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Hands:
    """A number of hands, shared by all requests of one application but probes."""

    def __init__(self, count: int) -> None:
        self._free = threading.Semaphore(count)
        self._own = threading.local()

    def around(self, app: WSGI) -> WSGI:
        """An application of which so many requests run at once; others wait until one ends or rests."""

        def bounded(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            if environ.get("PATH_INFO") in PROBES:
                return app(environ, start_response)
            with self._free:
                self._own.busy = True
                try:
                    return app(environ, start_response)
                finally:
                    self._own.busy = False

        return bounded

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Let another request run while this one waits for something."""
        if not getattr(self._own, "busy", False):  # no request's thread, or one that rests already
            yield
            return
        self._own.busy = False
        self._free.release()
        try:
            yield
        finally:
            self._free.acquire()
            self._own.busy = True
