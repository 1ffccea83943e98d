"""The web page as an app on a phone: installed, shared with, and without a network."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from doubles import picture_saying

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    from tests.service.conftest import House

FALSE = "Hot lemon water cures diabetes within seven days."
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "is_mobile": True, "has_touch": True}


def test_the_manifest_names_the_app_its_icons_and_what_may_be_shared_with_it(house: House) -> None:
    reply = house.client.get("/manifest.webmanifest?lang=de")
    assert reply.mimetype == "application/manifest+json"
    told = reply.get_json(force=True)
    assert (told["name"], told["lang"], told["display"]) == ("Gegencheck", "de", "standalone")
    assert told["start_url"] == "/?lang=de"
    for icon in told["icons"]:
        size = int(icon["sizes"].split("x")[0])
        with house.client.get(icon["src"]) as found:
            assert found.status_code == 200
            assert found.data[16:24] == size.to_bytes(4) * 2, "the size that the PNG itself names"
    share = told["share_target"]
    assert (share["action"], share["method"]) == ("/share", "POST"), "in no address, where logs would hold it"
    assert share["params"]["files"][0]["name"] == "picture"
    assert "/manifest.webmanifest" in house.client.get("/").text


def test_the_service_worker_stands_at_the_root_and_is_asked_for_again(house: House) -> None:
    with house.client.get("/worker.js") as reply:
        assert (reply.status_code, reply.mimetype) == (200, "text/javascript")
        assert reply.headers["Cache-Control"] == "no-cache"
        assert "worker-src 'self'" in reply.headers["Content-Security-Policy"]


def test_what_is_shared_without_a_worker_stands_in_the_form_and_nothing_is_checked(house: House) -> None:
    data = {"title": "Zeitung", "text": "<b>Ein Text.", "picture": (io.BytesIO(b"x"), "a.png")}
    reply = house.client.post("/share", data=data, headers={"Origin": "http://localhost"})
    assert reply.status_code == 200
    assert "\n&lt;b&gt;Ein Text.</textarea>" in reply.text
    assert house.work() == 0


def test_a_link_that_is_shared_comes_before_its_text_and_title(house: House) -> None:
    data = {"title": "Zeitung", "text": "Lies das", "url": "https://blatt.example/1"}
    shown = house.client.post("/share", data=data, headers={"Origin": "http://localhost"})
    assert "\nhttps://blatt.example/1</textarea>" in shown.text, shown.text


def test_no_foreign_page_shares_anything(house: House) -> None:
    assert (
        house.client.post("/share", data={"text": "x"}, headers={"Origin": "https://evil.example"}).status_code == 403
    )


@pytest.mark.parametrize(("language", "title"), [("de", "Kein Netz"), ("en", "No network")])
def test_there_is_a_page_for_when_there_is_no_network(house: House, language: str, title: str) -> None:
    house.key("check")
    shown = house.client.get(f"/offline?lang={language}")
    assert shown.status_code == 200
    assert f"<h1>{title}</h1>" in shown.text


# ---------------------------------------------------------------- in a browser, with a phone's screen


def open_page(browser: Browser, root: str, **options: Any) -> Page:
    page = browser.new_context(**{**PHONE, "locale": "de", **options}).new_page()
    page.goto(root)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


def check_text(house: House, page: Page, text: str = FALSE) -> str:
    page.fill("#input", text)
    page.click("#ask button[type=submit] >> nth=0")
    page.wait_for_selector("#running")
    house.work()
    page.wait_for_selector(".state-refuted")
    return page.url


@pytest.mark.browser
def test_chromium_finds_nothing_wrong_with_the_manifest_and_installs_it(
    house: House, serve: Callable[[Any], str], browser: Browser
) -> None:
    page = open_page(browser, serve(house.application))
    session = page.context.new_cdp_session(page)
    told = session.send("Page.getAppManifest")
    assert told["errors"] == [], told
    assert told["url"].endswith("/manifest.webmanifest")
    found = [one["errorId"] for one in session.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert set(found) <= {"in-incognito"}, "the only thing wrong is how tests run"
    page.context.close()


@pytest.mark.browser
def test_what_another_app_shares_is_filled_in_and_not_sent(
    house: House, serve: Callable[[Any], str], browser: Browser
) -> None:
    page = open_page(browser, serve(house.application))
    page.evaluate(
        """(bytes) => {
            const form = document.createElement("form");
            form.method = "post"; form.action = "/share"; form.enctype = "multipart/form-data";
            form.innerHTML = '<input name="text" value="Ein Satz."><input type="file" name="picture">';
            const given = new DataTransfer();
            given.items.add(new File([new Uint8Array(bytes)], "a.png", { type: "image/png" }));
            form.querySelector("[type=file]").files = given.files;
            document.body.append(form);
            form.submit();
        }""",
        list(picture_saying(FALSE)),
    )
    page.wait_for_selector("#chosen:visible")
    assert page.input_value("#input") == "Ein Satz."
    assert "#" not in page.url
    assert house.work() == 0
    page.wait_for_function("caches.has('gegencheck-shared').then((there) => !there)")
    page.reload()
    assert page.input_value("#input") == ""
    page.click("#ask button[type=submit] >> nth=0")
    page.context.close()


@pytest.mark.browser
def test_the_browser_keeps_no_result_unless_somebody_ticks_that(
    house: House, serve: Callable[[Any], str], browser: Browser
) -> None:
    root = serve(house.application)
    page = open_page(browser, root)
    address = check_text(house, page)
    assert page.evaluate("caches.has('gegencheck-results')") is False
    page.context.set_offline(True)
    page.goto(address)
    assert page.text_content("h1") == "Kein Netz"
    assert "Kein Ergebnis." in page.text_content("#kept")
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_kept_results_are_shown_without_a_network_until_they_are_forgotten(
    house: House,
    serve: Callable[[Any], str],
    browser: Browser,
    violations: Callable[[Any], list[str]],
    scheme: Any,
) -> None:
    root = serve(house.application)
    page = open_page(browser, root, color_scheme=scheme)
    page.check("#keep-results")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    address = check_text(house, page)
    page.wait_for_function(
        "caches.open('gegencheck-results').then((kept) => kept.keys()).then((keys) => keys.length === 1)"
    )
    page.context.set_offline(True)
    page.goto(root)
    assert page.text_content("h1") == "Kein Netz"
    page.wait_for_selector("#kept a")
    assert violations(page) == []
    page.click("#kept a")
    page.wait_for_selector(".state-refuted")
    assert FALSE in page.text_content("main")
    assert page.locator("form, script").count() == 0, "nothing can be sent from a copy"
    assert violations(page) == []
    page.context.set_offline(False)
    page.goto(address)
    page.click("form[data-forget] button")
    page.wait_for_selector("#keep-results")
    assert (
        page.evaluate("caches.open('gegencheck-results').then((kept) => kept.keys()).then((keys) => keys.length)") == 0
    )
    page.uncheck("#keep-results")
    page.wait_for_function("caches.has('gegencheck-results').then((there) => !there)")
    page.context.close()
