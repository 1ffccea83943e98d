"""The extension in real Chromium: claims found again on real pages, what marking costs a page, how fast the popup is.

Run: python -m benchmarks.highlight [DATA] [--pages 50]   (DATA: the folder with extraction/;
GEGENCHECK_BENCHMARK_DATA or ../shared/data by default; the real pages are skipped, visibly, where it is absent).
The popup is the real one, opened by its button, with a service started for it.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks.pages import serve_pages, start_service
from service.errors import CheckFault
from service.models import CheckRequest
from service.pipeline.check import read_article
from service.pipeline.claims import select_claims
from service.pipeline.fetch import supplied_page
from service.pipeline.sentences import split_sentences

EXTENSION = Path(__file__).parent.parent / "extension"
ID = "".join(chr(ord("a") + int(digit, 16)) for digit in hashlib.sha256(str(EXTENSION).encode()).hexdigest()[:32])
AROUND = 40  # letters before and after a claim, as the extension keeps them
MIN_SAME_WORDS = 0.6  # a claim counts as found where the marked text holds this share of its words
SCRIPTS = [EXTENSION / "content" / name for name in ("anchor.js", "card.js", "marks.js")]
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", f"--disable-extensions-except={EXTENSION}",
    f"--load-extension={EXTENSION}", "--disable-features=DisableLoadExtensionCommandLineSwitch",
]  # fmt: skip

MARK = """(marks) => {
    const started = performance.now();
    const by = globalThis.gegencheckMarks.mark({marks, words: {}, language: 'en'});
    const took = performance.now() - started;
    const ranges = [...CSS.highlights.values()].flatMap((each) => [...each]);
    const texts = gegencheckAnchor(marks, document.body).map((each) => each.ranges.map(String).join(' '));
    return {by, took, letters: document.body.textContent.length, texts};
}"""

# A page of 5,000 words with 20 claims; then 2,000 changes to it, without marks and with them.
MADE_PAGE = """() => {
    const words = Array.from({length: 700}, (_, n) => 'word' + n.toString(36));
    let seed = 7;
    const next = () => words[(seed = (seed * 48271) % 2147483647) % words.length];
    const sentences = Array.from({length: 334}, () => Array.from({length: 15}, next).join(' ') + '.');
    const paragraph = (text) => Object.assign(document.createElement('p'), {textContent: text});
    document.body.replaceChildren(...sentences.map(paragraph));
    const wanted = sentences.filter((_, n) => n % 17 === 0).slice(0, 20);
    return wanted.map((text) => ({text, before: '', after: '', state: 'refuted'}));
}"""
CHANGES = """async () => {
    const started = performance.now();
    for (let turn = 0; turn < 2000; turn++) {
        const added = document.createElement('p');
        added.textContent = 'A comment that has just come in.';
        document.body.append(added);
        if (turn % 20 === 0) await new Promise((resolve) => setTimeout(resolve));
        added.remove();
    }
    return performance.now() - started;
}"""


# ---------------------------------------------------------------- real pages


def read_pages(data: Path, number: int) -> Iterator[tuple[str, str]]:
    """Address and HTML of as many pages as asked for, spread evenly over both folders."""
    rows = []
    for folder in (data / "extraction" / "full_text", data / "extraction" / "segments"):
        rows += [
            (folder, json.loads(line)) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
        ]
    chosen = 0
    for step in range(len(rows)):
        folder, row = rows[(step * 97) % len(rows)]  # 97 shares no factor with their number
        if chosen == number:
            return
        with gzip.open(folder / row["html_file"], "rb") as page:
            html = page.read().decode("utf-8", "replace")
        if find_claims(row["url"], html):
            chosen += 1
            yield row["url"], html


def find_claims(url: str, html: str) -> list[dict[str, str]]:
    """The claims of a page as the service finds them, with what stands around each."""
    try:
        article = read_article(supplied_page(html, url), CheckRequest(html=html, url=url))
    except CheckFault:
        return []
    claims = [claim.sentence for claim in select_claims(article, split_sentences(article)) if claim.is_claim]
    return [
        {
            "text": each.text,
            "before": article.text[max(0, each.start - AROUND) : each.start],
            "after": article.text[each.end : each.end + AROUND],
            "state": "refuted",
        }
        for each in claims
    ]


def measure_real_pages(context: BrowserContext, data: Path, number: int) -> None:
    """Share of claims found, by which try, and the time a page stands still."""
    tries: Counter[str] = Counter()
    wrong, times = 0, []
    page = context.new_page()
    for url, html in read_pages(data, number):
        show_offline(page, url, html)
        claims = find_claims(url, html)
        for script in SCRIPTS:
            page.evaluate(script.read_text(encoding="utf-8"))
        found = page.evaluate(MARK, claims)
        times.append(found["took"])
        for claim, by, text in zip(claims, found["by"], found["texts"], strict=True):
            is_there = by != "none" and same_words(claim["text"], text) >= MIN_SAME_WORDS
            wrong += by != "none" and not is_there
            tries[by if is_there else "none"] += 1
            if not is_there and os.environ.get("SHOW_MISSED"):
                print("missed:", url, "|", claim["text"][:150], "|", text[:150])
    page.close()
    total = tries.total()
    print(f"real pages: {len(times)}, claims: {total}")
    print(f"  anchored {1 - tries['none'] / total:.3f}  ({dict(tries)}; marked elsewhere: {wrong})")
    print(f"  the page stood still for {statistics.median(times):.1f} ms (median), {max(times):.1f} ms (most)")


def show_offline(page: Page, url: str, html: str) -> None:
    """A stored page under its own address, with nothing else loaded and none of its scripts run."""
    page.unroute_all()
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "script-src 'none'"}

    def answer(route: Any) -> None:
        wanted = route.request.is_navigation_request() and route.request.frame == page.main_frame
        route.fulfill(body=html, headers=headers) if wanted else route.abort()

    page.route("**/*", answer)
    page.goto(url, wait_until="domcontentloaded")


def same_words(claim: str, marked: str) -> float:
    """The share of a claim's words that stand in the marked text."""
    wanted, found = (Counter(re.findall(r"\w+", text.lower().replace("\u00ad", ""))) for text in (claim, marked))
    return (wanted & found).total() / max(wanted.total(), 1)


