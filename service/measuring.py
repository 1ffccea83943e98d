"""How long the stages of checks took in this process, and where checks failed: nothing but counts."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate

from service.models import CheckResult, Stage

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Of one stage: how often it took at most each of BOUNDS, how often it ran at all, and how long in all."""

    within: tuple[int, ...]
    times: int
    seconds: float


class StageMeasures:
    """Counts since the process began; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = {stage: [0] * (len(BOUNDS) + 1) for stage in Stage}
        self._seconds = dict.fromkeys(Stage, 0.0)
        self._failed: Counter[tuple[Stage, str]] = Counter()

    def note(self, result: CheckResult) -> None:
        """Count the stages of a check that was done here."""
        with self._lock:
            for each in result.times:
                self._counts[each.stage][bisect_left(BOUNDS, each.seconds)] += 1
                self._seconds[each.stage] += each.seconds
            if result.problem is not None:
                self._failed[result.problem.stage, result.problem.code] += 1

    def stages(self) -> dict[Stage, StageTimes]:
        """What was counted of each stage."""
        with self._lock:
            return {
                stage: StageTimes(tuple(accumulate(counts))[:-1], sum(counts), self._seconds[stage])
                for stage, counts in self._counts.items()
            }

    def failed(self) -> dict[tuple[Stage, str], int]:
        """How many checks failed, by the stage and the code of the problem."""
        with self._lock:
            return dict(self._failed)
