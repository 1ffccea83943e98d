"""The one-time link that lets a browser on this machine write, and the sessions that it opened.

All of it lives in the memory of the process that serves, as digests: a restart ends every session and voids the link.
A link that was used is followed by a new one, so that further browsers can be let in.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable

from service.store.keys import secret_digest

SESSION_SECONDS = 12 * 3600  # a long working day
MAX_SESSIONS = 16  # the oldest one ends for one more


class Sessions:
    """One token in force at most, and the sessions of the browsers that came with one."""

    def __init__(self, announce: Callable[[str], None], now: Callable[[], float] = time.monotonic) -> None:
        self._announce, self._now = announce, now
        self._lock = threading.Lock()
        self._token: str | None = None
        self._ends: dict[str, float] = {}  # by digest, oldest first

    def offer(self) -> None:
        """Make a token in place of the one before, and announce it: the only time that it is known."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._token = secret_digest(token)
        self._announce(token)

    def open(self, token: str) -> str | None:
        """The secret of a new session for the token in force, which is used up by that; None for any other."""
        with self._lock:
            if self._token is None or not hmac.compare_digest(secret_digest(token), self._token):
                return None
            self._token = None
            self._forget_ended()
            while len(self._ends) >= MAX_SESSIONS:
                del self._ends[next(iter(self._ends))]
            secret = secrets.token_urlsafe(32)
            self._ends[secret_digest(secret)] = self._now() + SESSION_SECONDS
        self.offer()
        return secret

    def holds(self, secret: str) -> bool:
        """Whether this is the secret of a session that has not ended."""
        given = secret_digest(secret)
        with self._lock:
            self._forget_ended()
            # All are compared, also after one that is equal.
            return sum(hmac.compare_digest(given, known) for known in self._ends) > 0

    def _forget_ended(self) -> None:
        now = self._now()
        for digest in [digest for digest, end in self._ends.items() if end <= now]:
            del self._ends[digest]
