"""Mixed calls of eight clients for half an hour: what is answered, and whether memory stays flat.

Starts the service with the starter statements and a key, and calls it over loopback. Each client sends its next call as
soon as the one before is answered, and waits as long as a refusal says. Memory is that of the service and all its
helpers, what they share counted once (PSS). Exit status 1: an error other than 429 and 503, or memory that grew by 5 %
or more after the warm-up.
Run: python -m benchmarks.load [--minutes 30] [--clients 8] [--warm-up 5] [--seed 1]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil

from benchmarks.clients import LEADS, REFUSED, describe, read_claims
from benchmarks.pages import start_service

MOST_GROWTH = 0.05
SAMPLE_SECONDS = 2.0
WINDOW = 0.2  # of the samples after the warm-up: the first and the last of them are compared
LONGEST_WAIT_SECONDS = 10.0
KEPT = 200  # ids of checks that a client remembers; older ones it forgets, and now and then deletes one


@dataclass
class Seen:
    """What one client saw: seconds of each reply by call and status, and errors."""

    seconds: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    without_retry: int = 0


class Client:
    """One client with its connection, its chance and the checks that it made."""

    def __init__(self, base: str, key: str, seed: int) -> None:
        self.seen, self.checks = Seen(), list[str]()
        self.chance, self.claims = random.Random(seed), read_claims()  # noqa: S311
        self._host = urlsplit(base).netloc
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._connection = http.client.HTTPConnection(self._host, timeout=60)

    def run(self, end: float) -> None:
        """One call after another until then."""
        names, weights = zip(*((each, weight) for each, weight in CALLS), strict=True)
        while time.monotonic() < end:
            (call,) = self.chance.choices(names, weights)
            call(self)
        self._connection.close()

    def send(self, name: str, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer; None where it was refused, failed, or has none."""
        started = time.perf_counter()
        try:
            content = json.dumps(body) if body is not None else None
            self._connection.request(method, path, content, self._headers)
            reply = self._connection.getresponse()
            told = reply.read()
        except (OSError, http.client.HTTPException) as error:
            self.seen.errors.append(f"{name}: {error!r}")
            self._connection.close()
            return None
        self.seen.seconds.setdefault((name, reply.status), []).append(time.perf_counter() - started)
        if reply.status in REFUSED:
            wait = reply.getheader("Retry-After")
            self.seen.without_retry += wait is None
            time.sleep(min(float(wait or 1), LONGEST_WAIT_SECONDS))
            return None
        return json.loads(told) if reply.status < 300 and told else None

    def sentence(self) -> str:
        """A claim as somebody may put it, with a number of its own, or a sentence that no statement is about."""
        if self.chance.random() < 0.3:
            return f"Our neighbours at number {self.chance.randint(2, 10**6):,} have bought a green bicycle."
        lead, claim = self.chance.choice(LEADS), self.chance.choice(self.claims)
        return f"{lead} {claim.rstrip('.')} ({self.chance.randint(2, 10**6):,})."

    def text(self, least: int, most: int) -> str:
        """So many sentences."""
        return " ".join(self.sentence() for _ in range(self.chance.randint(least, most)))


# ---------------------------------------------------------------- calls


def match(client: Client) -> None:
    """One to three posts."""
    texts = [client.sentence() for _ in range(client.chance.randint(1, 3))]
    client.send("match", "POST", "/v1/match", {"texts": texts, "stance": client.chance.random() < 0.5})


def check(client: Client) -> None:
    """A text of 4 to 20 sentences."""
    body = {"text": client.text(4, 20), "wait": 10, "reference": f"r{client.chance.randint(1, 50)}"}
    made = client.send("check", "POST", "/v1/checks", body)
    if made:
        client.checks = [*client.checks[-KEPT:], made["id"]]


def look(client: Client) -> None:
    """A check that was made before, or the list of them."""
    if client.checks and client.chance.random() < 0.5:
        client.send("look", "GET", f"/v1/checks/{client.chance.choice(client.checks)}?include=text")
    else:
        client.send("list", "GET", "/v1/checks?limit=20")


def search(client: Client) -> None:
    """Statements with a word."""
    word = max(client.chance.choice(client.claims).split(), key=len)
    client.send("search", "GET", f"/v1/statements?{urlencode({'query': word, 'limit': 20})}")


def read(client: Client) -> None:
    """The sentences of a text, or the stance of a pair."""
    if client.chance.random() < 0.5:
        client.send("claims", "POST", "/v1/claims", {"text": client.text(3, 8)})
    else:
        pair = {"claim": client.sentence(), "statement": client.chance.choice(client.claims)}
        client.send("stance", "POST", "/v1/stance", {"pairs": [pair]})


def batch(client: Client) -> None:
    """Five short texts, and how far they are."""
    made = client.send("batch", "POST", "/v1/batches", {"items": [{"text": client.text(1, 3)} for _ in range(5)]})
    if made:
        client.send("batch items", "GET", f"/v1/batches/{made['id']}/items?limit=5")


def change(client: Client) -> None:
    """A statement that is added and taken away, so that the index changes."""
    rating = {"alternate_name": "False"}
    url = f"https://load.example/{client.chance.randint(1, 10**9)}"
    statement = {"claim_reviewed": client.sentence(), "url": url, "rating": rating}
    made = client.send("add statement", "POST", "/v1/statements", statement)
    if made:
        client.send("delete statement", "DELETE", f"/v1/statements/{made['id']}")


