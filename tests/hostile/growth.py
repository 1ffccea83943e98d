"""How the time of something grows with its input: a ratio of two times of one run, so that no machine is too slow."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

MAX_RATIO = 3.0  # a doubled input may take this many times as long: linear work takes 2, quadratic work 4
NOTICEABLE = 0.004  # seconds of CPU from which two times can be compared
COMPARABLE = (
    0.0003  # seconds that are compared with STEP times the input: far from STEP * STEP times as long is harmless
)
STEP = 8
LONG = 0.08  # seconds: what grows too fast up to here is not a small constant that ends
CAP = 1.5  # seconds of CPU after which a run is broken off: exponential work would never end
ROUNDS = 3  # measurements, of which the smallest counts

Work = Callable[[Any], object]
Build = Callable[[int], Any]


@dataclass(frozen=True)
class Growth:
    """An input on which something takes too long when it doubles."""

    size: int
    ratio: float


class BrokenOff(BaseException):
    """A run took more than CAP; no Exception, so that what is measured cannot swallow it."""


def too_fast(work: Work, build: Build, most: int = 1 << 14, first: int = 32) -> Growth | None:
    """The growth of `work(build(size))` where it more than triples for a doubled size; None where it is harmless.

    Sizes rise from `first` until a run is noticeable; what is not at `most` is never looked at again.
    """
    size, took, before = first, cpu_time(work, build(first)), 0.0
    while took < NOTICEABLE and size < most:
        size, before = size * STEP, took
        took = cpu_time(work, build(size))
    if before >= COMPARABLE and took <= before * STEP * 1.5:
        return None
    while took >= NOTICEABLE:
        ratio, doubled = compare(work, build, size)
        if ratio <= MAX_RATIO:
            return None
        if doubled >= LONG:
            return Growth(size, ratio)
        size *= 2
        took = doubled
    return None


def too_fast_code(work: Work, build: Build, size: int = 1024) -> Growth | None:
    """The same for code that does more than one thing: over three doublings, for its steady part hides the rest."""
    single, large = build(size), build(size * STEP)
    once = twice = float("inf")
    for _ in range(ROUNDS):
        once, twice = min(once, cpu_time(work, single)), min(twice, cpu_time(work, large))
        a_doubling = (twice / max(once, 1e-6)) ** (1 / 3)
        if twice < NOTICEABLE or a_doubling <= MAX_RATIO:
            return None
        if twice >= CAP:
            break
    return Growth(size * STEP, a_doubling)


def compare(work: Work, build: Build, size: int) -> tuple[float, float]:
    """How many times longer the doubled input takes, and how long; noise only lengthens, so the least counts."""
    single, double = build(size), build(2 * size)
    once = twice = float("inf")
    for _ in range(ROUNDS):
        once = min(once, cpu_time(work, single))
        if once >= CAP:
            return float("inf"), once
        twice = min(twice, cpu_time(work, double))
        if twice <= MAX_RATIO * once or twice >= CAP:
            break
    return (float("inf") if twice >= CAP else twice / max(once, 1e-9)), twice


def cpu_time(work: Work, value: Any) -> float:
    """Seconds of CPU of this thread for one run, CAP where it was broken off. (The clock of the process grows coarse
    while a timer runs.)
    """
    before = signal.signal(signal.SIGVTALRM, _break_off)
    signal.setitimer(signal.ITIMER_VIRTUAL, CAP)
    started = time.thread_time()
    try:
        work(value)
    except BrokenOff:
        return CAP
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.thread_time() - started


def _break_off(_number: int, _frame: FrameType | None) -> None:
    raise BrokenOff
