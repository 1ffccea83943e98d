"""What the card is to those who read it with a screen reader, by keyboard or in the dark: in Chromium, without a page's scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

OPENED = "() => { const own = Element.prototype.attachShadow; Element.prototype.attachShadow = function () { return own.call(this, {mode: 'open'}) } }"
FILL = """([role, blind]) => {
    globalThis.acted = [];
    globalThis.card = gegencheckCard(role, blind);
    card.fill({
        state: 'refuted', language: 'en', label: 'Gegencheck',
        lines: [{text: 'Contains statements rated false.', part: 'headline'}, {text: 'Example Checks: “False”'}],
        link: {text: 'Read the fact-check', url: 'https://checks.example/'},
        buttons: [{name: 'read', text: 'Read first', act: () => acted.push('read')}],
    }, document.querySelector('p').getBoundingClientRect());
}"""


@pytest.fixture
def page(chromium: Any, extension: Path) -> Any:
    """A page with the card's script in it, as a content script would be."""
    page = chromium.context.new_page()
    page.set_content("<!doctype html><html lang=en><title>Page</title><main><h1>Title</h1><p>Text.</p></main></html>")
    page.add_script = lambda: page.evaluate((extension / "content" / "card.js").read_text(encoding="utf-8"))
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("role", "blind"), [("dialog", False), ("status", True)])
def test_the_card_has_nothing_that_axe_objects_to(page: Any, axe: str, role: str, blind: bool, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.evaluate(OPENED)  # axe cannot look into a closed tree either
    page.add_script()
    page.evaluate(FILL, [role, blind])
    page.evaluate(axe)
    assert page.evaluate("axe.run('html > div').then((found) => found.violations.map((each) => each.id))") == []


def test_the_words_are_read_out_though_the_style_sheet_draws_them(page: Any) -> None:
    page.add_script()
    page.evaluate(FILL, ["status", True])
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    said = {(each["role"]["value"], each.get("name", {}).get("value")) for each in nodes if not each["ignored"]}
    assert {
        ("status", "Gegencheck"), ("StaticText", "Contains statements rated false."), ("StaticText", "Example Checks: “False”"),
        ("link", "Read the fact-check"), ("button", "Read first"),
    } <= said  # fmt: skip


def test_a_press_just_as_the_card_comes_was_not_meant_for_it(page: Any) -> None:
    page.add_script()
    page.evaluate(FILL, ["dialog", False])
    page.evaluate("card.focus()")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.evaluate("card.lay(new DOMRect(90, 300, 10, 10))")  # it has just moved there
    page.keyboard.press("Enter")
    assert page.evaluate("acted") == []
    page.wait_for_timeout(450)
    page.keyboard.press("Enter")
    assert page.evaluate("acted") == ["read"]
