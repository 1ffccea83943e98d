"""Which workers have fallen silent, told by their heartbeats alone: no clock of theirs or ours can be wrong about that.

A worker counts up the beats of the jobs that it holds. Whoever sees the same count for `LEASE_SECONDS` of their own
steady time takes that worker for dead. Setting the time of day neither ends a lease nor makes one longer.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass

LEASE_SECONDS = 15  # a worker that stops beating is taken for dead after this
LOOK_SECONDS = LEASE_SECONDS / 5


@dataclass(frozen=True, slots=True)
class Lease:
    """A job in somebody's hands, as it was seen."""

    number: int
    attempts: int
    beats: int


class SilenceWatch:
    """Remembers since when each lease has looked the same. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: dict[Lease, float] = {}
        self._look_at = 0.0

    def is_due(self, steady: float) -> bool:
        """Whether it is time to look again; says so once."""
        with self._lock:
            if steady < self._look_at:
                return False
            self._look_at = steady + LOOK_SECONDS
            return True

    def look(self, steady: float, leases: Iterable[Lease]) -> list[Lease]:
        """Those of the leases as they are now that have been silent for too long."""
        with self._lock:
            self._since = {lease: self._since.get(lease, steady) for lease in leases}
            return [lease for lease, since in self._since.items() if steady - since >= LEASE_SECONDS]
