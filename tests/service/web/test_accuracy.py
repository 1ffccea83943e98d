"""The page that says how often a match is wrong, and the plot on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from index.pairs.protocol import Bin, OnPosts
from service.web.reliability import HEIGHT, MAX_RADIUS, WIDTH, draw_dots


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Wie oft ein Treffer falsch ist", "Deutsche Texte", "2,1\xa0%", "25\xa0%", "81\xa0%", "1.234")),
        ("en", ("How often a match is wrong", "German texts", "2.1\xa0%", "25\xa0%", "81\xa0%", "1,234")),
    ],
)
def test_the_measured_rates_are_published(house: Any, measured: Any, language: str, words: tuple[str, ...]) -> None:
    page = house.client.get(f"/docs/accuracy?lang={language}").text
    assert [each for each in words if each not in page] == []
    assert page.count("<circle") == len(measured.bins)
    assert "rules-2" in page
    assert house.application.checker.versions().thresholds in page  # as checks name them


def test_it_says_how_often_a_match_is_wrong_on_real_posts_too(house: Any, measured: Any) -> None:
    page = house.client.get("/docs/accuracy?lang=de").text
    assert "153 Beiträge aus einer öffentlichen Sammlung (a collection)" in page
    assert "mit 7.235 Aussagen verglichen, unter denen ihre eigene fehlte. Davon bekamen 29\xa0% einen Treffer" in page
    assert "der Anteil ist also eine Obergrenze" in page


def test_where_no_real_post_got_a_match_no_bound_is_explained(house: Any, measured: Any) -> None:
    none = replace(measured, outside=replace(measured.outside, false_matches=0.0))
    house.application.index.current().pair_model.measured = {"de": none}
    page = house.client.get("/docs/accuracy?lang=de").text
    assert "bekamen 0\xa0% einen Treffer" in page
    assert "Obergrenze" not in page


@pytest.mark.parametrize(
    ("language", "real", "own", "found"),
    [
        ("de", "Echte Beiträge (a collection)", "Beiträge, für dieses Projekt geschrieben", "63\xa0%"),
        ("en", "Real posts (a collection)", "Posts written for this project", "63\xa0%"),
    ],
)
def test_it_says_what_is_found_for_whole_posts_real_ones_and_ours(
    house: Any, measured: Any, language: str, real: str, own: str, found: str
) -> None:
    bins = (Bin(9, 0.1, 0.2), Bin(5, 0.9, 0.8))
    posts = (OnPosts("a collection", 243, 0.63, 0.96, 0.035, bins), OnPosts("", 170, 0.41, 0.77, 0.125, bins))
    house.application.index.current().pair_model.measured = {"de": replace(measured, posts=posts)}
    page = house.client.get(f"/docs/accuracy?lang={language}").text
    assert page.index(real) < page.index(found) < page.index(own)
    assert page.count("<circle") == len(measured.bins) + 2 * len(bins)


def test_it_says_that_a_match_needs_more_on_a_long_page(house: Any) -> None:
    assert "mehr als 4 Sätze" in (page := house.client.get("/docs/accuracy?lang=de").text)
    assert "bei 20 Sätzen 94\xa0%" in page  # odds of .8, times 5 to the power of .8


def test_what_was_not_measured_is_said_not_to_be(house: Any) -> None:
    page = house.client.get("/docs/accuracy").text
    assert "has not measured the pair model" in page
    assert "<circle" not in page


def test_a_match_names_the_rate_of_its_language_and_leads_there(house: Any, measured: Any, screens: Any) -> None:
    page = house.client.get(screens.path("refuted") + "?lang=de").text
    assert "Von deutschen Texten ohne passende Aussage bekommen 2,1\xa0% trotzdem einen Treffer." in page
    assert 'href="/docs/accuracy?lang=de"' in page


def test_while_the_index_is_loading_the_page_says_so(empty_house: Any) -> None:
    assert empty_house.client.get("/docs/accuracy").status_code == 503


def test_dots_stand_at_confidence_and_share_and_grow_with_their_pairs() -> None:
    many, few = draw_dots([Bin(400, 0.0, 0.0), Bin(100, 1.0, 0.75)])
    assert (many.x, many.y, many.radius) == (0, HEIGHT, MAX_RADIUS)
    assert (few.x, few.y, few.radius) == (WIDTH, HEIGHT / 4, MAX_RADIUS / 2)
    assert draw_dots([]) == []
