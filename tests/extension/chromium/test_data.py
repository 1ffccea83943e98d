"""The person's data in real Chromium: everything kept can be taken along, and deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

KEPT = "Promise.all([chrome.storage.local.get(), chrome.storage.session.get()])"


def check_something(browser: Any, service: Any, site: Any, **settings: Any) -> None:
    """Leave behind what a person leaves behind who has looked at one page."""
    browser.set_up(address=service.address, unmarked=["quiet.example"], **settings)
    page = browser.context.new_page()
    page.goto(f"{site.address}/lemons")
    popup = browser.open_popup(page)
    popup.wait_for_screen("refuted")
    popup.wait_for("!document.querySelector('#recent').hidden")
    popup.close()


def test_everything_kept_but_the_key_comes_as_a_file(chromium: Any, service: Any, site: Any, tmp_path: Path) -> None:
    check_something(chromium, service, site)
    options = chromium.open_options()
    options.evaluate(
        "async () => { const {settings} = await chrome.storage.local.get('settings');"
        " await chrome.storage.local.set({settings: {...settings, key: 'secret-key'}}) }"
    )
    with options.expect_download() as started:
        options.click("#export")
    assert started.value.suggested_filename == "gegencheck.json"
    started.value.save_as(tmp_path / "kept.json")
    text = (tmp_path / "kept.json").read_text(encoding="utf-8")
    assert "secret-key" not in text, "a file that people pass on holds no key"
    exported = json.loads(text)
    assert exported["settings"] == {
        "address": service.address, "language": "", "highlight": True, "unmarked": ["quiet.example"], "screen": [], "badge": False,
        "pause": [],
    }  # fmt: skip
    stored = options.evaluate("chrome.storage.local.get()")
    assert exported["checks"] == stored["checks"]
    [check] = exported["checks"]
    assert check["url"] == f"{site.address}/lemons"
    assert check["check"]["verdict"]["code"] == "refuted"


def test_deleting_everything_leaves_nothing(
    chromium: Any, service: Any, site: Any, fetch_filter: str, axe: str, wait_until: Callable[[Any, str], None]
) -> None:
    check_something(chromium, service, site, badge=True, language="de")
    options = chromium.open_options()
    options.evaluate(fetch_filter, service.address)
    options.evaluate("chrome.storage.session.set({'pending-1': {url: 'https://left.example'}})")
    assert sorted(options.evaluate("chrome.storage.local.get()")) == ["checks", "filter", "settings"]
    options.click("#delete")
    options.wait_for_selector("#data-outcome:not(:empty)")
    assert options.evaluate(KEPT) == [{}, {}]
    assert options.input_value("#address") == ""
    assert options.inner_text("#filter") == ""
    assert options.get_attribute("html", "lang") == "en", "the language that was chosen is forgotten as well"
    assert options.inner_text("#data-outcome") == "Everything deleted."
    options.evaluate(axe)
    assert options.evaluate("axe.run().then((found) => found.violations.map((each) => each.id))") == []
    wait_until(options, "chrome.alarms.getAll().then((alarms) => alarms.length === 0)")
    page = chromium.context.new_page()
    page.goto(f"{site.address}/tram")
    chromium.open_popup(page).wait_for_screen("firstRun")


def test_deleting_everything_gives_back_what_was_allowed(
    own_allowed: Any, service: Any, site: Any, fetch_filter: str, wait_until: Callable[[Any, str], None]
) -> None:
    own_allowed.set_up(address=service.address, badge=True, pause=["127.0.0.1"])
    options = own_allowed.open_options()
    options.evaluate(fetch_filter, service.address)
    wait_until(options, "chrome.scripting.getRegisteredContentScripts().then((scripts) => scripts.length === 1)")
    options.click("#delete")
    options.wait_for_selector("#data-outcome:not(:empty)")
    assert options.evaluate(KEPT) == [{}, {}]
    permissions = options.evaluate("chrome.permissions.getAll()")
    assert permissions["origins"] == []
    assert "tabs" not in permissions["permissions"]
    wait_until(options, "chrome.scripting.getRegisteredContentScripts().then((scripts) => scripts.length === 0)")
    wait_until(options, "chrome.alarms.getAll().then((alarms) => alarms.length === 0)")
