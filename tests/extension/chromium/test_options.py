"""The options page in real Chromium: address, key, language, and a connection test that says what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser


def violations(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    found: list[str] = page.evaluate(
        "axe.run().then((found) => found.violations.map((each) => each.id + each.nodes[0].html))"
    )
    return found


def save(page: Any, outcome: str, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    page.click("button[type=submit]")
    page.wait_for_selector(f"#outcome[data-outcome={outcome}]")


def test_an_address_is_tested_when_it_is_saved(chromium: Any, service: Any, axe: str) -> None:
    page = chromium.open_options()
    save(page, "connected", address=service.address.removeprefix("http://"))
    assert page.input_value("#address") == service.address
    assert "Connected." in page.inner_text("#outcome")
    assert violations(page, axe) == []
    stored = page.evaluate("chrome.storage.local.get()")
    assert stored == {"settings": {"address": service.address, "key": "", "language": ""}}
    page.reload()
    page.wait_for_selector("h1:not(:empty)")
    assert page.input_value("#address") == service.address


def test_what_is_no_address_is_said_at_the_field(chromium: Any, axe: str) -> None:
    page = chromium.open_options()
    for wrong in ("ftp://example.org", "http://", "javascript:alert(1)", "two words"):
        page.fill("#address", wrong)
        page.click("button[type=submit]")
        page.wait_for_selector("#address[aria-invalid=true]")
        assert page.evaluate("document.activeElement.id") == "address"
    assert violations(page, axe) == []
    assert page.evaluate("chrome.storage.local.get()") == {}


def test_where_nothing_answers_that_is_said(chromium: Any, free_port: int, axe: str) -> None:
    page = chromium.open_options()
    save(page, "noService", address=f"http://127.0.0.1:{free_port}")
    assert page.query_selector("#allow, #connect") is None
    assert violations(page, axe) == []


def test_where_something_answers_that_may_not_be_read_access_to_that_one_host_can_be_allowed(
    chromium: Any, site: Any, axe: str
) -> None:
    page = chromium.open_options()
    address = site.address
    save(page, "noAccess", address=address)
    assert page.inner_text("#allow") == f"Allow access to {address}"
    page.evaluate("chrome.permissions.request = async (wanted) => { globalThis.wanted = wanted; return false }")
    page.click("#allow")
    assert page.evaluate("globalThis.wanted") == {"origins": ["http://127.0.0.1/*"]}
    assert violations(page, axe) == []


def test_a_wrong_key_is_named(chromium: Any, service: Any, axe: str) -> None:
    page = chromium.open_options()
    save(page, "wrongKey", address=service.address, key="wrong")
    assert "The key is not accepted." in page.inner_text("#outcome")
    assert page.get_attribute("#key", "type") == "password"
    assert violations(page, axe) == []


def test_a_service_that_does_not_know_this_browser_can_be_connected(chromium: Any, stranger: Any, axe: str) -> None:
    page = chromium.open_options()
    save(page, "originRefused", address=stranger.address)
    assert page.inner_text("#command") == f"gegencheck serve --extension-origins {chromium.origin}"
    assert violations(page, axe) == []
    with chromium.context.expect_page() as opened:
        page.click("#connect")
    assert opened.value.url == f"{chromium.origin}/welcome/welcome.html#connect"


def test_a_wrong_key_is_told_from_an_unknown_browser_before_anything_was_allowed(chromium: Any, stranger: Any) -> None:
    page = chromium.open_options()
    save(page, "wrongKey", address=stranger.address, key="gck_0_0")
    assert page.inner_text("#connect") == "Connect"


def test_a_key_does_not_go_along_to_another_address(chromium: Any, service: Any, free_port: int, wire: Any) -> None:
    chromium.set_up(address=f"http://127.0.0.1:{free_port}", key="gck_secret_of_the_other")
    page = chromium.open_options()
    save(page, "connected", address=service.address)
    assert page.input_value("#key") == ""


def test_the_language_changes_at_once(chromium: Any, service: Any, axe: str) -> None:
    page = chromium.open_options()
    page.select_option("#language", "de")
    save(page, "connected", address=service.address)
    assert "Verbunden." in page.inner_text("#outcome")
    assert page.inner_text("h1") == "Gegencheck: Einstellungen"
    assert page.get_attribute("html", "lang") == "de"
    assert violations(page, axe) == []