# ---------------------------------------------------------------- a page made for it


def measure_made_page(context: BrowserContext) -> None:
    """20 claims in 5,000 words; changes to the page with and without marks; look-ups in the filter."""
    page = context.new_page()
    page.set_content("<body></body>")
    for script in SCRIPTS:
        page.evaluate(script.read_text(encoding="utf-8"))
    took = []
    for _ in range(10):
        marks = page.evaluate(MADE_PAGE)
        page.evaluate("gegencheckMarks.clear()")
        took.append(page.evaluate(MARK, marks)["took"])
    print(f"20 claims in 5,000 words: {statistics.median(took):.1f} ms (median), {max(took):.1f} ms (most, of 10)")
    changes: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(10):
        page.evaluate("gegencheckMarks.clear()")
        if turn % 2:
            page.evaluate(
                MARK, [*marks, {"text": "This sentence stands nowhere on the page at all.", "state": "refuted"}]
            )
        changes[bool(turn % 2)].append(page.evaluate(CHANGES))
    bare, marked = (statistics.median(changes[on]) for on in (False, True))
    print(f"2,000 changes to that page: {bare:.0f} ms without marks, {marked:.0f} ms with them")
    page.close()


# ---------------------------------------------------------------- the popup


def measure_popup(context: BrowserContext, service: str, address: str) -> None:
    """From the press of the button: first paint, and the verdict of a page checked before."""
    options = context.new_page()
    options.goto(f"chrome-extension://{ID}/options/options.html")
    options.evaluate("(address) => chrome.storage.local.set({settings: {address}})", service)
    page = context.new_page()
    page.goto(address)
    open_popup(context, page, seconds=8)  # the first one checks it
    paints, answers, looked = [], [], []
    for _ in range(10):
        paint, answer = open_popup(context, page, seconds=0.8)
        paints.append(paint)
        answers.append(answer)
    print(f"popup, from the press: first paint {describe(paints)}; remembered verdict {describe(answers)}")
    looked = options.evaluate(LOOK_UPS, service)
    print(f"filter: {looked:.3f} ms a look-up (mean of 500)")


