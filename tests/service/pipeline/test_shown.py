"""What a person sees on a page, and in which part of it it stands."""

from __future__ import annotations

import pytest

from service.pipeline.shown import TEASER_LETTERS, Part, Shown, look_at, parse_page

LONG = "Die Stadt hat im Jahr 2019 genau 40 Brücken an einen Zirkus verkauft, und niemand hat es bemerkt. " * 4


def seen(body: str, head: str = "<title>Brücken</title>") -> Shown:
    return look_at(parse_page(f"<html><head>{head}</head><body>{body}</body></html>"))


def part_of(body: str, text: str) -> Part:
    (found,) = {
        block.part for block in seen(f"<main><h1>Brücken</h1><p>{LONG}</p></main>{body}").blocks if text in block.text
    }
    return found


def test_blocks_are_what_stands_apart_and_inline_words_belong_together() -> None:
    found = seen("<h1>Brücken</h1><p>Die <b>Stadt</b> <a href=/>zahlt</a>.<br>Heute.</p><ul><li>eins<li>zwei</ul>lose")
    assert [(block.text, block.tag) for block in found.blocks] == [
        ("Brücken", "h1"), ("Die Stadt zahlt. Heute.", "p"), ("eins", "li"), ("zwei", "li"), ("lose", "body"),
    ]  # fmt: skip
    assert found.blocks[1].linked == len("zahlt")
    assert (found.title, found.headings) == ("Brücken", ["Brücken"])


def test_what_nobody_sees_is_not_there() -> None:
    hidden = (
        "<script>s</script><style>t</style><noscript>n</noscript><template>m</template><textarea>a</textarea><!-- c -->"
    )
    found = seen(f"<p>{LONG}</p>{hidden}<p hidden>h</p><p style='display:none'>d</p>")
    assert [block.text for block in found.blocks] == [" ".join(LONG.split())]
    assert found.scripts == 1


@pytest.mark.parametrize(
    ("markup", "part"),
    [
        ("<nav><p>Start</p></nav>", Part.FRAME),
        ("<footer><p>Start</p></footer>", Part.FRAME),
        ("<aside><p>Start</p></aside>", Part.FRAME),
        ("<div role=navigation><p>Start</p></div>", Part.FRAME),
        ("<div class='site-sidebar'><p>Start</p></div>", Part.BESIDE),
        ("<div id=cookie-layer><p>Start</p></div>", Part.BANNER),
        ("<div class=paywall><p>Start</p></div>", Part.WALL),
        ("<dialog><p>Start</p></dialog>", Part.DIALOG),
        ("<dialog open><p>Start</p></dialog>", Part.MAIN),
        ("<div role=dialog class='box is-open'><p>Start</p></div>", Part.MAIN),
        ("<div class=login-modal><p>Start</p></div>", Part.BESIDE),
        ("<div class='related'><p>Start</p></div>", Part.TEASER),
        ("<div class='hentry tag-cookie'><p>Start</p></div>", Part.MAIN),
        ("<p>Start</p>", Part.MAIN),
        ("<nav><dialog><p>Start</p></dialog></nav>", Part.FRAME),
    ],
)
def test_a_part_is_told_by_its_element_role_or_name(markup: str, part: Part) -> None:
    assert part_of(markup, "Start") is part


def test_what_holds_most_of_the_text_is_the_page_whatever_its_name_says() -> None:
    for names in ("modal", "sidebar", "paywall", "cookie-page"):
        (block,) = seen(f"<div class='{names}'><p>{LONG}</p></div>").blocks
        assert block.part is Part.MAIN, names


def test_short_blocks_behind_a_heading_that_announces_other_pages_are_teasers() -> None:
    page = f"<h1>Brücken</h1><p>{LONG}</p><h3>Mehr zum Thema</h3><p>Kurz.</p><h2>Zurück</h2><p>Wieder hier.</p>"
    parts = {block.text: block.part for block in seen(page).blocks}
    assert (parts["Kurz."], parts["Mehr zum Thema"], parts["Wieder hier."]) == (Part.TEASER, Part.TEASER, Part.MAIN)
    long = "a" * TEASER_LETTERS
    found = seen(f"<h1>Brücken</h1><h3>Mehr zum Thema</h3><p>{long}</p>")
    assert [block.part for block in found.blocks if block.text == long] == [Part.MAIN]


def test_boxes_with_linked_headings_announce_other_pages() -> None:
    boxes = "".join(f"<div><h3><a href=/{n}>Meldung {n}</a></h3><p>Kurz {n}.</p></div>" for n in range(3))
    found = seen(f"<main><h1>Brücken</h1><p>{LONG}</p></main><section>{boxes}</section>")
    assert {block.part for block in found.blocks if block.text.startswith("Kurz")} == {Part.TEASER}


def test_pictures_of_the_page_are_counted_without_signs_and_logos() -> None:
    pictures = "<img src=a.jpg><img src=logo.png><img src=b.jpg width=16><img src=c.jpg width=640 class=hero>"
    assert seen(f"<p>{LONG}</p>{pictures}<nav><img src=d.jpg></nav>").pictures == 2


def test_a_field_for_a_password_asks_only_where_it_stands_on_the_page() -> None:
    field = "<input type=Password>"
    assert seen(f"<p>{LONG}</p><form>{field}</form>").asks_password
    assert not seen(f"<p>{LONG}</p><div class=login-modal>{field}</div>").asks_password
    assert not seen(f"<p>{LONG}</p><div hidden>{field}</div>").asks_password


@pytest.mark.parametrize("source", ["", " ", "<!-- nothing -->"])
def test_where_there_is_no_page_nothing_is_seen(source: str) -> None:
    assert look_at(parse_page(source)).blocks == ()


def test_texts_are_asked_for_by_part() -> None:
    found = seen(f"<p>{LONG}</p><nav><p>Start</p></nav><footer><p>Ende</p></footer>")
    assert found.texts(Part.FRAME) == ["Start", "Ende"]
    assert found.texts(Part.WALL) == []
