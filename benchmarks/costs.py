"""What a page, a text and a match cost: seconds of processor, of the service's processes and of others beside.

Processor time and not the clock, so that a busy machine does not matter much. One client, one call after the other.
Starts the service on a data folder, a new one with the starter statements where none is named; all goes over loopback.
Run: python -m benchmarks.costs [--data-dir DIR] [--calls 60] [--kinds page] [--beside PID …] [DATA]
(--beside: for instance the first process of the PostgreSQL that GEGENCHECK_DATABASE_URL names)
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import statistics
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.clients import make_check, make_match, make_sentence, read_claims
from benchmarks.pages import read_pages, resident, serve_pages, start_service

SEED = 5


@dataclass(frozen=True)
class Cost:
    """Seconds of processor of each call, of ours and of who stands beside."""

    ours: list[float]
    beside: list[float]

    def shown(self) -> str:
        """Mean, 95th percentile, squared coefficient of variation; the mean of who stands beside."""
        mean, ordered = statistics.fmean(self.ours), sorted(self.ours)
        variation = statistics.pvariance(self.ours) / mean**2 if mean else 0
        p95 = ordered[int(0.95 * (len(ordered) - 1))]
        beside = f", beside {1000 * statistics.fmean(self.beside):.1f} ms" if any(self.beside) else ""
        return (
            f"mean {1000 * mean:.0f} ms, p95 {1000 * p95:.0f} ms, squared variation {variation:.2f}{beside} "
            f"({len(ordered)})"
        )


def spent(roots: list[psutil.Process]) -> float:
    """Seconds of processor that processes and all below them took, those that ended too."""
    total = 0.0
    for root in roots:
        for process in [root, *root.children(recursive=True)]:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system + times.children_user + times.children_system
    return total


def post(base: str, path: str, body: Any) -> dict[str, Any]:
    """One call, sent again where it is told to come later."""
    request = urllib.request.Request(f"{base}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    while True:
        try:
            with urllib.request.urlopen(request, timeout=600) as reply:
                found: dict[str, Any] = json.load(reply)
                return found
        except urllib.error.HTTPError as refused:
            if refused.code not in (429, 503):
                raise
            time.sleep(float(refused.headers.get("Retry-After", "1")))


def check(base: str, body: dict[str, Any]) -> None:
    """One check to its end; asked for seldom, since asking costs as well."""
    found = post(base, "/v1/checks", {"wait": 30, **body})
    while found["state"] in ("queued", "running"):
        time.sleep(2)
        with urllib.request.urlopen(f"{base}/v1/checks/{found['id']}", timeout=600) as reply:
            found = json.load(reply)


def measure(calls: int, do: Callable[[], object], ours: list[psutil.Process], beside: list[psutil.Process]) -> Cost:
    """The cost of a call, so many times; what is done beside (deleting, heartbeats) counts as its own."""
    do()  # loads what is loaded when first needed
    own, other = [], []
    for _ in range(calls):
        before, before_beside = spent(ours), spent(beside)
        do()
        own.append(spent(ours) - before)
        other.append(spent(beside) - before_beside)
    return Cost(own, other)


def kinds(base: str, pages: list[bytes], site: int, chance: random.Random) -> dict[str, Callable[[], object]]:
    """What is measured, each as a call."""
    claims, numbers = read_claims(), itertools.cycle(chance.sample(range(len(pages)), len(pages)))

    def one_text(*, rerank: bool) -> object:
        return post(base, "/v1/match", {"texts": [make_sentence(claims, chance)], "rerank": rerank})

    found: dict[str, Callable[[], object]] = {
        "nothing (/healthz)": lambda: urllib.request.urlopen(f"{base}/healthz", timeout=60).close(),
        "a match: one sentence, not reranked": lambda: one_text(rerank=False),
        "a match: one sentence, reranked": lambda: one_text(rerank=True),
        "a match as of the crowd: one to three sentences": lambda: post(base, "/v1/match", make_match(claims, chance)),
        "the same text again, from the store": lambda: check(base, {"text": claims[0]}),
        "a text of 8 to 20 sentences": lambda: check(base, make_check(claims, chance)),
    }
    if pages:
        found["a page, from URL to verdict"] = lambda: check(
            base, {"url": f"http://127.0.0.1:{site}/{next(numbers)}", "fresh": True}
        )
    return found


def main() -> None:
    """Start, measure, stop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", help="a data folder with statements and an index")
    parser.add_argument("--calls", type=int, default=60, help="of each kind")
    parser.add_argument("--kinds", default="", help="only those with this in their name")
    parser.add_argument("--beside", type=int, nargs="*", default=[], help="processes whose time is told beside")
    parser.add_argument("data", nargs="?", default=os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    options = parser.parse_args()
    pages = read_pages(Path(options.data)) if (Path(options.data) / "extraction").is_dir() else []
    site = serve_pages(pages)
    with tempfile.TemporaryDirectory() as new:
        service, base, _ = start_service(options.data_dir or new, site)
        ours, beside = [psutil.Process(service.pid)], [psutil.Process(pid) for pid in options.beside]
        try:
            print(f"load {os.getloadavg()[0]:.0f}, ready after {spent(ours):.1f} s of processor", flush=True)
            chance = random.Random(SEED)  # noqa: S311
            for name, do in kinds(base, pages, site, chance).items():
                if options.kinds not in name:
                    continue
                print(f"{name}: {measure(options.calls, do, ours, beside).shown()}", flush=True)
            print(f"resident {resident(service.pid):.0f} MB", flush=True)
        finally:
            service.terminate()
            service.wait(60)


if __name__ == "__main__":
    main()
