"""The last checks in the popup: a fact-check that appeared later is told there, with both dates."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

pytestmark = pytest.mark.browser

MILL = "The old water mill on the island of Ulm was sold to a circus from Norway in 1998."
PAGE = (
    "<!doctype html><html lang=en><title>The mill</title><article><h1>The mill</h1>"
    f"<p>{MILL} So it was told at the market last week.</p></article></html>"
)


def test_a_fact_check_that_appeared_later_is_told_when_the_list_is_opened(
    chromium: Any, site: Any, service: Any, wire: Any
) -> None:
    site.pages["/mill"] = PAGE
    chromium.set_up(address=service.address)
    page = chromium.context.new_page()
    page.goto(f"{site.address}/mill")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("not_enough_evidence")
    (kept,) = popup.run("chrome.storage.local.get('checks')")["checks"]
    popup.close()

    service.write("/v1/statements", {
        "claim_reviewed": MILL, "url": "https://checks.example/mill", "language": "en",
        "publisher": {"name": "Example Checks", "site": "checks.example"}, "rating": {"alternate_name": "False"},
    })  # fmt: skip
    until = time.monotonic() + 30
    while not service.ask(f"/v1/checks/{kept['check']['id']}")["revisions"]:
        assert time.monotonic() < until
        time.sleep(0.1)

    wire.log.clear()
    again = chromium.open_popup(page)
    again.wait_for_screen("not_enough_evidence")
    assert wire.sent_to(service.address) == [], "it is remembered, and nothing is asked before the list is opened"
    again.run("document.querySelector('#recent').open = true")
    again.wait_for("document.querySelector('#recent-list').textContent.includes('there has been a fact-check')")
    entry = again.run("document.querySelector('#recent-list li').innerText")
    assert "Contains statements rated false." in entry
    assert "At that time the result was: No matching fact-checks found." in entry
    assert again.violations() == []
    again.run("document.querySelector('#recent-list button').click()")
    again.wait_for_screen("refuted")
    assert "there has been a fact-check" in again.text
    (renewed,) = again.run("chrome.storage.local.get('checks')")["checks"]
    assert renewed["at"] == kept["at"], "it is as old as it is"
    assert "text" not in json.dumps(renewed["check"]["article"])
