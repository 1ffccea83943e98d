"""The filter of pages with a verdict, at 100,000 pages: bytes, time to make and to look up, and false positives.

Looked up as a browser does, in the extension's own code, by real Chromium; verified with the same signature.
Run: python -m benchmarks.page_filter [PAGES]
"""

from __future__ import annotations

import base64
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from index.store.database import open_engine
from service.models import VerdictCode
from service.store.database import open_tables
from service.store.page_filter import PageFilter, build_bits
from service.store.secrets import SecretStore

EXTENSION = Path(__file__).parents[1] / "extension"
LOOKUPS = 2000

# Reads the filter, then looks up pages that are in it and pages that are not; times in milliseconds.
IN_BROWSER = """async ({code, content, known, unknown}) => {
    const url = URL.createObjectURL(new Blob([code], {type: "text/javascript"}));
    const {readFilter, lookUp} = await import(url);
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    let started = performance.now();
    const filter = await readFilter(bytes, "");
    const read = performance.now() - started;
    let found = 0, mistaken = 0;
    started = performance.now();
    for (const page of known) found += (await lookUp(filter, page)) !== "";
    const hit = (performance.now() - started) / known.length;
    started = performance.now();
    for (const page of unknown) mistaken += (await lookUp(filter, page)) !== "";
    return {read, hit, miss: (performance.now() - started) / unknown.length, found, mistaken};
}"""


def address(number: int) -> str:
    """The address of a made-up page."""
    return f"https://news{number % 997}.example/2026/11/story-{number}?id={number * 7919}"


def make(pages: int) -> tuple[bytes, float]:
    """A signed filter over so many pages, and the seconds it took."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/checks.db")
        open_tables(engine)
        signer = PageFilter(engine, SecretStore(engine), Path(folder) / "filter.key")
        started = time.perf_counter()
        bits = build_bits(((VerdictCode.REFUTED, address(number)) for number in range(pages)), pages)
        return signer.sign(bits, pages, pages), time.perf_counter() - started


def look_up(content: bytes, pages: int) -> dict[str, Any]:
    """What the extension's code says in a browser."""
    from playwright.sync_api import sync_playwright

    code = (EXTENSION / "filter" / "reading.js").read_text(encoding="utf-8")
    asked = {
        "code": code,
        "content": base64.b64encode(content).decode(),
        "known": [address(number) for number in range(0, pages, max(pages // LOOKUPS, 1))],
        "unknown": [address(number) for number in range(pages, pages + LOOKUPS)],
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((EXTENSION / "popup" / "popup.html").as_uri())
        found: dict[str, Any] = page.evaluate(IN_BROWSER, asked)
        found["asked"] = len(asked["known"])
        browser.close()
    return found


def main() -> None:
    """Print the figures."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    content, seconds = make(pages)
    found = look_up(content, pages)
    print(f"{pages:,} pages: {len(content) / 1000:.0f} kB, made in {seconds:.1f} s, {os.cpu_count()} cores")
    print(f"in Chromium: read and verified in {found['read']:.1f} ms; looked up in {found['hit']:.3f} ms (in it) "
          f"and {found['miss']:.3f} ms (not in it)")  # fmt: skip
    print(f"found {found['found']} of {found['asked']}; mistaken for known {found['mistaken']} of {LOOKUPS}")


if __name__ == "__main__":
    main()
