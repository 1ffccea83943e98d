"""The popup in real Chromium: opened by its button on a served page, against the real service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.disk import lock_alone
from service import wording

pytestmark = pytest.mark.browser


def test_before_a_service_is_named_nothing_leaves_the_browser(chromium: Any, site: Any, wire: Any) -> None:
    page = chromium.context.new_page()
    page.goto(f"{site.address}/lemons")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("firstRun")
    assert "Not connected to a service yet." in popup.text
    assert [each.url for each in wire.log if not each.url.startswith(site.address)] == []
    assert popup.violations() == []


def test_from_the_button_to_the_verdict(chromium: Any, site: Any, service: Any) -> None:
    chromium.set_up(address=service.address)
    page = chromium.context.new_page()
    page.goto(f"{site.address}/lemons")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("refuted")
    assert "Contains statements rated false." in popup.text
    assert "Example Checks rated a similar statement “False” on 3 May 2021." in popup.text
    assert "Hot lemon water has cured diabetes within 7 days." in popup.text
    assert popup.run("document.querySelector('.fact-check').href") == "https://checks.example/lemons"
    accuracy = popup.run("[...document.querySelectorAll('.source a')].at(-1).href")
    assert accuracy == f"{service.address}/docs/accuracy?lang=en"
    explanation = popup.run("[...document.querySelectorAll('.actions a')].at(-1).href")
    assert explanation.startswith(f"{service.address}/checks/")
    assert popup.run("document.activeElement.textContent") == "Contains statements rated false."
    assert popup.violations() == []
    page.goto(explanation)
    assert page.text_content("h1") == "Contains statements rated false."


def test_the_popup_is_as_wide_as_it_is_meant_to_be(chromium: Any, site: Any, service: Any) -> None:
    chromium.set_up(address=service.address)
    page = chromium.context.new_page()
    page.goto(f"{site.address}/lemons")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("refuted")
    popup.wait_for("innerWidth >= 400")
    assert popup.run("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("path", "state"), [("/quiet", "nothing_to_check"), ("/tram", "not_enough_evidence")])
def test_nothing_found_is_said_as_such(chromium: Any, site: Any, service: Any, path: str, state: str) -> None:
    chromium.set_up(address=service.address)
    page = chromium.context.new_page()
    page.goto(site.address + path)
    popup = chromium.open_popup(page)
    popup.wait_for_screen(state)
    assert wording.say("en", f"{state}.lead") in popup.text
    assert popup.violations() == []


def test_the_language_can_be_chosen(chromium: Any, site: Any, service: Any) -> None:
    chromium.set_up(address=service.address, language="de")
    page = chromium.context.new_page()
    page.goto(f"{site.address}/lemons")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("refuted")
    assert "Enthält widerlegte Aussagen." in popup.text
    assert "Faktencheck lesen" in popup.text


def test_a_page_the_service_cannot_read_is_sent_only_when_asked(chromium: Any, site: Any, service: Any) -> None:
    site.pages["/soon-gone"] = site.pages["/lemons"]
    chromium.set_up(address=service.address)
    page = chromium.context.new_page()
    page.goto(f"{site.address}/soon-gone")
    del site.pages["/soon-gone"]
    popup = chromium.open_popup(page)
    popup.wait_for_screen("could_not_read")
    assert "your Gegencheck service gets what you see on this page" in popup.text
    assert popup.violations() == []
    popup.click("Send what is on this page")
    popup.wait_for_screen("refuted")
    assert "Example Checks" in popup.text


def test_a_private_page_can_be_sent_as_well(chromium: Any, site: Any, service: Any, start: Any) -> None:
    closed = start(like=service, fetch="")
    chromium.set_up(address=closed.address)
    page = chromium.context.new_page()
    page.goto(f"{site.address}/quiet")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("refused")
    assert popup.violations() == []
    popup.click("Send what is on this page")
    popup.wait_for_screen("nothing_to_check")


def test_of_a_private_link_nothing_is_on_the_screen_that_could_be_sent(chromium: Any, service: Any) -> None:
    chromium.set_up(address=service.address)
    window = chromium.open_options()
    window.evaluate("chrome.storage.session.set({'pending-1': {url: 'http://10.0.0.1/a'}})")
    window.goto(f"{chromium.origin}/popup/popup.html?pending=1")
    window.wait_for_selector("body[data-screen=refusedLink]")
    assert "Open the page, and check it there with the extension." in window.inner_text("#content")
    assert window.query_selector("#content button") is None


CUT = "This page is very long. Only its beginning was sent and checked."


def send_long_page(chromium: Any, site: Any, service: Any, wire: Any, path: str, filling: str) -> tuple[Any, Any, str]:
    """Open a page that only the browser has, and send what is on it; the page, the popup and what was sent."""
    site.pages[path] = site.pages["/lemons"].replace("<footer>", f"{filling}<footer>")
    chromium.set_up(address=service.address)
    page = chromium.context.new_page()
    page.goto(site.address + path)
    del site.pages[path]
    popup = chromium.open_popup(page)
    popup.wait_for_screen("could_not_read")
    assert CUT not in popup.text
    popup.click("Send what is on this page")
    popup.wait_for_screen("refuted")
    [sent] = [each.body for each in wire.sent_to(service.address) if '"html"' in each.body]
    return page, popup, json.loads(sent)["html"]


def test_a_page_longer_than_the_service_takes_is_cut_and_that_is_said(
    chromium: Any, site: Any, service: Any, wire: Any
) -> None:
    filling = f"<div data-state='{'ü' * 2_600_000}'></div>"  # 5.2 MB in UTF-8
    page, popup, sent = send_long_page(chromium, site, service, wire, "/long", filling)
    assert CUT in popup.text
    assert 4_899_990 < len(sent.encode()) <= 4_900_000
    assert popup.violations() == []
    popup.close()
    again = chromium.open_popup(page)
    again.wait_for_screen("refuted")
    assert CUT in again.text, "it is remembered with the check"
    site.pages["/long"] = site.pages["/lemons"]
    again.click("Check again")
    again.wait_for("!document.body.textContent.includes('Check again')")
    again.wait_for_screen("refuted")
    assert CUT not in again.text, "this time the service has read the whole page"


def test_a_page_that_is_long_by_its_scripts_and_pictures_is_sent_whole(
    chromium: Any, site: Any, service: Any, wire: Any
) -> None:
    picture = f"<img alt='' src='data:image/gif;base64,{'A' * 2_000_000}'>"
    filling = f"<script>const state = '{'x' * 4_000_000}'</script>{picture}"
    _, popup, sent = send_long_page(chromium, site, service, wire, "/heavy", filling)
    assert CUT not in popup.text
    assert "xxxx" not in sent
    assert "AAAA" not in sent
    assert sent.endswith("</html>")


def test_a_page_that_browsers_keep_to_themselves(chromium: Any, service: Any) -> None:
    chromium.set_up(address=service.address)
    page = chromium.context.new_page()
    page.goto("chrome://version")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("cannotRead")
    assert popup.violations() == []


def test_a_service_that_is_not_there(chromium: Any, site: Any, free_port: int) -> None:
    chromium.set_up(address=f"http://127.0.0.1:{free_port}")
    page = chromium.context.new_page()
    page.goto(f"{site.address}/lemons")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("noService")
    assert f"http://127.0.0.1:{free_port}" in popup.text
    assert popup.violations() == []


def test_a_service_that_may_not_be_read_is_told_from_one_that_is_not_there(chromium: Any, site: Any) -> None:
    # It answers, but not to extensions; under another name than the page's, which pressing the button lets us read.
    address = site.address.replace("127.0.0.1", "localhost")
    chromium.set_up(address=address)
    page = chromium.context.new_page()
    page.goto(f"{site.address}/lemons")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("noAccess")
    assert popup.violations() == []
    popup.run("chrome.permissions.request = async (wanted) => { globalThis.wanted = wanted; return false }")
    popup.click(f"Allow access to {address}")
    assert popup.wait_for("globalThis.wanted") == {"origins": ["http://localhost/*"]}


def test_a_service_that_does_not_know_this_browser_offers_to_connect_it(
    chromium: Any, site: Any, stranger: Any
) -> None:
    chromium.set_up(address=stranger.address)
    page = chromium.context.new_page()
    page.goto(f"{site.address}/lemons")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("originRefused")
    assert popup.violations() == []
    assert popup.run("document.querySelector('#connect').textContent") == "Connect"


def test_a_wrong_key(chromium: Any, site: Any, service: Any) -> None:
    chromium.set_up(address=service.address, key="wrong")
    page = chromium.context.new_page()
    page.goto(f"{site.address}/lemons")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("wrongKey")
    assert popup.violations() == []


def test_an_index_that_is_not_ready(chromium: Any, site: Any, start: Any, tmp_path: Path) -> None:
    models = tmp_path / "service-0" / "models"
    models.mkdir(parents=True)
    with (models / ".lock").open("w") as lock:
        lock_alone(lock)  # so the service waits to prepare its model
        loading = start()
        chromium.set_up(address=loading.address)
        page = chromium.context.new_page()
        page.goto(f"{site.address}/lemons")
        popup = chromium.open_popup(page)
        popup.wait_for_screen("indexNotReady")
        assert popup.violations() == []


def test_what_publishers_wrote_stays_text(chromium: Any, site: Any, service: Any) -> None:
    service.write("/v1/statements", {
        "claim_reviewed": "The town hall of Oberhausen was sold to a circus for 12 euros.",
        "url": "https://checks.example/circus", "publisher": {"name": "<img src=x onerror=alert(1)>"},
        "rating": {"alternate_name": "False"},
    })  # fmt: skip
    site.pages["/circus"] = site.pages["/lemons"].replace(
        "Hot lemon water has cured diabetes within 7 days.",
        "The town hall of Oberhausen was sold to a circus for 12 euros.",
    )
    chromium.set_up(address=service.address)
    page = chromium.context.new_page()
    page.goto(f"{site.address}/circus")
    popup = chromium.open_popup(page)
    popup.wait_for_screen("refuted")
    assert "<img src=x onerror=alert(1)>" in popup.text
    assert popup.run("document.querySelectorAll('img').length") == 0
