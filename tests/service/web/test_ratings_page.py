"""The page about rating words, for whoever may write: map them and take that back, in both languages, in a browser too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from index.models import NormalizedRating, Publisher, Rating, Statement
from service.web.sessions import Sessions

FORM = {"Origin": "http://localhost"}
WORDS = "<b>Einordnung</b>"
ODD = Statement("Enten fliegen.", "https://odd.example/1", Rating(WORDS), Publisher("<i>Odd", "odd.example"), "de")
UNSAFE = replace(ODD, claim_reviewed="Enten tauchen.", url="javascript:alert(1)", publisher=Publisher())


def add(house: Any) -> None:
    house.application.statements.put_many([ODD, UNSAFE])


def put(house: Any, **fields: str):
    said = {"words": WORDS, "normalized": "false", **fields}
    return house.writer.post("/ratings/map?lang=en", data=said, headers=FORM, follow_redirects=True)


def test_words_are_shown_with_publishers_and_examples_as_text(house: Any) -> None:
    add(house)
    shown = house.writer.get("/ratings?lang=de").text
    for said in ("Bewertungen zuordnen", "1 Wortlaut ist keiner Bewertung zugeordnet", "bei 2 Aussagen", "&lt;b&gt;Einordnung&lt;/b&gt;",
                 "<bdi>odd.example</bdi> (1)", "<bdi>unbekannt</bdi> (1)", "Enten fliegen.", "nur bei odd.example",
                 "größtenteils falsch", "Hier hat noch niemand"):  # fmt: skip
        assert said in shown
    assert "<b>Einordnung" not in shown
    assert "javascript:" not in shown


def test_words_are_mapped_and_that_is_taken_back_on_the_page(house: Any) -> None:
    add(house)
    shown = put(house).text
    assert "All ratings are mapped." in shown
    assert "for all publishers · 2 statements" in shown
    assert "on this machine" in shown
    (mapped,) = house.application.ratings.list().mapped
    assert mapped.mapping.normalized is NormalizedRating.FALSE
    back = house.writer.post(
        "/ratings/unmap?lang=en", data={"mapping": mapped.mapping.id}, headers=FORM, follow_redirects=True
    )
    assert "Nobody has mapped a rating here yet." in back.text
    again = house.writer.post("/ratings/unmap", data={"mapping": mapped.mapping.id}, headers=FORM)
    assert again.status_code == 303, "somebody else was quicker"


def test_one_may_be_for_a_publisher_alone(house: Any) -> None:
    add(house)
    assert "for odd.example only · 1 statement" in put(house, publisher="odd.example").text


def test_nothing_chosen_is_refused(house: Any) -> None:
    add(house)
    refused = put(house, normalized="")
    assert refused.status_code == 400
    assert "Nothing was mapped. Choose what the words mean." in refused.text
    assert "&lt;b&gt;Einordnung&lt;/b&gt;" in refused.text, "the page is still the one about ratings"
    assert house.application.ratings.list().mapped == ()


def test_many_words_come_in_pages(house: Any) -> None:
    house.application.statements.put_many(
        [replace(ODD, url=f"https://odd.example/{n}", rating=Rating(f"Odd {'x' * n}")) for n in range(11)]
    )
    first = house.writer.get("/ratings?lang=en").text
    assert first.count('name="words"') == 10
    assert "/ratings?lang=en&amp;cursor=10" in first
    assert house.writer.get("/ratings?lang=en&cursor=10").text.count('name="words"') == 1


def test_it_is_for_whoever_may_write_by_link_or_key(house: Any) -> None:
    add(house)
    assert 'href="/ratings"' in house.writer.get("/").text
    assert 'href="/ratings"' in house.writer.get("/coverage").text
    refused = house.client.get("/ratings")
    assert (refused.status_code, "gegencheck ratings list" in refused.text) == (401, True)
    assert (
        house.client.post("/ratings/map", data={"words": WORDS, "normalized": "false"}, headers=FORM).status_code == 401
    )
    key = house.key("write")["Authorization"].removeprefix("Bearer ")
    assert "Map ratings" in house.client.post("/ratings?lang=en", data={"key": key}, headers=FORM).text
    said = {"words": WORDS, "normalized": "false", "key": key}
    done = house.client.post("/ratings/map?lang=en", data=said, headers=FORM).text
    assert 'role="status">Mapped: <bdi>&lt;b&gt;Einordnung' in done
    weak = house.key("read")["Authorization"].removeprefix("Bearer ")
    for path in ("/ratings", "/ratings/map", "/ratings/unmap"):
        assert house.client.post(path, data={**said, "key": weak}, headers=FORM).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme", "width"), [("de", "light", 1200), ("en", "dark", 360)])
def test_it_is_worked_with_in_a_browser(house: Any, serve, browser, violations, language, scheme, width) -> None:
    add(house)
    house.application.ratings.map("Unfug", NormalizedRating.SATIRE, "local", house.clock.read().at, "odd.example")
    links: list[str] = []
    sessions = Sessions(links.append)
    base = serve(house.application, sessions)
    sessions.offer()
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{base}/?token={links[-1]}")
    page.goto(f"{base}/ratings?lang={language}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#means-1").select_option("mixed")
    page.locator("form:has(#means-1) button").click()
    page.wait_for_url(f"{base}/ratings?lang={language}")
    assert page.locator("#means-1").count() == 0
    assert violations(page) == []
    assert [each.mapping.normalized.value for each in house.application.ratings.list().mapped] == ["mixed", "satire"]
    context.close()
