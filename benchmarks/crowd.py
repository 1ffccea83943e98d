"""A crowd at the door: many clients, idle and dripping connections, large bodies; what each gets, and what it costs.

Starts the service with the starter statements, sends everything over loopback and asks for /healthz all the while.
Run: python -m benchmarks.crowd [--seconds 60] [--clients 16 64] [--rude] [--parts match checks connections bodies]
"""

from __future__ import annotations

import argparse
import http.client
import http.server
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from benchmarks.pages import start_service
from index.starter import starter_reviews

JSON = {"Content-Type": "application/json"}
REFUSED = (429, 503)
PROBE_SECONDS = 0.05
SETTLE_SECONDS = 15
IMPORT_SECONDS = 200
PARTS = ("match", "checks", "connections", "bodies")
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


# ---------------------------------------------------------------- texts


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


# ---------------------------------------------------------------- clients


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


# ---------------------------------------------------------------- probes


def probe(base: str, stop: Any, results: Any) -> None:
    """Ask for /healthz again and again, on a new connection each time, until told to stop."""
    seconds = []
    while not stop.is_set():
        started = time.perf_counter()
        connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
        try:
            connection.request("GET", "/healthz")
            good = connection.getresponse().status == 200
        except OSError:
            good = False
        connection.close()
        seconds.append(time.perf_counter() - started if good else 30.0)
        time.sleep(PROBE_SECONDS)
    results.put(seconds)


