"""Text in the colour of its background: nobody sees it, where the page itself says both."""

from __future__ import annotations

import pytest
from lxml import html

from service.pipeline.colours import colour_of, unseen_by_colour
from service.pipeline.unsaid import simple_rules

LINKED = "<link rel=stylesheet href=/look.css>"


def unseen(body: str, sheet: str = "", head: str = "") -> list[str]:
    """The texts that nobody sees."""
    tree = html.document_fromstring(f"<html><head>{head}<style>{sheet}</style></head><body>{body}</body></html>")
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    return [
        element.text_content()
        for element in elements
        if element in unseen_by_colour(elements, simple_rules(sheet), sheet)
    ]


@pytest.mark.parametrize(
    ("body", "sheet", "head"),
    [
        ("<p style='color:#fff;background:#FFFFFF'>x</p>", "", ""), ("<p style='color: white; background-color: white'>x</p>", "", LINKED),
        ("<p class=w>x</p>", ".w { color: #fff; background: #fff }", LINKED), ("<p id=w>x</p>", "#w{color:rgb(1, 2, 3);background:#010203}", LINKED),
        ("<p class=w style='color:#fefefe'>x</p>", ".w{background:#fff}", LINKED), ("<p style='color:#fff!important;background:#fff'>x</p>", "", ""),
        ("<p style='color:white'>x</p>", "", ""), ("<p><font color=white>x</font></p>", "", ""), ("<p class=w>x</p>", ".w{color:white}", ""),
        ("<p style='color:#222'>x</p>", "body { background: #222 }", ""), ("<p style='color:#222'>x</p>", "html, body{background:#222}", ""),
        ("<div style='background:navy'><p style='color:#000080'>x</p></div>", "", ""), ("<table bgcolor='#eeeeee'><tr><td style='color:#eee'>x</td></tr></table>", "", ""),
    ],
)  # fmt: skip
def test_text_in_the_colour_of_its_background_is_unseen(body: str, sheet: str, head: str) -> None:
    assert "x" in unseen(body, sheet, head)


@pytest.mark.parametrize(
    ("body", "sheet", "head"),
    [
        ("<p style='color:#fff'>x</p>", "", LINKED), ("<p style='color:#fff'>x</p>", ".hero p{background:#000}", ""),
        ("<p style='color:#fff'>x</p>", "@media screen{.a{background:#000}}", ""), ("<p style='color:#fff;background:#000'>x</p>", "", ""),
        ("<div style='background:#003'><p style='color:white'>x</p></div>", "", ""), ("<p class=w>x</p>", "body{background:#222} .w{color:#fff}", ""),
        ("<p class=w>x</p>", ".w{color:#000;background:#000} .w:hover{color:#fff}", ""), ("<p class=w>x</p>", ".w{color:#fff;background:#fff} .dark .w{color:#000}", ""),
        ("<p style='color:#fff;background:url(dark.png) #fff'>x</p>", "", ""), ("<p style='color:#fff;background:linear-gradient(#000,#fff)'>x</p>", "", ""),
        ("<div style='color:#fff;background:#fff'><p style='color:#000'>x</p></div>", "", ""), ("<p style='background:#fff'>x</p>", "", ""),
        ("<p style='color:var(--ink);background:var(--ink)'>x</p>", "", ""), ("<p style='border-color:#fff;background:#fff'>x</p>", "", ""),
        ("<p style='color:#fff;background:none'>x</p>", "", LINKED), ("<p style='color:#777;background:#fff'>x</p>", "", ""), ("<p>x</p>", "", ""),
    ],
)  # fmt: skip
def test_what_may_be_seen_is_read(body: str, sheet: str, head: str) -> None:
    assert unseen(body, sheet, head) == []


def test_colours_in_every_spelling() -> None:
    assert [colour_of(said) for said in ("#fff", "#0A0b0c".lower(), "rgb(7,8,9)", "black")] == [
        (255, 255, 255), (10, 11, 12), (7, 8, 9), (0, 0, 0),
    ]  # fmt: skip
    assert [colour_of(said) for said in ("", "none", "#ffff", "inherit", "rgba(0,0,0,.5)")] == [None] * 5
