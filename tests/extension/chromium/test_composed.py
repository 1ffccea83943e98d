"""Pages that show more than their children: shadow roots and frames of the same site are sent, and marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

LEMONS = "Hot lemon water has cured diabetes within 7 days."
AROUND = (
    "<p>Our neighbour has squeezed lemons every morning since spring, and she tells everybody about it.</p>"
    f"<p>{LEMONS}</p>"
    "<p>The market on the square sells them by the kilogram, and the queue grows longer every week.</p>"
)
ARTICLE = f"<article><h1>A week of lemons</h1>{AROUND}</article>"
HEAD = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lemons</title></head><body>'
ATTACH = "document.querySelector('x-page').attachShadow({mode: 'open'}).innerHTML"
PAGES = {
    "a root written by a script": f"{HEAD}<x-page></x-page><script>{ATTACH} = `{ARTICLE}`</script>",
    "a declared root": f"{HEAD}<x-page><template shadowrootmode='open'>{ARTICLE}</template></x-page>",
    "text in a slot": f"{HEAD}<x-page>{AROUND}</x-page><script>{ATTACH} = '<article><h1>Lemons</h1><slot></slot></article>'</script>",
    "a root in a root": (
        f"{HEAD}<x-page></x-page><script>{ATTACH} = '<main><x-in></x-in></main>';"
        "document.querySelector('x-page').shadowRoot.querySelector('x-in').attachShadow({mode: 'open'}).innerHTML ="
        f"`{ARTICLE}`</script>"
    ),
    "a frame": f"{HEAD}<iframe src='/framed' width=600 height=400></iframe>",
}
HIGHLIGHTED = """() => [window, ...Array.from(frames)].flatMap((view) =>
    [...(view.CSS.highlights.get('gegencheck-refuted') ?? [])].map((range) => range.toString()))"""


@pytest.fixture
def show(chromium: Any, site: Any, service: Any) -> Callable[[str], Any]:
    """Shows a page that is gone before the service could read it."""
    chromium.set_up(address=service.address)

    def run(html: str) -> Any:
        site.pages["/shown"] = html
        site.pages["/framed"] = f"{HEAD}{ARTICLE}"
        page = chromium.context.new_page()
        page.goto(f"{site.address}/shown")
        del site.pages["/shown"]
        return page

    return run


@pytest.fixture
def send(chromium: Any) -> Callable[[Any], Any]:
    """Sends what is on a page, by the popup, and waits for its verdict."""

    def run(page: Any) -> Any:
        popup = chromium.open_popup(page)
        popup.wait_for_screen("could_not_read")
        popup.click("Send what is on this page")
        popup.wait_for_screen("refuted")
        return popup

    return run


@pytest.mark.parametrize("kind", PAGES)
def test_what_is_seen_is_sent_and_marked(show: Any, send: Any, card_of: Any, kind: str) -> None:
    page = show(PAGES[kind])
    popup = send(page)
    popup.wait_for("document.querySelector('#marks').dataset.found === 'exact'")
    assert page.evaluate(HIGHLIGHTED) == [LEMONS]
    popup.run(
        "[...document.querySelectorAll('button')].find((each) => each.textContent === 'Show on the page').click()"
    )
    card_of(page).wait_for("False · Example Checks")


@pytest.mark.parametrize("kind", ["a root written by a script", "a frame"])
def test_marks_are_drawn_where_they_lie(show: Any, send: Any, kind: str) -> None:
    """The same sentence, once marked and once not, is drawn in other colours."""
    page = show(PAGES[kind])
    before = page.screenshot()
    popup = send(page)
    popup.wait_for("document.querySelector('#marks').dataset.found === 'exact'")
    popup.close()
    page.wait_for_timeout(100)
    assert page.screenshot() != before


def test_a_page_s_elements_do_not_come_to_life_when_it_is_sent(show: Any, send: Any) -> None:
    page = show(
        f"{HEAD}<x-page></x-page><script>let made = 0; customElements.define('x-page', class extends HTMLElement "
        "{ constructor() { super(); made += 1; document.title = String(made); "
        f"this.attachShadow({{mode: 'open'}}).innerHTML = `{ARTICLE}` }} }})</script>"
    )
    send(page)
    assert page.title() == "1"


def test_after_one_consent_pages_of_a_site_are_read_from_the_screen_by_themselves(
    chromium: Any, site: Any, service: Any, wire: Any
) -> None:
    chromium.set_up(address=service.address)
    page = chromium.context.new_page()
    for number in range(2):
        site.pages[f"/script-{number}"] = PAGES["a root written by a script"]
        page.goto(f"{site.address}/script-{number}")
        del site.pages[f"/script-{number}"]
        popup = chromium.open_popup(page)
        if number == 0:
            popup.wait_for_screen("could_not_read")
            assert '"html"' not in "".join(each.body for each in wire.sent_to(service.address)), (
                "nothing before consent"
            )
            assert popup.violations() == []
            popup.click(f"Always on {site.address.removeprefix('http://')}")
        popup.wait_for_screen("refuted")
        popup.close()
    options = chromium.open_options()
    assert options.inner_text("#screen-sites span") == site.address.removeprefix("http://")
    options.click("#screen-sites button")
    options.wait_for_selector("#screen", state="hidden")
    assert options.evaluate("chrome.storage.local.get('settings')")["settings"]["screen"] == []


@pytest.mark.parametrize(
    ("kind", "select"),
    [
        ("a root written by a script", "getSelection().selectAllChildren(document.body)"),
        ("text in a slot", "getSelection().selectAllChildren(document.body)"),
        ("a root in a root", "getSelection().selectAllChildren(document.documentElement)"),
        ("a frame", "frames[0].getSelection().selectAllChildren(frames[0].document.querySelector('article'))"),
        ("a root written by a script", "document.querySelector('x-page').shadowRoot.getSelection()"
         ".selectAllChildren(document.querySelector('x-page').shadowRoot.querySelector('article'))"),
    ],
)  # fmt: skip
def test_a_selection_holds_what_is_seen_to_be_selected(allowed: Any, site: Any, kind: str, select: str) -> None:
    site.pages["/shown"] = PAGES[kind]
    site.pages["/framed"] = f"{HEAD}{ARTICLE}"
    page = allowed.context.new_page()
    page.goto(f"{site.address}/shown")
    page.evaluate(select)
    options = allowed.open_options()
    read = options.evaluate(
        """async (url) => {
            const [tab] = await chrome.tabs.query({url});
            return (await import('/page/capture.js')).readSelection(tab.id);
        }""",
        f"{site.address}/shown",
    )
    assert read.splitlines()[-2:] == [
        LEMONS, "The market on the square sells them by the kilogram, and the queue grows longer every week.",
    ]  # fmt: skip


def test_of_a_part_that_is_selected_only_that_part_is_read(allowed: Any, site: Any) -> None:
    page = allowed.context.new_page()
    page.goto(f"{site.address}/lemons")
    page.evaluate(
        """() => { const text = document.querySelectorAll('p')[1].firstChild;
        getSelection().setBaseAndExtent(text, 4, text, 15) }"""
    )
    options = allowed.open_options()
    query = "chrome.tabs.query({url: '*://127.0.0.1/lemons'}).then(async ([tab]) => (await import('/page/capture.js')).readSelection(tab.id))"
    assert options.evaluate(query) == "lemon water"