def answer_ok(port: Any) -> None:
    """A server that does nothing but answer: what probes of it take is what the machine takes."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    port.put(server.server_port)
    server.serve_forever()


@contextmanager
def probed(base: str) -> Iterator[None]:
    """Probe the service meanwhile, and beside it a server that does nothing; print how long the probes took."""
    context = get_context("spawn")
    stop, port = context.Event(), context.Queue()
    idle = context.Process(target=answer_ok, args=(port,), daemon=True)
    idle.start()
    names = {"/healthz meanwhile": base, "a server that does nothing": f"http://127.0.0.1:{port.get(timeout=60)}"}
    probing = []
    for address in names.values():
        results = context.Queue()
        process = context.Process(target=probe, args=(address, stop, results), daemon=True)
        process.start()
        probing.append((process, results))
    try:
        yield
    finally:
        stop.set()
        for name, (process, results) in zip(names, probing, strict=True):
            seconds = results.get(timeout=60)
            process.join()
            late = sum(each > 0.1 for each in seconds)
            print(f"  {name}: {describe(seconds)}; over 100 ms: {late}", flush=True)
        idle.kill()


def resident(service: subprocess.Popen[bytes]) -> float:
    """Resident memory of the service and its helpers, in MB."""
    process = psutil.Process(service.pid)
    return sum(each.memory_info().rss for each in (process, *process.children(recursive=True))) / 1e6


# ---------------------------------------------------------------- connections and bodies


def open_many(base: str, count: int) -> list[socket.socket]:
    """Connections that say nothing."""
    address = (urlsplit(base).hostname, urlsplit(base).port)
    return [socket.create_connection(address, timeout=10) for _ in range(count)]


def drip(connections: list[socket.socket], stop: threading.Event) -> None:
    """Send a byte of a header on each, every two seconds."""
    for byte in b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"x" * 10_000:
        for each in connections:
            with suppress(OSError):
                each.send(bytes([byte]))
        if stop.wait(2):
            return


def measure_connections(base: str, seconds: float, count: int) -> None:
    """A normal client beside idle connections, then beside dripping ones."""
    for name in ("idle", "dripping"):
        stop = threading.Event()
        with probed(base):
            connections = open_many(base, count)
            dripping = threading.Thread(target=drip, args=(connections if name == "dripping" else [], stop))
            dripping.start()
            in_process(send_crowd, base, "/v1/match", make_match, 1, seconds, False).show(
                f"{count} {name} connections, one client on /v1/match"
            )
            stop.set()
            dripping.join()
        left = sum(is_open(each) for each in connections)
        print(f"  of them still open: {left}")
        for each in connections:
            each.close()


def is_open(connection: socket.socket) -> bool:
    """Whether the other side has not closed it."""
    connection.settimeout(0.001)
    try:
        return connection.recv(65536) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def wait_for_imports(base: str, places: list[str], key: str) -> None:
    """Wait until imports have ended."""
    for place in filter(None, places):
        for _ in range(IMPORT_SECONDS):
            asked = urllib.request.Request(base + place, headers={"Authorization": f"Bearer {key}"})
            with urllib.request.urlopen(asked, timeout=60) as reply:
                if json.load(reply)["finished_at"]:
                    break
            time.sleep(1)


def post_large(base: str, route: str, kind: str, size: int, key: str) -> tuple[str, str]:
    """The status (or the error) of one large body, and the address of the import that it made."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=120)
    review = json.loads(starter_reviews().splitlines()[0])
    line = json.dumps({**review, "claimReviewed": f"Nothing like this was said {random.random()}."})  # noqa: S311
    if kind == "application/x-ndjson":
        body = ((line + "\n") * (size // (len(line) + 1) + 1)).encode()[:size]
    elif kind == "application/ld+json":
        body = ("[" + ",".join([line] * (size // (len(line) + 1))) + "]").encode()
    else:
        body = json.dumps({"text": "x" * (size - 20)}).encode()
    try:
        connection.request("POST", route, body, {"Content-Type": kind, "Authorization": f"Bearer {key}"})
        reply = connection.getresponse()
        place = reply.getheader("Location", "") if "import" in route else ""
    except OSError as error:
        return type(error).__name__, ""
    return str(reply.status), place


def create_key(data_dir: str) -> str:
    """A key that may import; from then on every call needs one."""
    command = [sys.executable, "-c", "from service.cli import main; main()", "keys", "create", "crowd", "--json"]
    scopes = [part for scope in ("check", "read", "write") for part in ("--scope", scope)]
    environment = {**os.environ, "GEGENCHECK_DATA_DIR": data_dir}
    told = subprocess.run([*command, *scopes], env=environment, check=True, capture_output=True)
    return str(json.loads(told.stdout)["secret"])


def measure_bodies(base: str, service: subprocess.Popen[bytes], key: str) -> None:
    """Three bodies of 39 MB at once: the most memory over that before."""
    for route, kind in (
        ("/v1/checks", "application/json"),
        ("/v1/statements/import", "application/x-ndjson"),
        ("/v1/statements/import", "application/ld+json"),
    ):
        before, most, stop = resident(service), [0.0], threading.Event()

        def watch(most: list[float] = most, stop: threading.Event = stop) -> None:
            while not stop.wait(0.02):
                most[0] = max(most[0], resident(service))

        watching = threading.Thread(target=watch)
        watching.start()
        with probed(base), get_context("spawn").Pool(3) as pool:
            replies = pool.starmap(post_large, [(base, route, kind, 39_000_000, key)] * 3)
            wait_for_imports(base, [place for _, place in replies], key)
        stop.set()
        watching.join()
        statuses = [status for status, _ in replies]
        print(f"three bodies of 39 MB to {route} as {kind}: replies {statuses}, at most {most[0] - before:+.0f} MB")


def measure_calls(base: str, service: subprocess.Popen[bytes], part: str, asked: argparse.Namespace) -> None:
    """The crowd on one call, and the memory afterwards."""
    route, make = {"match": ("/v1/match", make_match), "checks": ("/v1/checks", make_check)}[part]
    in_process(send_crowd, base, route, make, 8, 10, asked.rude)  # what grows once has grown
    for clients in asked.clients:
        before = resident(service)
        with probed(base):
            tally = in_process(send_crowd, base, route, make, clients, asked.seconds, asked.rude)
            tally.show(f"{clients} clients on {route}, {asked.seconds:.0f} s")
        time.sleep(SETTLE_SECONDS)
        after = resident(service)
        print(
            f"  memory: {before:.0f} MB before, {after:.0f} MB after ({100 * (after / before - 1):+.1f} %)", flush=True
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--rude", action="store_true", help="refused clients come again at once")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--data-dir", help="a data folder to serve; without: a new one, the model prepared for it")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{len(os.sched_getaffinity(0))} cores; load before: {load:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        data_dir = asked.data_dir or str(Path(folder) / "data")
        service, base, _ = start_service(data_dir, 0)
        try:
            for part in sorted(asked.parts, key=PARTS.index):  # bodies last: they need a key, as every call does then
                if part == "connections":
                    measure_connections(base, asked.seconds, asked.connections)
                elif part == "bodies":
                    measure_bodies(base, service, create_key(data_dir))
                else:
                    measure_calls(base, service, part, asked)
        finally:
            service.terminate()
            service.wait()


if __name__ == "__main__":
    main()
