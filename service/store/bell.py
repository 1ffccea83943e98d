"""A bell inside one process: whoever changes something rings it, whoever waits for a change wakes at once.

A `Notifier` carries a ring to other processes. Where none can, a waiter looks again by itself after `POLL_SECONDS`.
"""

from __future__ import annotations

import threading
from typing import Protocol

POLL_SECONDS = 0.5


class Notifier(Protocol):
    """Tells other processes."""

    def notify(self) -> None:
        """Let them hear that something has changed. It never fails: whoever hears nothing looks by themselves."""


class NobodyElse:
    """For a database without a way to tell: other processes look by themselves."""

    def notify(self) -> None:
        """Tell nobody."""


class Bell:
    """Counts its rings, so that a ring between looking and waiting is not missed."""

    def __init__(self, notifier: Notifier | None = None) -> None:
        self._notifier = notifier or NobodyElse()
        self._changed = threading.Condition()
        self._rings = 0

    @property
    def rings(self) -> int:
        """How often it rang; read this before looking, and pass it to `wait`."""
        return self._rings

    def ring(self) -> None:
        """Wake everybody who waits, in other processes too."""
        self.wake()
        self._notifier.notify()

    def wake(self) -> None:
        """Wake everybody who waits in this process: another one has rung."""
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def wait(self, rings: int, seconds: float = POLL_SECONDS) -> None:
        """Wait until it has rung more often than `rings`, or `seconds` have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != rings, timeout=max(seconds, 0))
