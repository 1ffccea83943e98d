"""Clients of the benchmarks: what they send, one after another or many at once, and what they saw."""

from __future__ import annotations

import http.client
import json
import random
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any
from urllib.parse import urlsplit

from index.starter import starter_reviews

JSON = {"Content-Type": "application/json"}
REFUSED = (429, 503)
LEADS = (
    "According to neighbours,",
    "Someone in the group wrote:",
    "Am Montag hieß es:",
    "Angeblich gilt:",
    "I heard that",
)


@dataclass
class Tally:
    """What clients saw: seconds of each reply by status, and errors."""

    seconds: dict[int, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    without_retry: int = 0

    def add(self, other: Tally) -> None:
        """Take in what another client saw."""
        for status, seconds in other.seconds.items():
            self.seconds.setdefault(status, []).extend(seconds)
        self.errors += other.errors
        self.without_retry += other.without_retry

    def show(self, name: str) -> None:
        """Print it."""
        accepted = [each for status, seconds in self.seconds.items() if status < 300 for each in seconds]
        refused = [each for status in REFUSED for each in self.seconds.get(status, [])]
        others = {status: len(each) for status, each in self.seconds.items() if status >= 300 and status not in REFUSED}
        counts = {status: len(each) for status, each in sorted(self.seconds.items())}
        print(f"{name}: accepted {describe(accepted)}; refused {describe(refused)}; replies {counts}")
        if others or self.errors or self.without_retry:
            print(f"  NOT AS PROMISED: {others} {self.errors[:3]} without Retry-After: {self.without_retry}")


def describe(seconds: list[float]) -> str:
    """How many, the middle, the 99th percentile and the longest of some times."""
    if not seconds:
        return "0"
    ordered = sorted(1000 * each for each in seconds)
    p99 = ordered[int(0.99 * (len(ordered) - 1))]
    return f"{len(ordered)} (p50 {statistics.median(ordered):.0f}, p99 {p99:.0f}, longest {ordered[-1]:.0f} ms)"


def read_claims() -> list[str]:
    """The claims of the starter statements."""
    return [json.loads(line)["claimReviewed"] for line in starter_reviews().splitlines() if line.strip()]


def make_match(claims: list[str], chance: random.Random) -> dict[str, Any]:
    """One to three posts, nobody's the same as another's."""
    return {"texts": [make_sentence(claims, chance) for _ in range(chance.randint(1, 3))]}


def make_check(claims: list[str], chance: random.Random) -> dict[str, Any]:
    """A text of 8 to 20 sentences."""
    return {"text": " ".join(make_sentence(claims, chance) for _ in range(chance.randint(8, 20))), "wait": 10}


def make_sentence(claims: list[str], chance: random.Random) -> str:
    """A claim as somebody may put it, with a number of its own."""
    return f"{chance.choice(LEADS)} {chance.choice(claims).rstrip('.')} ({chance.randint(2, 10**6):,})."


def send_for(base: str, route: str, make: Callable[..., Any], seed: int, seconds: float, rude: bool) -> Tally:
    """One client: the next call as soon as the one before is answered; a refused one waits as it was told."""
    tally, chance, claims = Tally(), random.Random(seed), read_claims()  # noqa: S311
    end = time.monotonic() + seconds
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
    while time.monotonic() < end:
        body = json.dumps(make(claims, chance))
        started = time.perf_counter()
        try:
            connection.request("POST", route, body, JSON)
            reply = connection.getresponse()
            reply.read()
        except OSError as error:
            tally.errors.append(repr(error))
            connection.close()
            continue
        tally.seconds.setdefault(reply.status, []).append(time.perf_counter() - started)
        if reply.status in REFUSED:
            wait = reply.getheader("Retry-After")
            tally.without_retry += wait is None
            if not rude:
                time.sleep(min(float(wait or 1), max(end - time.monotonic(), 0)) * chance.uniform(1, 1.5))
    connection.close()
    return tally


def send_crowd(base: str, route: str, make: Callable[..., Any], clients: int, seconds: float, rude: bool) -> Tally:
    """Many clients at once."""
    tally, lock = Tally(), threading.Lock()

    def run(seed: int) -> None:
        found = send_for(base, route, make, seed, seconds, rude)
        with lock:
            tally.add(found)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def in_process(work: Callable[..., Any], *arguments: Any) -> Any:
    """The result of some work in a process of its own, so that clients do not slow each other down."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)
