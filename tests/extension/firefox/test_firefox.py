"""Every door of the extension in real Firefox ESR, against the real service."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

LEMONS = "Hot lemon water has cured diabetes within 7 days."
LOOK = "const {color, paddingTop} = getComputedStyle(box); return [color, paddingTop]"
HIGHLIGHTED = "[...(CSS.highlights.get('gegencheck-refuted') ?? [])].map((range) => range.toString())"


def wait_for(firefox: Any, tab: str, expression: str, seconds: float = 15) -> Any:
    until = time.monotonic() + seconds
    while not (value := firefox.run(expression, tab)):
        assert time.monotonic() < until, f"never {expression}"
        time.sleep(0.03)
    return value


def checked(firefox: Any, service: Any, address: str) -> tuple[str, Any]:
    firefox.set_up(address=service.address)
    tab = firefox.open(address)
    popup = firefox.open_popup()
    popup.wait_for_screen("refuted")
    return tab, popup


# ---------------------------------------------------------------- popup and page


def test_before_a_service_is_named_nothing_leaves_the_browser(firefox: Any, site: Any, service: Any, wire: Any) -> None:
    firefox.open(f"{site.address}/lemons")
    popup = firefox.open_popup()
    popup.wait_for_screen("firstRun")
    assert wire.sent_to(service.address) == []
    popup.close()


def test_from_the_button_to_the_verdict_and_the_card(firefox: Any, site: Any, service: Any) -> None:
    tab, popup = checked(firefox, service, f"{site.address}/lemons")
    assert "Example Checks rated a similar statement “False” on 3 May 2021." in popup.text
    assert popup.run("document.querySelector('.fact-check').href") == "https://checks.example/lemons"
    popup.wait_for("document.querySelector('#marks').dataset.found === 'exact'")
    assert firefox.run(HIGHLIGHTED, tab) == [LEMONS]
    popup.click("Show on the page")
    firefox.wait_for_card(tab, "Verified statement")
    assert firefox.card(tab, LOOK) == ["rgb(27, 32, 39)", "16px"], "its look has come with it"
    firefox.send(
        "input.performActions", context=tab,
        actions=[{"type": "key", "id": "keys", "actions": [{"type": "keyDown", "value": "\ue00c"}, {"type": "keyUp", "value": "\ue00c"}]}],
    )  # fmt: skip
    wait_for(firefox, tab, "!document.querySelector('html > div')")


def test_the_pointer_on_a_mark_opens_its_card(firefox: Any, site: Any, service: Any) -> None:
    tab, popup = checked(firefox, service, f"{site.address}/lemons")
    popup.wait_for("document.querySelector('#marks').dataset.found === 'exact'")
    popup.close()
    box = firefox.run("[...CSS.highlights.get('gegencheck-refuted')][0].getBoundingClientRect().toJSON()", tab)
    firefox.point(tab, x=round(box["x"] + 20), y=round(box["y"] + box["height"] / 2))
    firefox.wait_for_card(tab, "“False” on 3 May 2021")


def test_a_page_seen_again_has_its_verdict_without_asking_offline_too(
    firefox: Any, site: Any, service: Any, wire: Any
) -> None:
    _, popup = checked(firefox, service, f"{site.address}/lemons")
    popup.close()
    wire.log.clear()
    firefox.run("(Services.io.offline = true)", firefox.window)
    try:
        again = firefox.open_popup()
        again.wait_for_screen("refuted")
        assert "Check again" in again.text
    finally:
        firefox.run("(Services.io.offline = false)", firefox.window)
    assert wire.sent_to(service.address) == []
    again.click("Forget history")
    again.wait_for("document.querySelector('#recent').hidden")
    again.close()


def test_offline_is_said_as_such(firefox: Any, site: Any) -> None:
    firefox.set_up(address="http://service.example:8000")
    firefox.open(f"{site.address}/lemons")
    firefox.run("(Services.io.offline = true)", firefox.window)
    try:
        popup = firefox.open_popup()
        popup.wait_for_screen("offline")
    finally:
        firefox.run("(Services.io.offline = false)", firefox.window)
    popup.close()


@pytest.mark.parametrize(("page", "screen"), [("about:support", "cannotRead"), ("/lemons", "wrongKey")])
def test_states_without_a_verdict(firefox: Any, site: Any, service: Any, page: str, screen: str) -> None:
    firefox.set_up(address=service.address, key="wrong" if screen == "wrongKey" else "")
    firefox.open(page if page.startswith("about:") else f"{site.address}{page}")
    popup = firefox.open_popup()
    popup.wait_for_screen(screen)
    popup.close()


def test_a_page_the_service_cannot_read_is_sent_only_when_asked(
    firefox: Any, site: Any, service: Any, wire: Any
) -> None:
    site.pages["/gone"] = site.pages["/lemons"]
    firefox.set_up(address=service.address)
    firefox.open(f"{site.address}/gone")
    del site.pages["/gone"]
    popup = firefox.open_popup()
    popup.wait_for_screen("could_not_read")
    assert LEMONS not in "".join(each.body for each in wire.log)
    popup.click("Send what is on this page")
    popup.wait_for_screen("refuted")
    assert LEMONS in "".join(each.body for each in wire.sent_to(service.address))
    popup.close()


def test_a_reply_is_copied_and_a_mistake_reported(firefox: Any, site: Any, service: Any) -> None:
    _, popup = checked(firefox, service, f"{site.address}/lemons")
    popup.click("Copy a reply")
    popup.wait_for("document.querySelector('#copy').textContent === 'Copied'")
    assert "https://checks.example/lemons" in firefox.run("navigator.clipboard.readText()", firefox.window)
    popup.run(
        "(document.querySelector('[value=wrong_match]').click(), document.querySelector('#comment').value = 'Other lemons.')"
    )
    popup.click("Send to the service")
    popup.wait_for("!!document.querySelector('#thanks')")
    newest = service.write("/v1/feedback")["feedback"][0]
    assert (newest["kind"], newest["comment"]) == ("wrong_match", "Other lemons.")
    popup.close()


# ---------------------------------------------------------------- context menu


@pytest.mark.parametrize(
    ("path", "prepare", "selector", "words"),
    [
        ("/linking", "0", "#link", "Check this link"),
        ("/lemons", "0", "h1", "Check this page"),
        ("/lemons", "getSelection().selectAllChildren(document.querySelectorAll('p')[1])", "p:nth-of-type(2)", "Check the selection"),
    ],
    ids=["link", "page", "selection"],
)  # fmt: skip
def test_the_context_menu(
    firefox: Any, site: Any, service: Any, wire: Any, path: str, prepare: str, selector: str, words: str
) -> None:
    site.pages["/linking"] = f"<!doctype html><p>Read <a id=link href='{site.address}/lemons'>this</a>.</p>"
    firefox.set_up(address=service.address)
    tab = firefox.open(site.address + path)
    firefox.run(f"({prepare}, 0)", tab)
    before = {each["context"] for each in firefox.contexts()}
    wire.log.clear()
    firefox.click(tab, selector, button=2)
    item = (
        f"[...document.querySelectorAll('#contentAreaContextMenu menuitem')].find((each) => each.label === '{words}')"
    )
    wait_for(firefox, firefox.window, f"!!{item} && document.querySelector('#contentAreaContextMenu').state === 'open'")
    firefox.run(f"({item}.closest('menupopup').activateItem({item}), 0)", firefox.window)
    until = time.monotonic() + 15
    while not (opened := [each for each in firefox.contexts() if each["context"] not in before]):
        assert time.monotonic() < until, "no window"
        time.sleep(0.05)
    wait_for(firefox, opened[0]["context"], "document.body?.dataset.screen === 'refuted'")
    fetched = [each.url for each in wire.log if each.url == f"{site.address}/lemons"]
    assert fetched == [], "the browser opened nothing; the service did"


# ---------------------------------------------------------------- options, badge, pause


def test_an_address_is_tested_when_it_is_saved(firefox: Any, service: Any) -> None:
    tab = firefox.open_options()
    firefox.run(f"(document.querySelector('#address').value = {json.dumps(service.address)}, 0)", tab)
    firefox.click(tab, "#service button[type=submit]")
    wait_for(firefox, tab, "document.querySelector('#outcome').dataset.outcome === 'connected'")


def test_access_to_one_host_is_asked_for(firefox: Any, site: Any) -> None:
    """Something answers that lets no extension read it; with access it shows what it is."""
    tab = firefox.open_options()
    firefox.run(f"(document.querySelector('#address').value = {json.dumps(site.address)}, 0)", tab)
    firefox.click(tab, "#service button[type=submit]")
    wait_for(firefox, tab, "document.querySelector('#outcome').dataset.outcome === 'noAccess'")
    firefox.click(tab, "#allow")
    wait_for(firefox, tab, "document.querySelector('#outcome').dataset.outcome === 'notGegencheck'")
    granted = firefox.run("chrome.permissions.getAll()", tab)
    assert granted["origins"] == ["http://127.0.0.1/*"]


def test_badge_and_pause_look_up_here_and_nothing_leaves_before_a_click(
    firefox: Any, site: Any, service: Any, wire: Any, known_page: str
) -> None:
    firefox.set_up(address=service.address)
    options = firefox.open_options()
    firefox.click(options, "#badge")
    wait_for(firefox, options, "document.querySelector('#filter-state')?.textContent.startsWith('List of')")
    assert firefox.run("chrome.permissions.getAll()", options)["permissions"].count("tabs") == 1
    firefox.run("(document.querySelector('#site').value = '127.0.0.1', 0)", options)
    firefox.click(options, "#pause button")
    wait_for(firefox, options, "document.querySelector('#sites').textContent.includes('127.0.0.1')")

    wire.log.clear()
    tab = firefox.open(known_page)
    badge = "chrome.tabs.query({url: '*://127.0.0.1/*'}).then(async ([tab]) => [await chrome.action.getBadgeText({tabId: tab.id}), await chrome.action.getTitle({tabId: tab.id})])"
    wait_for(firefox, options, f"({badge}).then(([text]) => text === '!')")
    assert firefox.run(badge, options)[1] == "Gegencheck: Contains statements rated false."
    site.pages["/write"] = "<!doctype html><form><textarea id=post rows=5></textarea><button>Post</button></form>"
    firefox.send("browsingContext.navigate", context=tab, url=f"{site.address}/write", wait="complete")
    firefox.send("browsingContext.activate", context=tab)
    firefox.click(tab, "#post")
    firefox.type(tab, f"Look: {known_page}?utm_source=x !")
    card = firefox.wait_for_card(tab, "Contains statements rated false.")
    assert "Read first" in card
    assert "Share anyway" in card
    assert firefox.run("document.activeElement.id", tab) == "post", "it takes nothing from the one who writes"
    assert {(each.url, each.body) for each in wire.sent_to(service.address)} <= {(f"{service.address}/v1/filter", "")}
    sent = {each.url for each in wire.sent_to(site.address)} - {f"{site.address}/favicon.ico"}  # the browser's own
    assert sent == {known_page, f"{site.address}/write"}

    before = {each["context"] for each in firefox.contexts()}
    firefox.press_card(tab, "Read first")
    until = time.monotonic() + 15
    while not (opened := [each for each in firefox.contexts() if each["context"] not in before]):
        assert time.monotonic() < until, "no window"
        time.sleep(0.05)
    wait_for(firefox, opened[0]["context"], "document.body?.dataset.screen === 'refuted'")
    assert [each for each in wire.sent_to(service.address) if each.method == "POST"], "now it asked"


def test_an_organisation_sets_address_key_and_switches(launch: Any, service: Any, tmp_path: Path) -> None:
    folder = tmp_path / ".mozilla" / "managed-storage"
    folder.mkdir(parents=True)
    policy = {
        "address": service.address,
        "key": "of-the-house",
        "highlight": False,
        "badge": "yes",
        "pause": ["x.example"],
    }
    content = {"name": "gegencheck@gegencheck.invalid", "description": "set by us", "type": "storage", "data": policy}
    (folder / "gegencheck@gegencheck.invalid.json").write_text(json.dumps(content), encoding="utf-8")
    with launch(home=tmp_path) as firefox:
        tab = firefox.open_options()
        fields = "['address', 'key', 'highlight', 'badge', 'site'].map((id) => document.getElementById(id).disabled)"
        assert firefox.run(fields, tab) == [True, True, True, False, True], "what is of the wrong kind is left alone"
        assert firefox.run("document.querySelector('#address').value", tab) == service.address
        assert firefox.run("document.querySelector('#highlight').checked", tab) is False
        assert firefox.run("!document.querySelector('#managed').hidden", tab)
        assert "x.example" in firefox.run("document.querySelector('#sites').textContent", tab)


# ---------------------------------------------------------------- connecting


def test_one_press_connects_without_a_key_being_typed(firefox: Any, site: Any, stranger: Any) -> None:
    tab = firefox.open(f"{firefox.origin}/welcome/welcome.html")
    wait_for(firefox, tab, "document.body.dataset.ready")
    firefox.run(f"(document.querySelector('#address').value = {json.dumps(stranger.address)}, 0)", tab)
    firefox.click(tab, "#begin")
    code = wait_for(firefox, tab, "document.querySelector('#code')?.textContent")
    opened = f"{stranger.address}/connect?code={code}"
    until = time.monotonic() + 15
    while not (found := [each for each in firefox.contexts() if each["url"].startswith(opened)]):
        assert time.monotonic() < until
        time.sleep(0.03)
    page = found[0]["context"]
    assert wait_for(firefox, page, "document.querySelector('.pairing .code')?.textContent") == code
    assert firefox.origin in firefox.run("document.body.innerText", page)
    firefox.click(page, "button[value=allow]")
    wait_for(firefox, tab, "document.querySelector('#outcome').dataset.outcome === 'connected'")
    firefox.open(f"{site.address}/lemons")
    firefox.open_popup().wait_for_screen("refuted")


@pytest.mark.parametrize(
    ("where", "key", "screen"),
    [
        ("dead", "", "noService"),
        ("site", "", "noAccess"),
        ("stranger", "", "originRefused"),
        ("stranger", "x", "wrongKey"),
    ],
)
def test_what_keeps_it_from_the_service_is_told_apart(
    firefox: Any, site: Any, stranger: Any, free_port: int, where: str, key: str, screen: str
) -> None:
    addresses = {"dead": f"http://127.0.0.1:{free_port}", "site": site.address, "stranger": stranger.address}
    firefox.set_up(address=addresses[where], key=key)
    firefox.open(f"{site.address}/lemons")
    firefox.open_popup().wait_for_screen(screen)


# ---------------------------------------------------------------- shadow roots and frames


@pytest.mark.parametrize("kind", ["root", "frame"])
def test_what_is_seen_is_sent_and_marked_in_shadow_roots_and_frames(
    firefox: Any, site: Any, service: Any, kind: str
) -> None:
    body = "<p>Our neighbour has squeezed lemons every morning since spring, and she tells everybody about it.</p>"
    article = (
        f"<article><h1>A week of lemons</h1>{body}<p>{LEMONS}</p><p>The queue grows longer every week.</p></article>"
    )
    head = "<!doctype html><html lang=en><meta charset=utf-8><title>Lemons</title><body>"
    attach = "document.querySelector('x-page').attachShadow({mode: 'open'}).innerHTML"
    site.pages["/framed"] = head + article
    pages = {
        "root": f"{head}<x-page></x-page><script>{attach} = `{article}`</script>",
        "frame": f"{head}<iframe src=/framed width=600 height=400></iframe>",
    }
    site.pages["/shown"] = pages[kind]
    firefox.set_up(address=service.address)
    tab = firefox.open(f"{site.address}/shown")
    del site.pages["/shown"]
    popup = firefox.open_popup()
    popup.wait_for_screen("could_not_read")
    popup.click("Send what is on this page")
    popup.wait_for_screen("refuted")
    popup.wait_for("document.querySelector('#marks').dataset.found === 'exact'")
    marked = HIGHLIGHTED if kind == "root" else HIGHLIGHTED.replace("CSS.", "frames[0].CSS.")
    assert firefox.run(marked, tab) == [LEMONS]
    popup.click("Show on the page")
    firefox.wait_for_card(tab, "Verified statement")
