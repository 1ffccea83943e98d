"""How long /v1/match takes for one caller, and what sixteen get through together: short texts and posts, read or not.

Starts the service on a data folder and calls it over loopback with real posts. A throughput is measured in turns, one
client and sixteen, for a machine is not as fast at one time as at another.
Run: python -m benchmarks.latency --data-dir DIR [--calls 100] [--seconds 20] [--turns 3] [DATA]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.clients import describe, in_process, send_crowd
from benchmarks.costs import post
from benchmarks.pages import resident, start_service

SHORT_WORDS, CLIENTS, SEED = 40, 16, 7


def read_texts(data: Path) -> tuple[list[str], list[str]]:
    """Posts and tweets of at most SHORT_WORDS words, and all posts."""
    files = [data / "matching" / f"{name}.queries.jsonl" for name in ("de_posts", "en_tweets")]
    posts, tweets = ([json.loads(line)["query"] for line in file.read_text("utf-8").splitlines()] for file in files)
    return [text for text in (*posts, *tweets) if len(text.split()) <= SHORT_WORDS], posts


def make_call(texts: list[str], rerank: bool, _claims: list[str], chance: random.Random) -> dict[str, Any]:
    """One text that nobody sent before."""
    return {"texts": [f"{chance.choice(texts)} {chance.randint(1, 10**6)}"], "rerank": rerank}


def time_alone(base: str, texts: list[str], rerank: bool, calls: int) -> list[float]:
    """Seconds of each call of one caller; two more come first."""
    chance, seconds = random.Random(SEED), []  # noqa: S311
    for text in [*chance.sample(texts, 2), *chance.sample(texts, min(calls, len(texts)))]:
        started = time.perf_counter()
        post(base, "/v1/match", {"texts": [text], "rerank": rerank})
        seconds.append(time.perf_counter() - started)
    return seconds[2:]


def throughput(base: str, texts: list[str], rerank: bool, seconds: float, turns: int) -> str:
    """Texts a second of one client and of sixteen, in turns."""
    make = partial(make_call, texts, rerank)
    rates: dict[int, list[float]] = {1: [], CLIENTS: []}
    for _ in range(turns):
        for clients, found in rates.items():
            tally = in_process(send_crowd, base, "/v1/match", make, clients, seconds, False)
            found.append(len(tally.seconds.get(200, [])) / seconds)
    one, many = (statistics.median(found) for found in rates.values())
    return f"{one:.1f} and {many:.1f} texts a second: {many / one:.2f} times (each turn: {rates})"


def main() -> None:
    """Start, measure, stop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", required=True, help="a data folder with statements and an index")
    parser.add_argument("--calls", type=int, default=100, help="of each kind")
    parser.add_argument("--seconds", type=float, default=20, help="of each turn")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("data", nargs="?", default=os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    options = parser.parse_args()
    short, posts = read_texts(Path(options.data))
    service, base, _ = start_service(options.data_dir, 0)
    try:
        print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores", flush=True)
        for name, texts in ((f"one text of at most {SHORT_WORDS} words", short), ("one post", posts)):
            for rerank in (False, True):
                found = describe(time_alone(base, texts, rerank, options.calls))
                print(f"{name}, {'reranked' if rerank else 'not reranked'}: {found}", flush=True)
        for rerank in (False, True):
            found = throughput(base, short, rerank, options.seconds, options.turns)
            print(f"one client and {CLIENTS}, {'reranked' if rerank else 'not reranked'}: {found}", flush=True)
        print(f"resident {resident(service.pid):.0f} MB", flush=True)
    finally:
        service.terminate()
        service.wait(60)


if __name__ == "__main__":
    main()
