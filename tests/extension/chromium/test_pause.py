"""The pause before sharing in Chromium: every way a link comes into a field is noticed, and none is held up or kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

SENT = """
    globalThis.sent = [];
    document.addEventListener('click', (event) => {
        if (event.target.closest('.send')) sent.push('sent');
    });
"""
LOOKED_MS = 400  # a click on "Post" is looked at within a few


@pytest.fixture
def compose(
    allowed: Any, site: Any, service: Any, fetch_filter: str, wait_until: Callable[[Any, str], None]
) -> Callable[[str], Any]:
    """Opens a page to write on, with the pause switched on and the filter there already."""
    allowed.set_up(address=service.address, pause=["127.0.0.1"])
    options = allowed.open_options()
    options.evaluate(fetch_filter, service.address)
    wait_until(
        options,
        "chrome.scripting.getRegisteredContentScripts({ids: ['pause']}).then((scripts) => scripts.length === 1)",
    )

    def opened(body: str) -> Any:
        site.pages["/write"] = f"<!doctype html><html lang=en><title>Write</title><main>{body}</main></html>"
        page = allowed.context.new_page()
        page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{ {SENT} }})")
        page.goto(f"{site.address}/write")
        page.locator("main").wait_for()
        return page

    return opened


def kept(allowed: Any) -> Any:
    """Everything that the extension keeps, but for the filter, which may be fetched anew at any moment."""
    options = allowed.open_options()
    found = options.evaluate("Promise.all([chrome.storage.local.get(), chrome.storage.session.get()])")
    options.close()
    found[0].pop("filter", None)
    return found


@pytest.fixture
def notice_on(card_of: Any) -> Callable[[Any, str], Any]:
    """Waits for the notice about a link."""

    def waited(page: Any, link: str) -> Any:
        card = card_of(page)
        assert "Contains statements rated false." in card.wait_for(link)
        return card

    return waited


def test_a_click_on_share_is_noticed_goes_through_and_is_not_kept(
    allowed: Any, compose: Any, notice_on: Any, known_page: str, service: Any, wire: Any
) -> None:
    page = compose(
        f"<form onsubmit='return false'><textarea id=post>{known_page}</textarea><button class=send>Post</button></form>"
    )
    before = kept(allowed)
    wire.log.clear()
    page.click(".send")
    assert page.evaluate("sent.length") == 1, "it is said beside it, not in its way"
    card = notice_on(page, known_page)
    card.click("Share anyway")
    assert card.text == ""
    assert page.evaluate("sent.length") == 1, "the press reaches the notice alone"
    page.click(".send")
    assert page.evaluate("sent.length") == 2
    page.wait_for_timeout(LOOKED_MS)
    assert card.text == "", "the link that is shared anyway is not spoken of again"
    page.fill("#post", f"{known_page}?utm_source=other")  # another link, so that there is something to wait for
    notice_on(page, f"{known_page}?utm_source=other")
    assert kept(allowed) == before
    assert wire.sent_to(service.address) == []


@pytest.mark.parametrize(
    "body",
    [
        "<div role=dialog><div id=post contenteditable>{link}</div><div class=send role=button tabindex=0>Post</div></div>",
        "<div role=dialog><input id=audience><textarea id=post>{link}</textarea><button class=send>Post</button></div>",
        "<input type=search aria-label=Search><textarea id=post>{link}</textarea><button class=send>Post</button>",
        "<div id=post contenteditable><a href='{link}'>Read this</a></div><button class=send><b>Post</b></button>",
    ],
    ids=["a dialog", "two fields", "no box around it", "a link behind words"],
)
def test_the_field_is_found_however_a_site_builds_it(compose: Any, notice_on: Any, known_page: str, body: str) -> None:
    page = compose(body.format(link=known_page))
    page.click(".send")
    notice_on(page, known_page)
    assert page.evaluate("sent.length") == 1


def test_after_a_visit_to_another_field_the_one_with_the_link_is_found(
    compose: Any, notice_on: Any, known_page: str
) -> None:
    page = compose(
        f"<form onsubmit='return false'><textarea id=post>{known_page}</textarea><input id=to><button class=send>Post</button></form>"
    )
    page.fill("#to", "everybody")
    page.click(".send")
    notice_on(page, known_page)


def test_a_dropped_link_is_noticed_and_not_taken_away(compose: Any, notice_on: Any, known_page: str) -> None:
    page = compose(f"<a id=link href='{known_page}' style='display: block'>Read this</a><textarea id=post></textarea>")
    page.drag_and_drop("#link", "#post")
    notice_on(page, known_page)
    assert page.input_value("#post") == known_page, "nobody prevented it"


@pytest.mark.parametrize("focus", ["", "autofocus"])
def test_a_field_that_comes_filled_is_noticed(compose: Any, notice_on: Any, known_page: str, focus: str) -> None:
    page = compose(f"<textarea id=post {focus}>Look: {known_page}</textarea>")
    page.keyboard.press("Shift" if focus else "Tab")
    card = notice_on(page, known_page)
    assert page.evaluate("document.activeElement.id") == "post"
    card.click("Share anyway")
    assert page.evaluate("document.activeElement.id") == "post"
    assert page.input_value("#post") == f"Look: {known_page}"


def test_who_uses_the_keyboard_steps_into_the_notice_and_back(compose: Any, notice_on: Any, known_page: str) -> None:
    page = compose(f"<textarea id=post autofocus>Look: {known_page}</textarea>")
    page.keyboard.press("Shift")
    card = notice_on(page, known_page)
    page.keyboard.press("Tab")
    assert card.run("return root.getRootNode().activeElement.dataset.text") == "Read first"
    page.keyboard.press("Tab")
    page.wait_for_timeout(450)
    page.keyboard.press("Enter")
    card.wait_until_gone()
    assert page.evaluate("document.activeElement.id") == "post"


def test_over_a_frame_the_notice_can_be_pressed_too(compose: Any, notice_on: Any, known_page: str) -> None:
    frame = "<iframe srcdoc='<p>A film</p>' style='position: absolute; inset: 0; width: 100%; height: 100%; z-index: -1'></iframe>"
    page = compose(f"<textarea id=post>{known_page}</textarea>{frame}")
    page.click("#post")
    card = notice_on(page, known_page)
    card.click("Share anyway")
    assert card.text == ""


def test_other_links_and_buttons_elsewhere_say_nothing(
    compose: Any, notice_on: Any, card_of: Any, known_page: str, site: Any
) -> None:
    page = compose(
        f"<form onsubmit='return false'><textarea id=post>{site.address}/tram</textarea><button class=send>Post</button></form><p id=p>{known_page}</p>"
    )
    page.click(".send")
    page.click("#p")
    page.wait_for_timeout(LOOKED_MS)
    assert card_of(page).text == ""
    page.fill("#post", known_page)  # it would have been said
    notice_on(page, known_page)


def test_read_first_opens_a_check_of_the_link(allowed: Any, compose: Any, notice_on: Any, known_page: str) -> None:
    page = compose(f"<textarea id=post>{known_page}</textarea>")
    page.click("#post")
    card = notice_on(page, known_page)
    with allowed.context.expect_page() as opened:
        card.click("Read first")
    opened.value.wait_for_selector("body[data-screen=refuted]")


@pytest.mark.parametrize(
    ("around", "path"),
    [("{link}", "/Merkur_(Planet)"), ("({link})", "/Merkur_(Planet)"), ("See {link}, please", "/a?ids[]=1"),
     ("[words]({link})", "/b"), ("[{link}]({link})", "/b(c)"), ("{{{link}}}.", "/d{e}"), ("({link}).", "/f"),
     ("„{link}“", "/g_(h_(i))")],
)  # fmt: skip
def test_links_with_brackets_are_looked_up_whole(
    compose: Any, notice_on: Any, service: Any, site: Any, allowed: Any, around: str, path: str
) -> None:
    """What the extension asks for is read from its own question: the list need not know each of them."""
    page = compose("<textarea id=post></textarea><button class=send>Post</button>")
    worker = allowed.worker
    worker.evaluate(
        "() => { globalThis.asked = []; chrome.runtime.onMessage.addListener((message) => void asked.push(message.links)) }"
    )
    link = f"https://de.example{path}"
    page.fill("#post", around.format(link=link))
    page.click(".send")
    until = 0
    while not (asked := worker.evaluate("() => globalThis.asked")) and until < 100:
        page.wait_for_timeout(50)
        until += 1
    assert asked[0] == [link]


def test_satire_is_named_in_the_words_of_its_check(
    allowed: Any, compose: Any, card_of: Any, known_page: str, service: Any
) -> None:
    page = compose(f"<textarea id=post>{known_page}</textarea>")
    options = allowed.open_options()
    options.evaluate(
        """async ([address, url]) => (await import('/check/history.js')).rememberCheck({url, address, language: 'en',
            at: Date.now(), check: {summary: {lead: 'Contains statements that come from satire.', detail: 'Postillon.'}}})""",
        [service.address, known_page],
    )
    options.close()
    page.click("#post")
    assert "Contains statements that come from satire." in card_of(page).wait_for("Postillon.")