LOOK_UPS = """async (address) => {
    const {Api} = await import('/shared/api.js');
    const {refreshFilter, loadFilter, lookUp} = await import('/shared/filter.js');
    await refreshFilter(new Api({address, key: '', language: ''}, 'en'));
    const filter = await loadFilter(address);
    const started = performance.now();
    for (let turn = 0; turn < 500; turn++) await lookUp(filter, 'https://other.example/' + turn);
    return (performance.now() - started) / 500;
}"""


def describe(times: list[float]) -> str:
    """Median and most of some milliseconds."""
    return f"{statistics.median(times):.0f} ms (median), {max(times):.0f} ms (most)"


def open_popup(context: BrowserContext, page: Page, seconds: float) -> tuple[float, float]:
    """Press the button and wait; when the popup first painted and when it had its answer, in ms after the press."""
    page.bring_to_front()
    session = context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    tabs = session.send("Target.getTargets", {"filter": [{"type": "tab", "exclude": False}]})["targetInfos"]
    [tab] = [each for each in tabs if each["url"] == page.url]
    pressed = time.time() * 1000
    session.send("Extensions.triggerAction", {"id": ID, "targetId": tab["targetId"]})
    time.sleep(seconds)
    shown = session.send("Target.getTargets", {"filter": [{"type": "page", "exclude": False}]})["targetInfos"]
    [popup] = [each for each in shown if each["url"].startswith(f"chrome-extension://{ID}/popup/")]
    attached = session.send("Target.attachToTarget", {"targetId": popup["targetId"], "flatten": False})["sessionId"]
    replies: list[Any] = []
    session.on("Target.receivedMessageFromTarget", lambda event: replies.append(json.loads(event["message"])))
    script = (
        "({origin: performance.timeOrigin, screen: document.body.dataset.screen,"
        " paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,"
        " answer: performance.getEntriesByName('answer')[0]?.startTime})"
    )
    ask = {"id": 1, "method": "Runtime.evaluate", "params": {"expression": script, "returnByValue": True}}
    session.send("Target.sendMessageToTarget", {"sessionId": attached, "message": json.dumps(ask)})
    while not any(each.get("id") == 1 for each in replies):
        session.send("Target.getTargets")
    value = next(each for each in replies if each.get("id") == 1)["result"]["result"]["value"]
    session.send("Target.closeTarget", {"targetId": popup["targetId"]})
    session.detach()
    if not value.get("paint") or not value.get("answer"):
        raise SystemExit(f"The popup showed no answer within {seconds} s: {value}")
    return value["origin"] + value["paint"] - pressed, value["origin"] + value["answer"] - pressed


ARTICLE = (
    "<!doctype html><html lang=en><title>Tower</title><article><h1>What people say about masts</h1>"
    "<p>A reader wrote to us.</p><p>5G radiation spreads the coronavirus.</p>"
    "<p>The town has 12,000 inhabitants and one church.</p></article></html>"
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--no-popup", action="store_true")
    asked = parser.parse_args()
    data = asked.data or Path(os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, headless=False, executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        if (data / "extraction").is_dir():
            measure_real_pages(context, data, asked.pages)
        else:
            print(f"SKIPPED real pages: there is no {data}/extraction")
        measure_made_page(context)
        if not asked.no_popup:
            os.environ["GEGENCHECK_EXTENSION_ORIGINS"] = f"chrome-extension://{ID}"
            site = serve_pages([ARTICLE.encode()])
            service, address, _ = start_service(f"{folder}/service", site)
            try:
                measure_popup(context, address, f"http://127.0.0.1:{site}/0")
            finally:
                service.terminate()
                service.wait()
        context.close()


if __name__ == "__main__":
    main()
