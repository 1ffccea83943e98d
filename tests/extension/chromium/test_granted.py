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
    allowed: Any, site: Any, service: Any, wire: Any, known_page: str, card_of: Any, fetch_filter: str
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
        f"<!doctype html><title>Write</title><main><p>{known_page}?utm_source=x</p>"
        "<textarea id=post aria-label=Post></textarea></main>"
    )
    page.goto(f"{site.address}/write")
    page.click("p", click_count=3)
    page.keyboard.press("Control+C")
    page.click("#post")
    page.keyboard.press("Control+V")
    card = card_of(page)
    card.wait_for("Contains statements rated false.")
    assert page.evaluate("document.activeElement.id") == "post", "it takes nothing from the one who writes"
    assert {(each.url, each.body) for each in wire.sent_to(service.address)} <= {(f"{service.address}/v1/filter", "")}
    assert {each.url for each in wire.sent_to(site.address)} <= {
        known_page, f"{site.address}/write", f"{site.address}/favicon.ico"
    }  # fmt: skip
    card.click("Share anyway")
    assert card.text == ""
    page.keyboard.type(f"{known_page}?utm_source=x ")
    page.wait_for_timeout(900)
    assert card.text == "", "said once, it is not said again"


def test_a_page_just_checked_has_its_badge_at_once_in_the_words_of_the_check(
    allowed: Any, site: Any, service: Any, wait_until: Any
) -> None:
    """No list has been fetched: what the badge says comes from the check itself."""
    allowed.set_up(address=service.address, badge=True)
    page = allowed.context.new_page()
    page.goto(f"{site.address}/lemons")
    options = allowed.open_options()
    popup = allowed.open_popup(page)
    popup.wait_for_screen("refuted")
    wait_until(options, f"{BADGE}.then(([text]) => text === '!')")
    title = BADGE.replace("getBadgeText", "getTitle")
    assert options.evaluate(title) == ["Gegencheck: Contains statements rated false."]
    satire = "Contains statements that come from satire."
    options.evaluate(
        """async (lead) => { const {checks} = await chrome.storage.local.get('checks');
            checks[0].check.summary.lead = lead; await chrome.storage.local.set({checks}); }""",
        satire,
    )
    wait_until(options, f"{title}.then(([text]) => text === 'Gegencheck: {satire}')")
