"""Marks on real pages: how many of the claims that the service reads are found again in the page, how, and how fast.

Opens real pages in Chromium without their scripts, takes the sentences that the service would check, and looks for them
with the extension's own code. Run: python -m benchmarks.highlight [PAGES] [DATA]  (skipped, visibly, where the data is
absent)
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from service.models import Claim
from service.pipeline.article import extract_article, with_headline
from service.pipeline.claims import select_claims
from service.pipeline.fetch import supplied_page
from service.pipeline.sentences import split_sentences

ANCHOR = Path(__file__).parents[1] / "extension" / "content" / "anchor.js"
AROUND = 40  # letters of context, as the extension keeps them
MAX_CLAIMS = 20
SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.I | re.S)

IN_PAGE = """(wanted) => {
    const started = performance.now();
    const found = gegencheckAnchor(wanted, document.body);
    return {by: found.map((each) => each.by), took: performance.now() - started};
}"""
LONG_PAGE = """() => {
    const words = Array.from({length: 700}, (_, n) => 'word' + n.toString(36));
    let seed = 7;
    const next = () => words[(seed = (seed * 48271) % 2147483647) % words.length];
    const sentences = Array.from({length: 334}, () => Array.from({length: 15}, next).join(' ') + '.');
    const shown = sentences.map((text) => Object.assign(document.createElement('p'), {textContent: text}));
    document.body.replaceChildren(...shown);
    return sentences.filter((_, n) => n % 17 === 0).slice(0, 20).map((text) => ({text}));
}"""


def real_pages(data: Path, count: int) -> Iterator[tuple[str, str]]:
    """Address and HTML of every so-manieth page of both folders."""
    rows = []
    for name in ("full_text", "segments"):
        folder = data / "extraction" / name
        rows += [
            (folder, json.loads(line)) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
        ]
    for folder, row in rows[:: max(len(rows) // count, 1)][:count]:
        with gzip.open(folder / row["html_file"], "rb") as page:
            yield row["url"], page.read().decode("utf-8", "replace")


def wanted_on(html: str, url: str) -> list[dict[str, str]]:
    """The claims of a page as the extension is told of them."""
    article = with_headline(extract_article(supplied_page(html, url)))
    claims: list[Claim] = [claim for claim in select_claims(article, split_sentences(article)) if claim.is_claim]
    text = article.text
    return [
        {
            "text": claim.sentence.text,
            "before": text[max(claim.sentence.start - AROUND, 0) : claim.sentence.start],
            "after": text[claim.sentence.end : claim.sentence.end + AROUND],
        }
        for claim in claims[:MAX_CLAIMS]
    ]


def look(page: Page, html: str, wanted: list[dict[str, str]]) -> dict[str, Any]:
    """How each claim was found, and the milliseconds for all."""
    # What a stored page's scripts would fetch is gone: run without it, some wipe the page.
    page.set_content(SCRIPT.sub("", html), wait_until="commit")
    page.wait_for_function("document.body !== null")
    page.evaluate(ANCHOR.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(IN_PAGE, wanted)
    return found


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    data = Path(sys.argv[2] if len(sys.argv) > 2 else os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    if not (data / "extraction").is_dir():
        print("skipped: there is no measuring data (name its folder)")
        return
    ways: Counter[str] = Counter()
    times, worst = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**/*", lambda route: route.abort())
        for url, html in real_pages(data, count):
            wanted = wanted_on(html, url)
            if not wanted:
                continue
            found = look(page, html, wanted)
            ways.update(found["by"])
            times.append(found["took"])
            missed = found["by"].count("none")
            if missed:
                worst.append((missed, len(wanted), url[:80]))
        page.set_content("<body></body>")
        page.evaluate(ANCHOR.read_text(encoding="utf-8"))
        long_page = page.evaluate(LONG_PAGE)
        long_times = [page.evaluate(IN_PAGE, long_page)["took"] for _ in range(20)]
        browser.close()
    total = sum(ways.values())
    print(f"{len(times)} pages, {total} claims: anchored {1 - ways['none'] / total:.4f} ({dict(ways)})")
    print(f"a page: p50 {statistics.median(times):.1f} ms, longest {max(times):.1f} ms, {os.cpu_count()} cores")
    print(f"20 claims in 5,000 words: p50 {statistics.median(long_times):.1f} ms, longest {max(long_times):.1f} ms")
    for missed, asked, url in sorted(worst, reverse=True)[:10]:
        print(f"  missed {missed} of {asked}: {url}")


if __name__ == "__main__":
    main()
