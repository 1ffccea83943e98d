"""The signed filter on this device in real Chromium: what the popup says by it, and a key that is not the one seen first."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

KNOWN = "document.querySelector('.known')?.innerText ?? ''"
LINE = "The list on this device already knows this page: Contains statements rated false."


@pytest.fixture
def knowing(chromium: Any, site: Any, service: Any, start: Any, known_page: str, fetch_filter: str) -> tuple[Any, Any]:
    """A page that the filter in the browser knows, and the service that the filter came from; `tabs` was never allowed."""
    own = start(like=service)
    chromium.set_up(address=own.address, badge=True)
    options = chromium.open_options()
    options.evaluate(fetch_filter, own.address)
    assert options.evaluate("chrome.permissions.contains({permissions: ['tabs']})") is False
    page = chromium.context.new_page()
    page.goto(known_page)
    return page, own


def test_while_the_check_runs_the_popup_says_what_the_filter_knows(chromium: Any, knowing: tuple[Any, Any]) -> None:
    page, own = knowing
    own.process.send_signal(signal.SIGSTOP)  # a service that takes its time
    try:
        popup = chromium.open_popup(page)
        assert popup.wait_for(KNOWN) == LINE
        assert popup.wait_for_screen("running")
        assert popup.violations() == []
    finally:
        own.process.send_signal(signal.SIGCONT)
    popup.wait_for_screen("refuted")
    assert popup.run(KNOWN) == "", "the verdict says more"


def test_where_the_service_is_gone_the_popup_says_what_the_filter_knows(
    chromium: Any, site: Any, knowing: tuple[Any, Any]
) -> None:
    page, own = knowing
    own.process.terminate()
    own.process.wait(timeout=30)
    popup = chromium.open_popup(page)
    popup.wait_for_screen("noService")
    assert popup.run(KNOWN) == LINE
    assert popup.violations() == []
    popup.close()
    page.goto(f"{site.address}/tram")
    other = chromium.open_popup(page)
    other.wait_for_screen("noService")
    assert other.run(KNOWN) == "", "of a page that is not in the list nothing is said"


def test_a_filter_signed_with_another_key_is_refused_until_the_person_takes_it(
    chromium: Any, service: Any, start: Any, fetch_filter: str, axe: str, wait_until: Callable[[Any, str], None]
) -> None:
    renewed = start()  # with a key of its own
    chromium.set_up(address=renewed.address, badge=True)
    options = chromium.open_options()
    options.evaluate(fetch_filter, service.address)
    before = options.evaluate(
        """async (address) => {  // as if it had come from there, before that service was set up anew
            const {filter} = await chrome.storage.local.get('filter');
            await chrome.storage.local.set({filter: {...filter, address}});
            return filter;
        }""",
        renewed.address,
    )
    chromium.worker.evaluate("chrome.alarms.onAlarm.dispatch({name: 'filter'})")
    options.wait_for_selector("#filter-refused")
    assert options.inner_text("#filter-refused") == (
        "The new list is not accepted: it is signed with a different key than before."
    )
    kept = options.evaluate("chrome.storage.local.get('filter')")["filter"]
    assert (kept["key"], kept["content"]) == (before["key"], before["content"]), "the old one stays"
    options.evaluate(axe)
    assert options.evaluate("axe.run().then((found) => found.violations.map((each) => each.id))") == []
    options.reload()
    options.click("#trust")
    options.wait_for_selector("#filter-refused", state="detached")
    wait_until(options, "document.querySelector('#filter-state').textContent.includes('0 pages with a result')")
    taken = options.evaluate("chrome.storage.local.get('filter')")["filter"]
    assert taken["key"] not in ("", before["key"])
    assert taken["refused"] == ""
