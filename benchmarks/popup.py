"""How fast the popup is: the real one, opened by its button in Chromium, with a service started for it.

Counted from the popup's own navigation; making its process comes before that (some 270 ms in headless Chromium).
Run: python -m benchmarks.popup
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks.pages import serve_pages, start_service

EXTENSION = Path(__file__).parent.parent / "extension"
KEY = base64.b64decode(json.loads((EXTENSION / "manifest.json").read_text(encoding="utf-8"))["key"])
ID = "".join(chr(ord("a") + int(digit, 16)) for digit in hashlib.sha256(KEY).hexdigest()[:32])
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", f"--disable-extensions-except={EXTENSION}",
    f"--load-extension={EXTENSION}", "--disable-features=DisableLoadExtensionCommandLineSwitch",
]  # fmt: skip


def measure_popup(context: BrowserContext, service: str, address: str) -> None:
    """First paint, and the verdict of a page checked before."""
    options = context.new_page()
    options.goto(f"chrome-extension://{ID}/options/options.html")
    options.evaluate("(address) => chrome.storage.local.set({settings: {address}})", service)
    page = context.new_page()
    page.goto(address)
    open_popup(context, page, seconds=8)  # the first one checks it
    paints, answers = [], []
    for _ in range(10):
        paint, answer = open_popup(context, page, seconds=0.8)
        paints.append(paint)
        answers.append(answer)
    print(f"popup, from its opening: first paint {describe(paints)}; remembered verdict {describe(answers)}")


def describe(times: list[float]) -> str:
    """Median and most of some milliseconds."""
    return f"{statistics.median(times):.0f} ms (median), {max(times):.0f} ms (most)"


def open_popup(context: BrowserContext, page: Page, seconds: float) -> tuple[float, float]:
    """Press the button and wait; the ms from its opening to its first paint, and to its answer."""
    page.bring_to_front()
    session = context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    tabs = session.send("Target.getTargets", {"filter": [{"type": "tab", "exclude": False}]})["targetInfos"]
    [tab] = [each for each in tabs if each["url"] == page.url]
    session.send("Extensions.triggerAction", {"id": ID, "targetId": tab["targetId"]})
    time.sleep(seconds)
    shown = session.send("Target.getTargets", {"filter": [{"type": "page", "exclude": False}]})["targetInfos"]
    [popup] = [each for each in shown if each["url"].startswith(f"chrome-extension://{ID}/popup/")]
    attached = session.send("Target.attachToTarget", {"targetId": popup["targetId"], "flatten": False})["sessionId"]
    replies: list[Any] = []
    session.on("Target.receivedMessageFromTarget", lambda event: replies.append(json.loads(event["message"])))
    script = (
        "({screen: document.body.dataset.screen,"
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
    return value["paint"], value["answer"]


ARTICLE = (
    "<!doctype html><html lang=en><title>Tower</title><article><h1>What people say about masts</h1>"
    "<p>A reader wrote to us.</p><p>5G radiation spreads the coronavirus.</p>"
    "<p>The town has 12,000 inhabitants and one church.</p></article></html>"
)


def main() -> None:
    """Measure and print."""
    os.environ["GEGENCHECK_EXTENSION_ORIGINS"] = f"chrome-extension://{ID}"
    site = serve_pages([ARTICLE.encode()])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        service, address, _ = start_service(f"{folder}/service", site)
        try:
            context = playwright.chromium.launch_persistent_context(
                f"{folder}/profile", headless=False, executable_path=shutil.which("chromium"), args=ARGUMENTS
            )
            measure_popup(context, address, f"http://127.0.0.1:{site}/0")
            context.close()
        finally:
            service.terminate()
            service.wait()


if __name__ == "__main__":
    main()
