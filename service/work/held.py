"""The jobs in this process's hands: how long each has taken, and whether it is still wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from service.models import Stage
from service.store.jobs import Job, Lane


class Unwanted(Exception):
    """The job was deleted, given up, or taken by somebody else: whatever comes of it is stored nowhere."""


@dataclass(eq=False)
class Place:
    """One of the worker's threads, by what it runs in which lanes. It ends once it was `left` to what never ends."""

    name: str
    loop: Callable[[Place], None]
    lanes: tuple[Lane, ...] = tuple(Lane)
    left: threading.Event = field(default_factory=threading.Event)


@dataclass(eq=False)
class Work:
    """One job in the hands of one thread, begun at a steady time and to be done within a limit."""

    job: Job
    began: float
    limit_seconds: float
    place: Place | None = None
    stage: Stage | None = None
    _unwanted: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Let whoever works on it stop at the next chance."""
        self._unwanted.set()

    def go_on(self) -> None:
        """Called by whoever works on it, between steps. Raises Unwanted."""
        if self._unwanted.is_set():
            raise Unwanted

    def note_stage(self, stage: Stage) -> None:
        """Hear that it has come so far. Raises Unwanted."""
        self.go_on()
        self.stage = stage

    def is_overdue(self, steady: float) -> bool:
        """Whether it has taken longer than any sensible time."""
        return steady - self.began > self.limit_seconds
