"""A bell inside one process: whoever changes something rings it, whoever waits for that change wakes at once.

Workers hear of what is queued, callers of the one thing that they wait for: woken by every ring, many callers would
all look at once whenever anything happens. A `Notifier` carries a ring to other processes, where everybody wakes. Where
none can, a waiter looks again by itself after `POLL_SECONDS`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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
        self._listening: dict[str, list[threading.Event]] = {}

    @property
    def rings(self) -> int:
        """How often it rang for workers; read this before looking, and pass it to `wait`."""
        return self._rings

    def ring(self) -> None:
        """Something may have been queued: wake all workers, in other processes everybody."""
        self._wake_workers()
        self._notifier.notify()

    def ring_for(self, subject: str) -> None:
        """Something has ended or is gone: wake whoever listens for it, in other processes everybody."""
        with self._changed:
            self._hear(self._listening.get(subject, ()))
        self._notifier.notify()

    def wake(self) -> None:
        """Wake everybody who waits in this process: another one has rung."""
        self._wake_workers()
        with self._changed:
            for events in self._listening.values():
                self._hear(events)

    def wait(self, rings: int, seconds: float = POLL_SECONDS) -> None:
        """Wait until it has rung for workers more often than `rings`, or `seconds` have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != rings, timeout=max(seconds, 0))

    @contextmanager
    def listening(self, subject: str) -> Iterator[threading.Event]:
        """What is set whenever it rings for `subject`: clear it, look, then wait for it."""
        heard = threading.Event()
        with self._changed:
            self._listening.setdefault(subject, []).append(heard)
        try:
            yield heard
        finally:
            with self._changed:
                others = self._listening[subject]
                others.remove(heard)
                if not others:
                    del self._listening[subject]

    def _wake_workers(self) -> None:
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    @staticmethod
    def _hear(events: Iterable[threading.Event]) -> None:
        for heard in events:
            heard.set()
