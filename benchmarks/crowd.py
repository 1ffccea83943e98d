"""A crowd at the door: many clients, idle and dripping connections, large bodies; what each gets, and what it costs.

Starts the service with the starter statements, sends everything over loopback and asks for /healthz all the while.
Run: python -m benchmarks.crowd [--seconds 60] [--clients 16 64] [--rude] [--parts match checks connections bodies]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.clients import in_process, make_check, make_match, send_crowd
from benchmarks.pages import start_service
from benchmarks.probes import probed, resident
from index.starter import starter_reviews

SETTLE_SECONDS = 15
IMPORT_SECONDS = 200
PARTS = ("match", "checks", "connections", "bodies")


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
