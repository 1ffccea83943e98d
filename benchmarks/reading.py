"""What reading in a process of its own costs a page: in this process and in the pool by turns, on real pages.

Run: python -m benchmarks.reading [DATA] [--pages N] [--rounds N]   (DATA: the folder with extraction/full_text;
GEGENCHECK_BENCHMARK_DATA or ../shared/data by default; skipped, visibly, where it is absent)
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import time
from pathlib import Path

import psutil

from service.config import Settings
from service.models import Page
from service.pipeline.article import extract_article
from service.pipeline.reader import DirectReader, ProcessReader, Reader
from service.pipeline.sentences import sentence_bounds


def read_pages(folder: Path, count: int) -> list[Page]:
    """Real pages as a site would send them, taken evenly."""
    rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    chosen = rows[:: max(len(rows) // count, 1)][:count]
    return [
        Page(None, row["url"], gzip.decompress((folder / row["html_file"]).read_bytes()), "text/html", fetched=False)
        for row in chosen
    ]


def seconds_of(reader: Reader, page: Page) -> tuple[float, int]:
    """How long the two steps of a page take, and how many sentences came of it."""
    started = time.perf_counter()
    article = reader.read(extract_article, page)
    bounds = reader.read(sentence_bounds, article.text, article.language)
    return time.perf_counter() - started, len(bounds) // 2


def measure(pages: list[Page], rounds: int) -> None:
    """Print medians of each way, and of their difference page by page."""
    pool, direct = ProcessReader(Settings()), DirectReader()
    started = time.perf_counter()
    pool.read(os.getpid)
    print(f"first process, libraries included: {time.perf_counter() - started:.2f} s")
    for page in pages[:3]:
        seconds_of(direct, page), seconds_of(pool, page)
    here: list[float] = []
    there: list[float] = []
    for number in range(rounds):
        for place, page in enumerate(pages):
            ways: list[tuple[Reader, list[float]]] = [(direct, here), (pool, there)]
            for reader, times in ways if (number + place) % 2 else ways[::-1]:
                times.append(seconds_of(reader, page)[0])
    # The fastest of a page's rounds: what else the machine does only ever adds.
    count = len(pages)
    fastest = [[min(times[place::count]) * 1000 for place in range(count)] for times in (here, there)]
    added = sorted(after - before for before, after in zip(*fastest, strict=True))
    print(f"{count} pages, {rounds} rounds, {os.cpu_count()} cores")
    print(f"in this process: {statistics.median(fastest[0]):.1f} ms a page (median), {max(fastest[0]):.0f} at most")
    print(f"in the pool:     {statistics.median(fastest[1]):.1f} ms a page (median), {max(fastest[1]):.0f} at most")
    print(f"added:           {statistics.median(added):.1f} ms a page (median), {added[int(0.95 * count)]:.1f} (p95)")
    print(
        f"all measurements, medians: {statistics.median(here) * 1000:.1f} and {statistics.median(there) * 1000:.1f} ms"
    )
    print_memory(pool)
    pool.close()


def print_memory(pool: ProcessReader) -> None:
    """The memory of the reading processes and the server that forks them, shared pages counted once."""
    own = psutil.Process(pool.read(os.getpid))
    family = [
        process for process in psutil.Process().children(recursive=True) if process.ppid() in (os.getpid(), own.ppid())
    ]
    for process in family:
        held = process.memory_full_info()
        shares = f"{held.pss / 1e6:.0f} its share, {held.uss / 1e6:.0f} its own"
        print(f"process {process.pid}: {held.rss / 1e6:.0f} MB resident, {shares}")
    print(f"together {sum(process.memory_full_info().pss for process in family) / 1e6:.0f} MB")


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser()
    options.add_argument("data", nargs="?", default=os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    options.add_argument("--pages", type=int, default=60)
    options.add_argument("--rounds", type=int, default=7)
    given = options.parse_args()
    folder = Path(given.data) / "extraction" / "full_text"
    if not folder.is_dir():
        print("skipped: there is no measuring data (name its folder)")
        return
    measure(read_pages(folder, given.pages), given.rounds)


if __name__ == "__main__":
    main()
