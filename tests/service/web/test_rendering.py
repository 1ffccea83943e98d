"""Pages in the reader's language, with links that may stand on them."""

from __future__ import annotations

from typing import Any

import pytest

from service.web.rendering import page_language, safe_link


@pytest.mark.parametrize(
    ("path", "header", "language"),
    [
        ("/", "de-DE,de;q=0.9", "de"),
        ("/", "de-CH,de;q=0.9", "de-CH"),
        ("/", "fr", "en"),
        ("/", None, "en"),
        ("/?lang=de", "en", "de"),
        ("/?lang=en", "de", "en"),
        ("/?lang=tlh", "de", "de"),
        ("/?lang=", "de", "de"),
    ],
)
def test_the_address_names_the_language_else_the_browser(
    house: Any, path: str, header: str | None, language: str
) -> None:
    with house.app.test_request_context(path, headers={"Accept-Language": header} if header else {}):
        assert page_language() == language


@pytest.mark.parametrize(
    ("url", "shown"), [("https://a.example/1", True), ("javascript:alert(1)", False), (None, False)]
)
def test_only_addresses_of_the_web_stand_on_a_page(url: str | None, shown: bool) -> None:
    assert safe_link(url) == (url if shown else None)


def test_a_page_says_in_which_language_it_is_and_is_kept_nowhere(house: Any) -> None:
    reply = house.client.get("/?lang=de")
    assert reply.headers["Content-Language"] == "de"
    assert reply.headers["Cache-Control"] == "no-store"
    assert {"Accept-Language", "Authorization"} <= {each.strip() for each in reply.headers["Vary"].split(",")}


def test_the_other_language_is_a_link_to_the_same_page(house: Any) -> None:
    assert 'href="/docs/accuracy?lang=en"' in house.client.get("/docs/accuracy?lang=de").text
