"""Where redirects lead, and why the way along them ends."""

from __future__ import annotations

import pytest

from service.errors import PageLeadsInCircles, PageNeedsCookies, PageUnavailable
from service.pipeline.redirects import MAX_REDIRECTS, Way, location_of

HERE = "https://zeitung.example/a/b?c=d"


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("https://other.example/", "https://other.example/"),
        ("/x", "https://zeitung.example/x"),
        ("x", "https://zeitung.example/a/x"),
        ("//other.example/x", "https://other.example/x"),
        ("?e=f", "https://zeitung.example/a/b?e=f"),
        (" \t/x\t", "https://zeitung.example/x"),
        ("/zitr\xc3\xb6nchen", "https://zeitung.example/zitrönchen"),
        ("/zitr\xf6nchen", "https://zeitung.example/zitr%F6nchen"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_a_redirect_leads_where_its_header_says(location: str, leads_to: str) -> None:
    for status in (301, 302, 303, 307, 308):
        assert location_of(HERE, status, {"location": location}) == leads_to


@pytest.mark.parametrize(("status", "header"), [(200, {"location": "/x"}), (304, {"location": "/x"}), (300, {"location": "/x"}), (302, {}), (302, {"location": " "})])  # fmt: skip
def test_what_is_no_redirect_leads_nowhere(status: int, header: dict[str, str]) -> None:
    assert location_of(HERE, status, header) is None


def test_what_is_no_address_at_all_is_said() -> None:
    with pytest.raises(PageUnavailable, match="not a web address"):
        location_of(HERE, 302, {"location": "http://[half"})


def walk(*addresses: str, cookies: bool = False) -> tuple[Way, list[bool]]:
    way = Way(cookies=cookies)
    return way, [way.goes_on(address) for address in addresses]


def test_a_way_goes_on_for_five_redirects() -> None:
    way, went = walk(*(f"https://a.example/{number}" for number in range(MAX_REDIRECTS + 2)))
    assert went == [True] * 6 + [False]
    assert type(way.fault()) is PageLeadsInCircles
    assert "more than 5 times" in str(way.fault())


def test_an_address_that_was_asked_before_ends_the_way() -> None:
    way, went = walk("https://a.example/1", "https://a.example/2", "https://a.example/1")
    assert went == [True, True, False]
    assert "in circles" in str(way.fault())


def test_where_cookies_were_handed_out_they_are_the_reason() -> None:
    way, _ = walk("https://a.example/1", "https://a.example/1", cookies=True)
    assert isinstance(way.fault(), PageNeedsCookies)
    assert "from the extension" in str(way.fault())
