"""A bell inside one process: whoever changes something rings it, whoever waits for a change wakes at once.

Other processes do not hear it, so a waiter also looks again by itself after `POLL_SECONDS`.
"""

from __future__ import annotations

import threading

POLL_SECONDS = 0.5


class Bell:
    """Counts its rings, so that a ring between looking and waiting is not missed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rings = 0

    @property
    def rings(self) -> int:
        """How often it rang; read this before looking, and pass it to `wait`."""
        return self._rings

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def wait(self, rings: int, seconds: float = POLL_SECONDS) -> None:
        """Wait until it has rung more often than `rings`, or `seconds` have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != rings, timeout=max(seconds, 0))
