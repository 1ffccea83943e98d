"""A page that tries to find out what the extension knows, in Firefox: it sees the same for every link."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = pytest.mark.browser

WITHIN = {"x": 150, "y": 130}  # where the card lies below the field
REMEMBER = """import('/check/history.js').then(({rememberCheck}) => rememberCheck({address: ADDRESS, url: LINK, language: 'en',
    at: Date.now(), check: {summary: {detail: 'Example Checks rated a similar statement “False” on 3 May 2021.'}}})).then(() => true)"""


@pytest.fixture
def watched(firefox: Any, service: Any, known_page: str, wait_until: Any) -> Any:
    """The browser with the pause on, whose person has checked the known page before."""
    firefox.set_up(address=service.address)
    options = firefox.open_options()
    firefox.run("(document.querySelector('#site').value = '127.0.0.1', 0)", options)
    firefox.click(options, "#pause button")
    listed = "document.querySelector('#filter-state')?.textContent.startsWith('List of')"
    wait_until(lambda: firefox.run(listed, options), "the list")
    script = REMEMBER.replace("ADDRESS", json.dumps(service.address)).replace("LINK", json.dumps(known_page))
    assert firefox.run(script, options) is True
    return firefox


def test_a_page_sees_the_same_for_every_link(
    watched: Any, hostile: Any, known_page: str, wire: Any, wait_until: Any
) -> None:
    other = known_page.replace("known", "knowm")
    reports, cards = {}, {}
    for link in (known_page, other):
        tab = watched.open(hostile(link))
        before = len(watched.contexts())

        def report(phase: str, tab: str = tab) -> list[str]:
            return list(wait_until(lambda: watched.run(f"globalThis.reports?.{phase} ?? null", tab), phase))

        alone = report("alone")
        assert watched.card(tab) == ""
        assert [line for line in alone if line.startswith("stranger")] == [], "nothing of ours is in the page yet"
        watched.click(tab, "#send")
        gesture = report("gesture")
        cards[link] = watched.card(tab)
        watched.point(tab, **WITHIN)
        presses = report("presses")
        assert watched.card(tab) == cards[link], "a press that nobody made does nothing"
        assert len(watched.contexts()) == before, "and opens no window"
        reports[link] = [alone, gesture, presses]
    assert "Example Checks rated a similar statement" in cards[known_page]
    assert cards[other] == ""
    assert any(line.startswith("stranger <div></div>") for line in reports[known_page][1])
    for known, unknown in zip(reports[known_page], reports[other], strict=True):
        assert set(known) ^ set(unknown) == set()
    assert [each.url for each in wire.log if "leak" in each.url] == []


def test_a_page_that_forbids_styles_shows_the_card_all_the_same(
    watched: Any, site: Any, known_page: str, wait_until: Any
) -> None:
    policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
    site.pages["/strict"] = f"<!doctype html>{policy}<textarea id=post>{known_page}</textarea>"
    tab = watched.open(f"{site.address}/strict")
    watched.click(tab, "#post")
    watched.wait_for_card(tab, "Read first")
    look = "const {color, paddingTop} = getComputedStyle(box); return [color, paddingTop]"
    assert watched.card(tab, look) == ["rgb(27, 32, 39)", "16px"]
