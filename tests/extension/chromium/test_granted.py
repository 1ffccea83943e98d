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


TITLES = BADGE.replace("getBadgeText", "getTitle")
SATIRE = "Contains statements that come from satire."


def test_satire_is_called_that_by_badge_pause_and_popup_from_the_list_alone(
    allowed: Any, site: Any, service: Any, start: Any, card_of: Any, fetch_filter: str
) -> None:
    own = start(like=service)
    joke = "Parliament will replace all chairs with trampolines from 2025."
    own.write("/v1/statements", {
        "claim_reviewed": joke, "url": "https://checks.example/trampolines", "language": "en",
        "publisher": {"name": "Example Checks", "site": "checks.example"}, "rating": {"alternate_name": "Satire"},
    })  # fmt: skip
    site.pages["/joke"] = site.pages["/known"].replace("Hot lemon water has cured diabetes within 7 days.", joke)
    assert own.ask("/v1/checks", {"url": f"{site.address}/joke"})["verdict"]["code"] == "refuted"
    allowed.set_up(address=own.address, badge=True, pause=["127.0.0.1"])
    options = allowed.open_options()
    options.evaluate(fetch_filter, own.address)
    site.pages["/write"] = "<!doctype html><title>Write</title><textarea id=post aria-label=Post></textarea>"
    page = allowed.context.new_page()
    page.goto(f"{site.address}/write")
    page.fill("#post", f"Look: {site.address}/joke")
    card_of(page).wait_for(SATIRE)
    own.process.terminate()
    own.process.wait(timeout=30)
    page.goto(f"{site.address}/joke")
    until = time.monotonic() + 10
    while options.evaluate(TITLES) != [f"Gegencheck: {SATIRE}"]:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert options.evaluate(BADGE) == ["!"], "it is paused at and marked like everything that was refuted"
    popup = allowed.open_popup(page)
    popup.wait_for_screen("noService")
    assert popup.run("document.querySelector('.known').innerText").endswith(SATIRE)


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
