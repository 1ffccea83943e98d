"""A page that tries to find out what the extension knows, in Chromium: it sees the same for every link."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

WITHIN = (150, 130)  # where the card lies below the field
FORGED = """(link) => Promise.all([
    chrome.runtime.sendMessage({kind: 'read', link}),
    chrome.runtime.sendMessage({kind: 'read', links: [link]}),
    chrome.runtime.sendMessage(null),
    chrome.runtime.sendMessage({kind: 'pause', links: link}),
    chrome.runtime.sendMessage({kind: 'pause', links: [{toString: 1}, 7, 'http:', 'x'.repeat(9000), link]}),
].map((each) => each.catch(() => 'refused')))"""
POINTING = """
    globalThis.pointed = 0;
    globalThis.found = new Set();
    setInterval(() => {
        for (const range of [...CSS.highlights.values()].flatMap((each) => [...each])) {
            const {left, top, height} = range.getBoundingClientRect();
            const there = {bubbles: true, composed: true, clientX: left + 9, clientY: top + height / 2};
            for (const name of ['pointermove', 'click']) document.dispatchEvent(new PointerEvent(name, there));
            pointed += 1;
        }
        document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}));
        document.dispatchEvent(new PointerEvent('click', {clientX: 1, clientY: 1, bubbles: true}));
        for (const word of ['Verified statement', 'Read the fact-check', 'Example Checks']) if (window.find(word, false, false, true)) found.add(word);
        getSelection().removeAllRanges();
    }, 50);
