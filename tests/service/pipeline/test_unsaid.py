"""What a page does not say: hidden, struck, written by readers; what it quotes; and what only looks like that."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from service.pipeline.unsaid import (
    NOTICE,
    is_clear,
    is_comment,
    is_hidden,
    is_quotation,
    is_struck,
    simple_rules,
    squeezed,
    styled_classes,
    unsaid_elements,
)

TEXT = "Ein Absatz, den alle lesen sollen. " * 10


@pytest.mark.parametrize("box", ["details", "div inert", "section inert=''"])
def test_what_can_be_opened_or_seen_is_said(box: str) -> None:
    assert unsaid(f"<{box}><p>Ein Satz.</p></{box.split()[0]}>") == []


def element(source: str) -> Any:
    return html.fromstring(source)


def unsaid(body: str) -> list[str]:
    """The texts that a page does not say."""
    tree = html.document_fromstring(f"<html><body><h1>Titel</h1><p>{TEXT}</p>{body}</body></html>")
    return [found.text_content() for found in unsaid_elements(tree)]


@pytest.mark.parametrize(
    "source",
    [
        "<p hidden>x</p>", '<p style="display: none">x</p>', '<p style="VISIBILITY:hidden">x</p>',
        '<p style="font-size:0">x</p>', '<p style="text-indent:-9999px">x</p>', '<p style="opacity:0.0">x</p>',
        '<p style="color:transparent">x</p>', '<p style="color:rgba(0, 0, 0, 0)">x</p>', '<p style="color:#0000">x</p>', '<p style="max-height:0;overflow:hidden">x</p>', '<p class="a sr-only">x</p>',
        '<p class="visually-hidden">x</p>', '<p class="d-none">x</p>', '<p id="gone">x</p>',
    ],
)  # fmt: skip
def test_what_nobody_sees_is_hidden(source: str) -> None:
    assert is_hidden(element(source), frozenset({"gone"}))


@pytest.mark.parametrize(
    "source",
    [
        "<p>x</p>", '<p style="font-size:0.8em">x</p>', '<p style="opacity:0.5">x</p>', '<p class="unhidden">x</p>',
        '<p class="hidden md:block">x</p>', '<p class="d-none d-lg-flex">x</p>', '<p class="goner">x</p>',
        '<p style="opacity:0;transition:opacity 1s">x</p>', '<p style="text-indent:-99px">x</p>',
        '<p style="color:transparent;background-clip:text">x</p>', '<p style="color:rgba(0,0,0,.6)">x</p>',
        '<p style="color:#000">x</p>', '<p style="background-color:rgba(0,0,0,0)">x</p>',
    ],
)  # fmt: skip
def test_what_is_seen_somewhere_or_soon_is_not(source: str) -> None:
    assert not is_hidden(element(source), frozenset({"gone"}))


def test_what_is_faded_in_is_on_its_way_to_be_seen() -> None:
    assert is_clear("opacity:0;")
    assert not is_clear("opacity:0;animation:in1s")
    assert is_clear("opacity:0;animation:none")


def test_a_line_through_a_text_takes_it_back() -> None:
    for source in (
        "<del>x</del>",
        "<s>x</s>",
        '<p style="text-decoration: line-through">x</p>',
        '<p class="durchgestrichen">x</p>',
    ):
        assert is_struck(element(source), frozenset())
    assert is_struck(element('<p class="old">x</p>'), frozenset({"old"}))
    assert not is_struck(element('<p style="text-decoration:underline">x</p>'), frozenset())


def test_quotations_and_comments_are_known_by_element_role_and_usual_names() -> None:
    for source in (
        "<blockquote>x</blockquote>",
        "<q>x</q>",
        '<p role="blockquote">x</p>',
        '<p class="wp-block-quote">x</p>',
    ):
        assert is_quotation(element(source))
    assert not is_quotation(element('<p class="quoted-price">x</p>'))
    for source in ('<div id="comments">x</div>', '<p class="user-comment">x</p>', '<p itemprop="comment">x</p>'):
        assert is_comment(element(source))
    for source in (
        '<div typeof="Comment">x</div>',
        '<div typeof="schema:UserComments">x</div>',
        '<div typeof="sioc:Post sioct:Comment">x</div>',
        '<div typeof="http://schema.org/Comment">x</div>',
        '<div property="schema:comment" typeof="CreativeWork">x</div>',
        '<div rel="comment">x</div>',
        '<div itemprop="about comment">x</div>',
    ):
        assert is_comment(element(source)), source
    for source in (
        '<p class="commentary">x</p>',
        '<div typeof="NewsArticle Commentary">x</div>',
        '<p property="commentCount">x</p>',
    ):
        assert not is_comment(element(source)), source


def test_of_a_style_sheet_rules_for_one_name_count_outside_conditions() -> None:
    sheet = "/* .no{} */ .a, div.b { Opacity : 0 } #c{x:y} .d .e{opacity:0} @media print { .f{opacity:0} } .g{z:0}"
    assert simple_rules(sheet) == [("a", "opacity:0"), ("b", "opacity:0"), ("c", "x:y"), ("g", "z:0")]
    assert squeezed(" Color :\n RED ") == "color:red"
    assert squeezed(None) == ""


def test_a_style_sheet_hides_what_no_script_shows_again() -> None:
    sheet = (
        ".a{opacity:0} .b{opacity:0} .b.shown{opacity:1} .c{position:absolute;left:-9999px} .d{left:-9999px}"
        " .e{text-decoration:line-through}"
    )
    elements = list(element(f"<div><style>{sheet}</style></div>").iter())
    assert styled_classes(elements, sheet, simple_rules(sheet)) == (frozenset({"a", "c"}), frozenset({"e"}))


def test_what_is_hidden_and_most_of_the_page_is_shown_by_a_script() -> None:
    assert unsaid("<div hidden>Weg damit.</div>") == ["Weg damit."]
    assert unsaid(f"<div hidden>{TEXT * 3}</div>") == []
    assert unsaid(f'<div hidden class="cookie-dialog">{TEXT * 3}</div>') == [TEXT * 3]
    assert unsaid("<div hidden><h1>Titel</h1></div>") == []


def test_pictures_shown_one_by_one_count_together() -> None:
    slides = f'<p class="slide" hidden>{TEXT}</p>'
    assert unsaid(slides) == [TEXT]
    assert unsaid(slides * 3) == []


def test_a_short_noscript_asks_for_scripts_and_a_long_one_is_the_page() -> None:
    assert unsaid(f"<noscript><p>{'x' * (NOTICE - 1)}</p></noscript>") != []
    assert unsaid(f"<noscript><p>{'x' * NOTICE}</p></noscript>") == []
    assert NOTICE == 400
