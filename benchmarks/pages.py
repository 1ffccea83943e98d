"""Real pages through the whole service: failures, verdicts, time a stage, the same again, eight clients, memory.

Starts the service on a data folder, serves the measuring data's pages from loopback and checks every one over HTTP.
Run: python -m benchmarks.pages --data-dir DIR [--pages 600] [DATA]   (skipped, visibly, where the data is absent)
"""

from __future__ import annotations

import argparse
import gzip
import http.server
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any


def read_pages(data: Path) -> list[bytes]:
    """The HTML of every page in both folders."""
    pages = []
    for folder in (data / "extraction" / "full_text", data / "extraction" / "segments"):
        for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
            with gzip.open(folder / json.loads(line)["html_file"], "rb") as page:
                pages.append(page.read())
    return pages


def serve_pages(pages: list[bytes]) -> int:
    """Serve page N at /N on loopback; returns the port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages[int(self.path.strip("/"))]
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_service(data_dir: str, site: int) -> tuple[subprocess.Popen[bytes], str, float]:
    """The service, its address, and the seconds until it was ready."""
    port = free_port()
    environment = {**os.environ, "GEGENCHECK_DATA_DIR": data_dir, "GEGENCHECK_FETCH_HOSTS": f"127.0.0.1:{site}"}
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", str(port)]
    started = time.perf_counter()
    service = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    while time.perf_counter() - started < 600:
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=5):
                return service, base, time.perf_counter() - started
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    service.kill()
    raise SystemExit("The service did not become ready.")


def check(base: str, body: dict[str, Any]) -> tuple[float, dict[str, Any]]:
    """Seconds of one POST /v1/checks, and the finished or failed check."""
    data = json.dumps({"wait": 30, **body}).encode()
    request = urllib.request.Request(f"{base}/v1/checks", data, {"Content-Type": "application/json"})
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as reply:
        found: dict[str, Any] = json.load(reply)
    while found["state"] in ("queued", "running"):
        with urllib.request.urlopen(f"{base}/v1/checks/{found['id']}", timeout=60) as reply:
            found = json.load(reply)
        time.sleep(0.05)
    return time.perf_counter() - started, found


def shown(name: str, seconds: list[float]) -> None:
    """Print the middle, the 95th percentile and the longest of some times."""
    ordered = sorted(seconds)
    if ordered:
        p95 = ordered[int(0.95 * (len(ordered) - 1))]
        print(f"{name}: p50 {1000 * statistics.median(ordered):.0f} ms, p95 {1000 * p95:.0f} ms, longest "
              f"{1000 * ordered[-1]:.0f} ms ({len(ordered)})", flush=True)  # fmt: skip


def resident(pid: int) -> float:
    """Resident memory of a process, in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(base: str, pid: int, site: int, count: int) -> None:
    """Every page once, a part again, and eight clients against one."""
    seconds: list[float] = []
    thousand: list[float] = []
    stages: dict[str, list[float]] = {}
    problems: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    for number in range(count):
        took, found = check(base, {"url": f"http://127.0.0.1:{site}/{number}"})
        seconds.append(took)
        for stage, value in (found.get("times") or {}).items():
            stages.setdefault(stage, []).append(value)
        problem = found["problem"]
        problems[f"{problem['stage']}: {problem['code']}" if problem else "none"] += 1
        verdicts[found["verdict"]["code"] if found["verdict"] else "failed"] += 1
        if found["sentences"] and 35 <= found["sentences"] <= 65:  # about a thousand words
            thousand.append(took)
    shown("a page, from URL to verdict", seconds)
    shown("a page of 35-65 sentences", thousand)
    for stage, values in stages.items():
        shown(f"  stage {stage}", values)
    print(f"problems {dict(problems)}\nverdicts {dict(verdicts)}\nresident {resident(pid):.0f} MB", flush=True)
    shown("the same again", [check(base, {"url": f"http://127.0.0.1:{site}/{n}"})[0] for n in range(min(count, 100))])
    some = [{"url": f"http://127.0.0.1:{site}/{n}", "fresh": True} for n in range(min(count, 64))]
    started = time.perf_counter()
    for body in some:
        check(base, body)
    alone = len(some) / (time.perf_counter() - started)
    started = time.perf_counter()
    with ThreadPoolExecutor(8) as clients:
        states = Counter(found["state"] for _, found in clients.map(lambda body: check(base, body), some))
    together = len(some) / (time.perf_counter() - started)
    print(f"one client {alone:.2f} pages/s, eight clients {together:.2f} pages/s, {dict(states)}", flush=True)
    print(f"resident at the end {resident(pid):.0f} MB, {os.cpu_count()} cores", flush=True)


def main() -> None:
    """Start, measure, stop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", required=True, help="a data folder with statements and an index")
    parser.add_argument("--pages", type=int, default=10_000, help="only so many pages")
    parser.add_argument("data", nargs="?", default=os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    options = parser.parse_args()
    if not (Path(options.data) / "extraction").is_dir():
        print("skipped: there is no measuring data (name its folder)")
        return
    pages = read_pages(Path(options.data))
    site = serve_pages(pages)
    service, base, ready = start_service(options.data_dir, site)
    print(f"ready {ready:.1f} s after start, resident {resident(service.pid):.0f} MB", flush=True)
    try:
        measure(base, service.pid, site, min(options.pages, len(pages)))
    finally:
        service.terminate()
        service.wait(30)


if __name__ == "__main__":
    main()
