"""The shortcut for what is selected, in real Chromium: the browser knows it, and its handler opens a window with the check.

The press itself is the browser's; headless it takes none. The profile is one that may read the page, as a press allows it.
"""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

PRESS = """async (url) => {
  const tab = (await chrome.tabs.query({})).find((each) => each.url === url);
  chrome.commands.onCommand.dispatch("check-selection", tab);
}"""


def test_the_browser_knows_both_shortcuts(chromium: Any) -> None:
    known = chromium.worker.evaluate(
        "async () => Object.fromEntries((await chrome.commands.getAll()).map((each) => [each.name, each.shortcut]))"
    )
    assert known == {"_execute_action": "Alt+Shift+G", "check-selection": "Alt+Shift+S"}


def test_the_shortcut_checks_what_is_selected(allowed: Any, site: Any, service: Any) -> None:
    allowed.set_up(address=service.address)
    page = allowed.context.new_page()
    page.goto(f"{site.address}/lemons")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('article') ?? document.body)")
    with allowed.context.expect_page() as opened:
        allowed.worker.evaluate(PRESS, page.url)
    window = opened.value
    window.wait_for_selector("body[data-screen=refuted]")
    assert window.evaluate("chrome.storage.session.get()") == {}


def test_the_shortcut_opens_nothing_where_nothing_is_selected(allowed: Any, site: Any, service: Any) -> None:
    allowed.set_up(address=service.address)
    page = allowed.context.new_page()
    page.goto(f"{site.address}/lemons")
    before = len(allowed.context.pages)
    allowed.worker.evaluate(PRESS, page.url)
    page.wait_for_timeout(500)
    assert len(allowed.context.pages) == before
    assert allowed.worker.evaluate("chrome.storage.session.get()") == {}
