"""Posts of WordPress's interface: verdicts by whole slugs, the following page, errors and feeds told apart."""

from __future__ import annotations

import json

import pytest

from index.exchange.ratings import normalize_rating
from index.models import NormalizedRating
from service.errors import PageUnsupported
from service.pipeline.wordpress import WORDS, first_page, read_posts, verdict_words

URL = "https://check.example/wp-json/wp/v2/posts?categories=5"


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("false", "Falsch"), ("partly_false", "Teilweise falsch"), ("Partly-False", "Teilweise falsch"),
        ("faktenforum_false", "Falsch"), ("faktenforum_misleading", "Irreführend"), ("mostly_true", "Größtenteils richtig"),
        ("not_false", None), ("faktenforum_", None), ("falsefalse", None), ("", None), (False, None), (None, None), ({}, None),
    ],
)  # fmt: skip
def test_a_verdict_is_its_whole_slug(slug: object, words: str | None) -> None:
    assert verdict_words(slug) == words


def test_every_verdict_is_understood() -> None:
    assert [words for words in WORDS.values() if normalize_rating(words, "de") is NormalizedRating.UNMAPPED] == []


def test_the_next_page_follows_a_full_one() -> None:
    posts = [{"link": f"/{n}/", "modified_gmt": f"m{n}"} for n in range(100)]
    entries = read_posts(json.dumps(posts).encode(), "", first_page(URL)).entries
    assert entries[0].address == "https://check.example/0/"
    assert (entries[100].address, entries[100].mark, entries[100].is_list, entries[100].follows) == (
        f"{first_page(URL)}&page=2",
        "m99",
        True,
        True,
    )
    third = read_posts(json.dumps(posts).encode(), "", entries[100].address).entries[100]
    assert third.address == f"{first_page(URL)}&page=3"
    assert len(read_posts(json.dumps(posts[1:]).encode(), "", URL).entries) == 99


@pytest.mark.parametrize("content", [b'{"code": "rest_no_route"}', b"[{", b"null", b'"x"', b"<html>", b""])
def test_what_is_neither_posts_nor_a_feed_is_refused(content: bytes) -> None:
    with pytest.raises(PageUnsupported):
        read_posts(content, "application/json", URL)
