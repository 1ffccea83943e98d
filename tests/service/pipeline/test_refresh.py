"""Where pages lead on by themselves, and where they do not although it looks like it."""

from __future__ import annotations

import pytest

from service.pipeline.refresh import refreshed_address

HERE = "https://news.example/alt/seite?x=1"
THERE = "https://news.example/neu"
ARTICLE = "<p>" + "Der Rat der Stadt hat am Montag lange beraten. " * 30 + "</p>"


def meta(content: str) -> str:
    return f'<meta http-equiv="refresh" content="{content}">'


@pytest.mark.parametrize(
    "source",
    [
        meta("0; url=/neu"), meta("0;URL=/neu"), meta("0;url='/neu'"), meta("3, /neu"), meta("0 url=/neu"), meta(" 1 ; url = /neu "),
        meta("0.5;url=https://news.example/neu"), meta("5;url=/neu") + ARTICLE, meta("0; url=/neu") + ARTICLE,
        meta("15;url=/neu") + "<p>You will be taken to the new page.</p>", "<META CONTENT='0;url=/neu' HTTP-EQUIV=Refresh>",
        f"<noscript>{meta('0; url=/neu')}</noscript><script>go()</script>", f"<head><noscript>{meta('1;url=/neu')}</noscript>",
        "<base href='https://news.example/'>" + meta("0;url=neu"), meta("10") + meta("0;url=/neu"),
        meta("0;url=&#47;neu"),
    ],
)  # fmt: skip
def test_a_page_leads_on(source: str) -> None:
    assert refreshed_address(HERE, {}, source.encode()) == THERE


@pytest.mark.parametrize(
    "source",
    [
        "", ARTICLE, meta("300"), meta("0"), meta("60;url=/neu"), meta("30;url=/neu") + ARTICLE, meta("0;url=/alt/seite?x=1"),
        meta("0;url=?x=1#oben"), meta("0; url="), meta("0;URL = "), meta("5;url"), meta("0;url=javascript:go()"), meta("0;url=mailto:a@b.example"), meta("0; url=http://[broken"),
        f"<noscript>{meta('0; url=/neu')}</noscript>{ARTICLE}", f"<noscript>{meta('0; url=/neu')}</noscript><p>{'wort ' * 60}</p>", f"<!-- {meta('0; url=/neu')} -->", f"<template>{meta('0; url=/neu')}</template>",
        f"<script>document.write('{meta('0; url=/neu')}')</script>", f"<textarea>{meta('0; url=/neu')}</textarea>",
        '<meta name="refresh" content="0; url=/neu">', "<meta http-equiv=refresh>", f"<!-- open {meta('0; url=/neu')}",
    ],
)  # fmt: skip
def test_a_page_stays(source: str) -> None:
    assert refreshed_address(HERE, {}, source.encode()) is None


def test_a_header_counts_like_the_mark_up() -> None:
    assert refreshed_address(HERE, {"refresh": "0; url=/neu"}, ARTICLE.encode()) == THERE
    assert refreshed_address(HERE, {"refresh": "900; url=/neu"}, b"") is None
    assert refreshed_address(HERE, {"refresh": "30"}, ARTICLE.encode()) is None


def test_an_address_that_is_no_utf_8_does_not_stop_the_page() -> None:
    assert refreshed_address(HERE, {}, meta("0;url=/gr\u00f6\u00dfe").encode("latin-1")) is not None