"""


@pytest.fixture
def watched(
    allowed: Any, service: Any, known_page: str, fetch_filter: str, wait_until: Callable[[Any, str], None]
) -> Any:
    """A browser with the pause on, whose person has checked the known page before."""
    allowed.set_up(address=service.address, pause=["127.0.0.1"])
    options = allowed.open_options()
    options.evaluate(fetch_filter, service.address)
    options.evaluate(
        """async ([address, url]) => (await import('/check/history.js')).rememberCheck({url, address, language: 'en',
            at: Date.now(), check: {summary: {detail: 'Example Checks rated a similar statement “False” on 3 May 2021.'}}})""",
        [service.address, known_page],
    )
    wait_until(
        options,
        "chrome.scripting.getRegisteredContentScripts({ids: ['pause']}).then((scripts) => scripts.length === 1)",
    )
    return allowed


def wait_unseen(session: Any, expression: str) -> Any:
    """The value of an expression in the page, once there is one; asked for so that it is no gesture (Playwright's own is)."""
    until = time.monotonic() + 15
    asked = {"expression": expression, "returnByValue": True, "userGesture": False}
    while not (found := session.send("Runtime.evaluate", asked)["result"].get("value")):
        assert time.monotonic() < until, f"never {expression}"
        time.sleep(0.1)
    return found


def report(session: Any, phase: str) -> list[str]:
    """What the page wrote down."""
    return list(wait_unseen(session, f"globalThis.reports?.{phase} ?? null"))


def world_of_ours(page: Any, worlds: list[dict[str, Any]]) -> str:
    """The extension's world in a page: DevTools may tell of it only after the page has loaded."""
    until = time.monotonic() + 15
    while not (ours := [each["uniqueId"] for each in worlds if each["origin"].startswith("chrome-extension:")]):
        assert time.monotonic() < until, f"no world of ours among {worlds}"
        page.wait_for_timeout(20)  # lets events in
    [only] = ours
    return str(only)


def test_a_page_sees_the_same_for_every_link(
    watched: Any, hostile: Any, known_page: str, wire: Any, card_of: Any
) -> None:
    other = known_page.replace("known", "knowm")
    reports, cards = {}, {}
    for link in (known_page, other):
        page = watched.context.new_page()
        before = len(watched.context.pages)
        page.goto(hostile(link))
        card = card_of(page)
        alone = report(card.session, "alone")
        assert card.text == ""
        assert [line for line in alone if line.startswith("stranger")] == [], "nothing of ours is in the page yet"
        page.click("#send")
        gesture = report(card.session, "gesture")
        cards[link] = card.wait_for("Example Checks") if link == known_page else card.text
        page.mouse.move(*WITHIN)
        presses = report(card.session, "presses")
        assert card.text == cards[link], "a press that nobody made does nothing"
        assert len(watched.context.pages) == before, "and opens no window"
        reports[link] = [alone, gesture, presses]
    assert "Example Checks rated a similar statement" in cards[known_page]
    assert cards[other] == ""
    assert any(line.startswith("stranger <div></div>") for line in reports[known_page][1])
    for known, unknown in zip(reports[known_page], reports[other], strict=True):
        assert set(known) ^ set(unknown) == set()
    assert [each.url for each in wire.log if "leak" in each.url] == []


def test_a_page_that_forbids_styles_shows_the_card_all_the_same(
    watched: Any, site: Any, known_page: str, card_of: Any
) -> None:
    policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
    site.pages["/strict"] = f"<!doctype html>{policy}<textarea id=post>{known_page}</textarea>"
    page = watched.context.new_page()
    page.goto(f"{site.address}/strict")
    page.click("#post")
    card = card_of(page)
    card.wait_for("Read first")
    look = card.run("const {color, paddingTop} = getComputedStyle(root); return [color, paddingTop]")
    assert look == ["rgb(27, 32, 39)", "16px"]


def test_whoever_takes_over_the_script_in_a_page_opens_no_window_for_a_link_of_their_own(
    watched: Any, site: Any, known_page: str
) -> None:
    watched.open_options().evaluate("chrome.storage.local.remove('checks')")
    page = watched.context.new_page()
    session = page.context.new_cdp_session(page)
    worlds: list[dict[str, Any]] = []
    session.on("Runtime.executionContextCreated", lambda event: worlds.append(event["context"]))
    session.send("Runtime.enable")
    page.goto(f"{site.address}/tram")
    ours = world_of_ours(page, worlds)
    before = len(watched.context.pages)
    asked: dict[str, Any] = {"uniqueContextId": ours, "returnByValue": True, "awaitPromise": True}

    def send(link: str) -> Any:
        asked["expression"] = f"({FORGED})({link!r})"
        return session.send("Runtime.evaluate", asked)["result"]["value"]

    assert send("https://site.example/unknown") == [None, None, None, None, None]
    assert send("javascript:alert(1)") == [None, None, None, None, None]
    with watched.context.expect_page() as opened:
        asked["expression"] = f"chrome.runtime.sendMessage({{kind: 'read', link: {known_page!r}}})"
        session.send("Runtime.evaluate", {**asked, "awaitPromise": False})
    opened.value.wait_for_selector("body[data-screen=refuted]")
    assert len(watched.context.pages) == before + 1, "for the link that is paused at, and no other"


def test_without_a_gesture_no_card_opens_or_closes_over_a_mark(
    chromium: Any, site: Any, service: Any, card_of: Any
) -> None:
    site.pages["/marked"] = site.pages["/lemons"].replace("</main>", f"<script>{POINTING}</script></main>")
    chromium.set_up(address=service.address)
    page = chromium.context.new_page()
    page.goto(f"{site.address}/marked")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("refuted")
    popup.wait_for("document.querySelector('#marks')?.dataset.found === 'exact'")
    card = card_of(page)
    wait_unseen(card.session, "pointed > 9")
    assert card.text == "", "the pointer was never there"
    popup.click("Show on the page")
    text = card.wait_for("Verified statement")
    before = wait_unseen(card.session, "pointed")
    wait_unseen(card.session, f"pointed > {before + 9}")
    assert card.text == text, "nobody pressed Escape, or a button"
    assert page.evaluate("[...found]") == [], "its words are found by no search"
    page.keyboard.press("Escape")
    card.wait_until_gone()
