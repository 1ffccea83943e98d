"""The page about coverage, for whoever may write: figures beside bars, in both languages, in a browser too."""

from __future__ import annotations

from typing import Any

import pytest

from index.models import Publisher, Rating, Statement
from service.sources import SourceKind, SourcePlan
from service.web.sessions import Sessions

FORM = {"Origin": "http://localhost"}
ODD = Statement(
    "Enten fliegen.", "https://odd.example/1", Rating("<b>Einordnung</b>"), Publisher("<i>Odd", "odd.example")
)


def test_every_chart_has_its_figures_and_a_bar(house: Any, screens: Any) -> None:
    house.application.statements.put_many([ODD])
    shown = house.writer.get("/coverage?lang=de").text
    for words in ("Bestand und Bedarf", "2 geprüfte Aussagen im Bestand", "Nach Herausgeber", "Nach Sprache", "Nach Bewertung",
                  "Nach dem Jahr des Faktenchecks", "&lt;b&gt;Einordnung&lt;/b&gt;", "&lt;i&gt;Odd (odd.example)",
                  "1 Wortlaut ist keiner unserer Bewertungen zugeordnet", "kein passender Faktencheck",
                  "Es gibt noch keine Quellen."):  # fmt: skip
        assert words in shown
    assert "<b>Einordnung" not in shown
    assert '<rect width="100.0" height="8"/>' in shown


def test_without_statements_and_checks_it_says_so(empty_house: Any) -> None:
    shown = empty_house.writer.get("/coverage?lang=en").text
    assert "0 verified statements" in shown
    assert "Nothing was checked in the last four weeks." in shown
    assert "By publisher" not in shown


def test_sources_are_shown_with_their_health(house: Any) -> None:
    house.application.sources.add(SourcePlan(SourceKind.FEED, "https://check.example/feed", "Checks"))
    shown = house.writer.get("/coverage?lang=en").text
    assert "<bdi>Checks</bdi>" in shown
    assert "not read yet" in shown


def test_it_is_for_whoever_may_write_by_link_or_key(house: Any) -> None:
    assert 'href="/coverage"' in house.writer.get("/").text
    refused = house.client.get("/coverage")
    assert (refused.status_code, "gegencheck statements coverage" in refused.text) == (401, True)
    key = house.key("write")["Authorization"].removeprefix("Bearer ")
    assert "What is covered" in house.client.post("/coverage?lang=en", data={"key": key}, headers=FORM).text
    weak = house.key("read")["Authorization"].removeprefix("Bearer ")
    assert house.client.post("/coverage", data={"key": weak}, headers=FORM).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme", "width"), [("de", "light", 1200), ("en", "dark", 360)])
def test_it_keeps_nobody_out_in_a_browser(
    house: Any, screens: Any, serve, browser, violations, language, scheme, width
) -> None:
    house.application.statements.put_many([ODD])
    house.application.sources.add(SourcePlan(SourceKind.FEED, "https://check.example/feed", "Checks"))
    links: list[str] = []
    sessions = Sessions(links.append)
    base = serve(house.application, sessions)
    sessions.offer()
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{base}/?token={links[-1]}")
    page.goto(f"{base}/coverage?lang={language}")
    assert page.locator(".bars").count() >= 6
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    widths = page.evaluate(
        "[...document.querySelectorAll('.bars')[0].querySelectorAll('rect')].map((bar) => bar.getBoundingClientRect().width)"
    )
    assert max(widths) > 50
    context.close()
