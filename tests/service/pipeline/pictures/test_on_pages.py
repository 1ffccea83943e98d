"""Which pictures of a page are worth reading."""

from __future__ import annotations

import pytest

from service.models import Page
from service.pipeline.pictures.on_pages import MOST, find_pictures, source_of

URL = "https://blatt.example/artikel/ulm"


def found(body: str, head: str = "") -> list[str]:
    source = f"<html><head>{head}</head><body><main><h1>Ulm</h1><p>Ein Absatz.</p>{body}</main></body></html>"
    return [one.url for one in find_pictures(Page(URL, URL, source, "text/html", fetched=True))]


def test_the_lead_image_comes_first_and_several_sizes_of_it_are_one() -> None:
    head = '<meta property="og:image" content="/lead.jpg"><meta property="og:image" content="/lead-klein.jpg">'
    assert found('<img src="a.png">', head) == ["https://blatt.example/lead.jpg", "https://blatt.example/artikel/a.png"]


def test_a_lead_image_in_the_article_keeps_its_caption() -> None:
    head = '<meta property="og:image" content="/lead.jpg">'
    body = (
        '<figure><img src="/lead.jpg" alt="Ein Plakat"><figcaption>Das <b>Plakat</b> am Rathaus</figcaption></figure>'
    )
    source = f"<html><head>{head}</head><body><main><h1>Ulm</h1>{body}</main></body></html>"
    (one,) = find_pictures(Page(URL, URL, source, "text/html", fetched=True))
    assert (one.alt, one.caption) == ("Ein Plakat", "Das Plakat am Rathaus")


def test_at_most_six_are_read() -> None:
    assert len(found("".join(f'<img src="{n}.png">' for n in range(20)))) == MOST == 6


@pytest.mark.parametrize(
    "body",
    [
        '<img src="x.png" width="100" height="80">',
        '<img src="x.png" class="author-avatar">',
        '<img src="data:image/png;base64,AAAA">',
        '<img src="ftp://blatt.example/x.png">',
        '<img src="javascript:alert(1)">',
        '<img src="https://[::1/x.png">',
        "<img>",
        '<nav><img src="x.png"></nav>',
        '<footer><img src="x.png"></footer>',
        '<div style="display:none"><img src="x.png"></div>',
    ],
)
def test_signs_navigation_and_addresses_that_are_none_are_left_out(body: str) -> None:
    assert found(body) == []


def test_the_largest_size_that_is_read_as_it_is_is_taken() -> None:
    assert found('<img src="s.png" srcset="m.png 800w, l.png 1600w, xl.png 4000w">')[0].endswith("/l.png")
    assert found('<img src="s.png" srcset="xl.png 4000w">')[0].endswith("/xl.png")
    assert found('<picture><source srcset="w.webp 1200w"><img src="s.png"></picture>')[0].endswith("/w.webp")


def test_a_picture_that_a_script_shows_later_is_found() -> None:
    assert found('<img src="data:image/gif;base64,R0" data-src="spaet.png">')[0].endswith("/spaet.png")


def test_what_is_no_html_has_no_pictures() -> None:
    assert find_pictures(Page(URL, URL, "<img src=x.png>", "text/plain", fetched=True)) == ()


def test_a_hostile_list_of_sizes_takes_no_time() -> None:
    assert source_of(hostile()) == "x.png"


def hostile() -> object:
    from lxml import html

    return html.fromstring(f'<div><img src="x.png" srcset="{"a" * 200_000}, {"b " * 50_000}"></div>').find("img")
