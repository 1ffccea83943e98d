"""Probes of the benchmarks: how soon a service answers while something else goes on, and the memory that it takes."""

from __future__ import annotations

import http.client
import http.server
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any
from urllib.parse import urlsplit

import psutil

from benchmarks.clients import describe

PROBE_SECONDS = 0.05


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
    return float(sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))) / 1e6
