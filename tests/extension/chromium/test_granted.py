"""Badge and pause before sharing in Chromium, on a profile whose person has allowed both; and what leaves the browser."""

from __future__ import annotations

import time
from typing import Any

import pytest

pytestmark = pytest.mark.browser

BADGE = (
    "chrome.tabs.query({}).then((tabs) => Promise.all(tabs.filter((tab) => tab.url?.startsWith('http'))"
    ".map((tab) => chrome.action.getBadgeText({tabId: tab.id}))))"
)


def test_badge_and_pause_look_up_here_and_nothing_leaves_before_a_click(
    allowed: Any, site: Any, service: Any, wire: Any, known_page: str, axe: str, fetch_filter: str
) -> None:
    allowed.set_up(address=service.address, badge=True, pause=["127.0.0.1"])
    options = allowed.open_options()
    options.evaluate(fetch_filter, service.address)
    wire.log.clear()
    page = allowed.context.new_page()
    page.goto(known_page)
    until = time.monotonic() + 10
    while options.evaluate(BADGE) != ["!"]:
        assert time.monotonic() < until
        time.sleep(0.05)
    site.pages["/write"] = (
        "<!doctype html><title>Write</title><main><textarea id=post aria-label=Post></textarea></main>"
    )
    page.goto(f"{site.address}/write")
    page.click("#post")
    page.evaluate(
        "(text) => { const data = new DataTransfer(); data.setData('text/plain', text); document.querySelector('#post')"
        ".dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, composed: true})) }",
        f"Look: {known_page}?utm_source=x",
    )
    card = page.locator("gegencheck-card section")
    card.wait_for()
    assert "Contains statements rated false." in card.inner_text()
    assert page.evaluate("document.activeElement.id") == "post", "it takes nothing from the one who writes"
    page.evaluate(axe)
    assert page.evaluate("axe.run('gegencheck-card').then((found) => found.violations.map((each) => each.id))") == []
    assert {(each.url, each.body) for each in wire.sent_to(service.address)} <= {(f"{service.address}/v1/filter", "")}
    assert {each.url for each in wire.sent_to(site.address)} <= {
        known_page, f"{site.address}/write", f"{site.address}/favicon.ico"
    }  # fmt: skip
    card.locator("[data-name=share]").click()
    assert page.locator("gegencheck-card").count() == 0
    page.keyboard.type(f"{known_page}?utm_source=x ")
    page.wait_for_timeout(900)
    assert page.locator("gegencheck-card").count() == 0, "said once, it is not said again"
