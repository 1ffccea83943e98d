"""Marks on real pages: how many of the claims that the service reads are found again in the page, how, and how fast.

Opens real pages in Chromium without their scripts, takes the sentences that the service would check, and looks for them
with the extension's own code. Then lets the content scripts do all their work in each page, and counts for how long
they keep it busy. Run: python -m benchmarks.highlight [PAGES] [DATA]  (skipped, visibly, where the data is absent)
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

from service.models import ScoredSentence
from service.pipeline.article import extract_article, with_headline
from service.pipeline.claims import select_claims
from service.pipeline.fetch import supplied_page
from service.pipeline.sentences import split_sentences

CONTENT = Path(__file__).parents[1] / "extension" / "content"
ANCHOR = CONTENT / "anchor.js"
SCRIPTS = ("anchor.js", "card.js", "marks.js")  # in the order in which the popup puts them in
STYLES = ("marks.css",)
BUSY_MS = 50  # what browsers call a long task
AROUND = 40  # letters of context, as the extension keeps them
MAX_CLAIMS = 20
SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.I | re.S)

IN_PAGE = """(wanted) => {
    const started = performance.now();
    const found = gegencheckAnchor(wanted, document.body);
    return {by: found.map((each) => each.by), took: performance.now() - started};
}"""
# Times what the scripts do in their timers and observers, then puts them in, marks, and draws the page anew once.
BUSY = """async ([scripts, marks]) => {
    const stretches = [];
    const timed = (act) => (...given) => {
        const started = performance.now();
        try { return act(...given) } finally { stretches.push(performance.now() - started) }
    };
    const {setTimeout: later, MutationObserver: Watcher} = window;
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => later(resolve, 0)));
    const longTasks = [];
    const note = (entries) => longTasks.push(...entries.map((each) => each.duration));
    const observer = new PerformanceObserver((list) => note(list.getEntries()));
    observer.observe({type: 'longtask'});
    await frame();
    await frame();
    window.setTimeout = (act, wait) => later(timed(act), wait);
    window.MutationObserver = class extends Watcher { constructor(act) { super(timed(act)) } };
    const order = {marks, words: {}, language: 'en'};
    timed(() => scripts.forEach((script) => (0, eval)(script)))();
    timed(() => gegencheckMarks.mark(order))();
    await frame();
    const beginning = stretches.splice(0);
    note(observer.takeRecords());
    const ownTasks = longTasks.splice(0); // those of the re-render are the page's as well
    document.body.replaceChildren(...[...document.body.childNodes].map((each) => each.cloneNode(true)));
    await new Promise((resolve) => later(resolve, 900)); // the marks come back once the page has rested for 400 ms
    await frame();
    const again = stretches.splice(0);
    const marked = [...CSS.highlights.values()].reduce((sum, each) => sum + each.size, 0);
    window.setTimeout = later;
    window.MutationObserver = Watcher;
    gegencheckMarks.clear();
    observer.disconnect();
    return {beginning, again, longTasks: ownTasks, marked};
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
    claims: list[ScoredSentence] = [
        claim for claim in select_claims(article, split_sentences(article)) if claim.is_claim
    ]
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


def keep_busy(page: Page, wanted: list[dict[str, str]]) -> dict[str, Any]:
    """The milliseconds of each stretch that the content scripts keep the page in view from doing anything else."""
    for name in STYLES:
        page.add_style_tag(content=(CONTENT / name).read_text(encoding="utf-8"))
    scripts = [(CONTENT / name).read_text(encoding="utf-8") for name in SCRIPTS]
    marks = [
        {**each, "state": "refuted", "headline": "", "statement": "", "rating": "", "link": None} for each in wanted
    ]
    found: dict[str, Any] = page.evaluate(BUSY, [scripts, marks])
    return found


def print_busy(rows: list[dict[str, Any]]) -> None:
    """Median and most over all pages, and how many go over the bar."""
    shown = {"put in and mark": "beginning", "mark anew after a re-render": "again"}
    for title, name in shown.items():
        sums = [sum(row[name]) for row in rows]
        print(f"{title}: {statistics.median(sums):.1f} ms (median), {max(sums):.1f} ms (most) a page")
    longest = [max(row["beginning"] + row["again"]) for row in rows]
    over = sum(each > BUSY_MS for each in longest)
    seen = sum(len(row["longTasks"]) for row in rows)
    print(f"longest stretch at once: {statistics.median(longest):.1f} ms (median), {max(longest):.1f} ms (most)")
    print(f"over {BUSY_MS} ms: {over} of {len(rows)}; long tasks that the browser saw while they began: {seen}")
    print(f"marks that stand again after the re-render: {sum(row['marked'] for row in rows)}")


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    data = Path(sys.argv[2] if len(sys.argv) > 2 else os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    if not (data / "extraction").is_dir():
        print("skipped: there is no measuring data (name its folder)")
        return
    ways: Counter[str] = Counter()
    times, worst, busy = [], [], []
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
            busy.append(keep_busy(page, wanted))
            missed = found["by"].count("none")
            if missed:
                worst.append((missed, len(wanted), url[:80]))
        page.set_content("<body></body>")
        page.evaluate(ANCHOR.read_text(encoding="utf-8"))
        long_page = page.evaluate(LONG_PAGE)
        long_times = [page.evaluate(IN_PAGE, long_page)["took"] for _ in range(20)]
        long_busy = keep_busy(page, long_page)
        browser.close()
    total = sum(ways.values())
    print(f"{len(times)} pages, {total} claims: anchored {1 - ways['none'] / total:.4f} ({dict(ways)})")
    print(f"a page: p50 {statistics.median(times):.1f} ms, longest {max(times):.1f} ms, {os.cpu_count()} cores")
    print(f"20 claims in 5,000 words: p50 {statistics.median(long_times):.1f} ms, longest {max(long_times):.1f} ms")
    print_busy(busy)
    print("the same with 20 claims in 5,000 words:")
    print_busy([long_busy])
    for missed, asked, url in sorted(worst, reverse=True)[:10]:
        print(f"  missed {missed} of {asked}: {url}")


if __name__ == "__main__":
    main()
