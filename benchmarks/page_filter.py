"""The filter of pages with a verdict at 100,000 pages: its size, the time to build it, and pages found by mistake.

Run: python -m benchmarks.page_filter [--pages 100000]   (the extension's look-up time is in benchmarks.highlight)
"""

from __future__ import annotations

import argparse
import json
import resource
import secrets
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from index.statements import StatementStore
from service.models import VerdictCode
from service.store.database import open_tables
from service.store.page_filter import CODES, PageFilter, filter_address, places
from service.store.tables import checks

RESULT_BYTES = 8_000  # about what a check of a news page keeps


def fill(engine: sa.Engine, pages: int) -> None:
    """As many finished checks as pages, each of another address, three in four with a verdict that the filter names."""
    codes = [*CODES, VerdictCode.NOT_ENOUGH_EVIDENCE]
    now = datetime.now(UTC)
    with engine.begin() as connection:
        for start in range(0, pages, 2000):
            connection.execute(sa.insert(checks), [row(number, codes, now) for number in range(start, start + 2000)])


def row(number: int, codes: list[VerdictCode], now: datetime) -> dict[str, object]:
    """One finished check of a page."""
    url = f"https://zeitung-{number % 977}.example/artikel/{number}.html"
    result = {
        "final_url": url,
        "verdict": {"code": codes[number % len(codes)].value, "confidence": 0.9},
        "article": {"text": "x" * RESULT_BYTES},
    }
    return {
        "id": f"c{number}", "owner": "", "kind": "url", "url": url, "digest": secrets.token_hex(32), "page": "p",
        "state": "finished", "created_at": now, "finished_at": now + timedelta(milliseconds=number),
        "result": json.dumps(result),
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100_000)
    pages = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as folder:
        store = StatementStore.open(f"sqlite:///{folder}/benchmark.db")
        open_tables(store.engine)
        fill(store.engine, pages)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        content = PageFilter(store.engine, Path(folder) / "filter.key").current()
        took = time.perf_counter() - started
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        store.close()
    head = json.loads(content[: content.index(b"\n")])
    bits = content[content.index(b"\n") + 65 :]
    tried = 50_000
    mistaken = sum(known(bits, f"https://other.example/{number}") for number in range(tried))
    print(
        f"{pages} checks, {head['entries']} entries: {len(content):,} bytes ({len(content) / head['entries']:.2f} each)"
    )
    print(f"for 100,000 entries: {100_000 * len(content) / head['entries'] / 1000:.0f} kB")
    print(f"built in {took:.1f} s, memory grown by {grown} MB")
    print(f"found by mistake: {mistaken / tried:.3%} of {tried} addresses (stated {head['false_positives']:.3%})")


def known(bits: bytes, url: str) -> bool:
    """Whether the filter names any verdict for an address."""
    return any(
        all(
            bits[place >> 3] >> (place & 7) & 1
            for place in places(f"{code.value}\n{filter_address(url)}", 8 * len(bits))
        )
        for code in CODES
    )


if __name__ == "__main__":
    main()