def judge(client: Client) -> None:
    """Feedback, replay, or a check that is deleted."""
    if not client.checks:
        return
    chosen = client.chance.choice(client.checks)
    what = client.chance.random()
    if what < 0.4:
        client.send("feedback", "POST", f"/v1/checks/{chosen}/feedback", {"kind": "other", "comment": "load"})
    elif what < 0.7:
        client.send("replay", "POST", "/v1/replay", {"min_confidence": 0.9, "limit": 20})
    elif what < 0.8:
        client.send("replay newest", "POST", "/v1/replay", {"index": "newest", "limit": 2})
    else:
        client.send("delete check", "DELETE", f"/v1/checks/{chosen}")
        client.checks = [each for each in client.checks if each != chosen]


Call = Callable[[Client], None]
CALLS: tuple[tuple[Call, int], ...] = (
    (match, 40), (check, 20), (look, 15), (search, 8), (read, 8), (batch, 3), (judge, 4), (change, 2),
)  # fmt: skip


# ---------------------------------------------------------------- memory


def memory_of(pid: int) -> float:
    """Memory of a process and all its helpers in MB, what they share counted once."""
    total = 0.0
    for each in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
        try:
            total += each.memory_full_info().pss
        except psutil.NoSuchProcess:  # a helper that has just ended
            continue
    return total / 1e6


def sample(pid: int, stop: threading.Event) -> list[tuple[float, float]]:
    """Memory again and again until told to stop: seconds since the beginning, and MB."""
    began, samples = time.monotonic(), []
    while not stop.wait(SAMPLE_SECONDS):
        samples.append((time.monotonic() - began, memory_of(pid)))
    return samples


def growth(samples: Sequence[tuple[float, float]], warm_up: float) -> tuple[float, float, float]:
    """Mean MB of the first and of the last part after the warm-up, and by which share the last is more."""
    warm = [megabytes for second, megabytes in samples if second >= warm_up]
    some = max(1, round(WINDOW * len(warm)))
    first, last = statistics.fmean(warm[:some]), statistics.fmean(warm[-some:])
    return first, last, last / first - 1


# ---------------------------------------------------------------- the run


def make_key(data_dir: str) -> str:
    """A key of the installation in this folder that may check, read and write."""
    scopes = [part for scope in ("check", "read", "write") for part in ("--scope", scope)]
    command = [
        sys.executable,
        "-c",
        "from service.cli import main; main()",
        "keys",
        "create",
        "load",
        *scopes,
        "--json",
    ]
    environment = {**os.environ, "GEGENCHECK_DATA_DIR": data_dir}
    made = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    secret: str = json.loads(made.stdout)["secret"]
    return secret


def run_clients(
    base: str, key: str, pid: int, asked: argparse.Namespace
) -> tuple[list[Seen], list[tuple[float, float]]]:
    """All clients for as long as asked, with the memory meanwhile."""
    stop, samples = threading.Event(), list[tuple[float, float]]()
    sampling = threading.Thread(target=lambda: samples.extend(sample(pid, stop)))
    sampling.start()
    end = time.monotonic() + 60 * asked.minutes
    clients = [Client(base, key, asked.seed + number) for number in range(asked.clients)]
    threads = [threading.Thread(target=client.run, args=(end,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    sampling.join()
    return [client.seen for client in clients], samples


def show(seen: Sequence[Seen]) -> int:
    """Print what was answered; how many errors there were other than refusals."""
    by_call: dict[str, dict[int, list[float]]] = {}
    for each in seen:
        for (name, status), seconds in each.seconds.items():
            by_call.setdefault(name, {}).setdefault(status, []).extend(seconds)
    wrong = sum(len(each.errors) for each in seen)
    for name, replies in sorted(by_call.items()):
        good = [second for status, seconds in replies.items() if status < 300 for second in seconds]
        others = {status: len(seconds) for status, seconds in sorted(replies.items()) if status >= 300}
        wrong += sum(count for status, count in others.items() if status not in REFUSED)
        print(f"  {name}: {describe(good)}{f'; refused or failed {others}' if others else ''}")
    for error in [error for each in seen for error in each.errors][:5]:
        print(f"  NOT AS PROMISED: {error}")
    without_retry = sum(each.without_retry for each in seen)
    calls = sum(len(seconds) for replies in by_call.values() for seconds in replies.values())
    print(f"  calls: {calls}; errors other than 429 and 503: {wrong}; refusals without Retry-After: {without_retry}")
    return wrong + without_retry


def main() -> int:
    """Run it, and say whether it went as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--warm-up", type=float, default=5, help="minutes that do not count for memory")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.warm_up >= asked.minutes:
        parser.error("--warm-up must end before the run does.")
    with tempfile.TemporaryDirectory() as folder:
        service, base, _ = start_service(folder, 0)
        try:
            load_before = os.getloadavg()[0]
            seen, samples = run_clients(base, make_key(folder), service.pid, asked)
            alive = service.poll() is None
        finally:
            service.terminate()
            service.wait(60)
    print(f"{asked.clients} clients, {asked.minutes:g} minutes, {os.cpu_count()} cores, load before {load_before:.1f}")
    wrong = show(seen)
    first, last, more = growth(samples, 60 * asked.warm_up)
    most = max(megabytes for _, megabytes in samples)
    print(
        f"  memory after {asked.warm_up:g} minutes of warm-up: {first:.0f} MB, at the end {last:.0f} MB "
        f"({100 * more:+.1f} %), at most {most:.0f} MB"
    )
    return int(bool(wrong) or not alive or more >= MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
