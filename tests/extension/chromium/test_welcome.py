"""Three steps in real Chromium: the page after installing, one press on the service's own page, and the first check."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def open_welcome(chromium: Any, fragment: str = "") -> Any:
    page = chromium.context.new_page()
    page.goto(f"{chromium.origin}/welcome/welcome.html{fragment}")
    page.wait_for_selector("body[data-ready]")
    return page


def begin(chromium: Any, address: str) -> tuple[Any, Any]:
    """Press Connect; the welcome page and the service's page that opens."""
    welcome = open_welcome(chromium)
    welcome.fill("#address", address)
    with chromium.context.expect_page() as opened:
        welcome.click("#begin")
    opened.value.wait_for_load_state()
    return welcome, opened.value


def violations(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    found: list[str] = page.evaluate(
        "axe.run().then((found) => found.violations.map((each) => each.id + each.nodes[0].html))"
    )
    return found


def command(data_dir: Path, *arguments: str) -> Any:
    run = [sys.executable, "-c", "from service.cli import main; main()", *arguments, "--data-dir", str(data_dir)]
    return json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)


def test_from_installing_to_the_first_verdict_without_typing_a_key(
    chromium: Any, site: Any, stranger: Any, wire: Any, axe: str
) -> None:
    welcome, page = begin(chromium, stranger.address)
    assert violations(welcome, axe) == []
    code = welcome.inner_text("#code")
    assert page.inner_text(".pairing .code") == code
    assert page.url.startswith(f"{stranger.address}/connect?code={code}")
    assert "Chrome, Linux" in page.inner_text("main")
    assert chromium.origin in page.inner_text("main")
    page.click("button[value=allow]")
    page.wait_for_selector("h1")
    assert "The browser is connected" in page.inner_text("h1")
    welcome.wait_for_selector("#outcome[data-outcome=connected]")
    assert violations(welcome, axe) == []
    assert not [each for each in wire.sent_to(stranger.address) if code.replace("-", "") in each.body.replace("-", "")
                and "/v1/" in each.url], "the code goes through the person alone"  # fmt: skip
    (kept,) = [key for key in command(stranger.data_dir, "keys", "list", "--json") if not key["revoked_at"]]
    assert (kept["name"], kept["scopes"], kept["origin"]) == ("Chrome, Linux", ["check"], chromium.origin)
    article = chromium.context.new_page()
    article.goto(f"{site.address}/lemons")
    popup = chromium.open_popup(article)
    popup.wait_for_screen("refuted")
    explanation = popup.run("[...document.querySelectorAll('.actions a')].at(-1).href")
    article.goto(explanation)
    assert article.text_content("h1") == "Contains statements rated false.", "the service is still open to its own page"


def test_a_refusal_ends_it_and_it_can_begin_anew(chromium: Any, stranger: Any, axe: str) -> None:
    welcome, page = begin(chromium, stranger.address)
    page.click("button[value=refuse]")
    welcome.wait_for_selector("#outcome[data-outcome=pairingOver]")
    assert violations(welcome, axe) == []
    with chromium.context.expect_page() as opened:
        welcome.click("#connect")
    opened.value.wait_for_load_state()
    assert opened.value.inner_text(".pairing .code") == welcome.inner_text("#code")


def test_the_popup_leads_to_it_and_it_begins_at_once(chromium: Any, site: Any, stranger: Any) -> None:
    chromium.set_up(address=stranger.address)
    page = chromium.context.new_page()
    page.goto(f"{site.address}/lemons")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("originRefused")
    assert popup.violations() == []
    with chromium.context.expect_page(lambda opened: "/connect" in opened.url) as opened:
        popup.run("document.querySelector('#connect').click()")
    opened.value.wait_for_load_state()
    assert "May this browser check pages?" in opened.value.inner_text("h1")


def test_where_the_extension_is_known_already_nothing_is_asked(chromium: Any, service: Any) -> None:
    welcome = open_welcome(chromium)
    welcome.fill("#address", service.address)
    welcome.click("#begin")
    welcome.wait_for_selector("#outcome[data-outcome=connected]")
    assert welcome.evaluate("chrome.storage.local.get('settings')")["settings"] == {
        "address": service.address,
        "key": "",
    }


def test_a_key_is_shown_to_no_other_service(chromium: Any, service: Any, stranger: Any) -> None:
    chromium.set_up(address=stranger.address, key="gck_secret_of_the_other")
    welcome = open_welcome(chromium)
    welcome.fill("#address", service.address)
    welcome.click("#begin")
    welcome.wait_for_selector("#outcome[data-outcome=connected]")
    options = chromium.open_options()
    assert options.input_value("#key") == ""


# ---------------------------------------------------------------- a hostile page


def test_a_page_can_neither_frame_the_press_nor_send_it(chromium: Any, site: Any, stranger: Any) -> None:
    welcome, page = begin(chromium, stranger.address)
    code = welcome.inner_text("#code")
    address = f"{stranger.address}/connect"
    site.pages["/press"] = (
        f"<!doctype html><title>x</title><iframe src='{address}?code={code}'></iframe>"
        f"<form method=post action='{address}' target=f enctype='text/plain'>"
        f"<input name=code value='{code}'><input name=decision value=allow></form><iframe name=f></iframe>"
    )
    hostile = chromium.context.new_page()
    hostile.goto(f"{site.address}/press")
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
        hostile.evaluate("(kind) => { document.forms[0].enctype = kind; document.forms[0].submit() }", kind)
        hostile.wait_for_timeout(100)
    sent = hostile.evaluate(
        """async ([address, code]) => {
            const body = new URLSearchParams({code, decision: "allow"});
            const tries = [{mode: "no-cors", body}, {body}, {mode: "no-cors", credentials: "include", body}];
            const done = tries.map((each) => fetch(address, {method: "POST", ...each}).then((r) => r.type, () => "refused"));
            const begun = fetch(address.replace("/connect", "/v1/pairings"), {method: "POST",
                headers: {"Content-Type": "application/json"}, body: '{"name": "x"}'}).then(() => "begun", () => "refused");
            return Promise.all([...done, begun]);
        }""",
        [address, code],
    )
    assert sent == ["refused"] * 4
    assert len(hostile.frames) == 3
    assert [frame.query_selector("button") for frame in hostile.frames] == [None] * 3
    assert not welcome.query_selector("#outcome[data-outcome=connected]")
    page.click("button[value=allow]")
    welcome.wait_for_selector("#outcome[data-outcome=connected]")
