"""The page about sources, for whoever may write: in both languages, with a key too, and with nobody else's hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.sources import SourceKind, SourcePlan
from service.web.sessions import Sessions

PLAN = SourcePlan(SourceKind.FEED, "https://check.example/feed", "<b>Checks</b>", licence="CC BY")
FORM = {"Origin": "http://localhost"}


def names(house: Any) -> list[str]:
    return [source.plan.name for source in house.application.sources.list()]


@pytest.mark.parametrize(
    ("language", "title", "health", "offer"),
    [
        ("de", "Quellen", "noch nicht gelesen", "Faktenchecker auf Deutsch"),
        ("en", "Sources", "not read yet", "Fact-checkers in German"),
    ],
)
def test_it_shows_how_each_source_is_and_what_could_be_added(house: Any, language, title, health, offer) -> None:
    house.application.sources.add(PLAN)
    shown = house.writer.get(f"/sources?lang={language}").text
    assert f'<h1 class="lead" tabindex="-1">{title}</h1>' in shown
    assert (health in shown, offer in shown, "CORRECTIV.Faktencheck" in shown) == (True, True, True)
    assert "&lt;b&gt;Checks&lt;/b&gt;" in shown
    assert "<b>Checks" not in shown


def test_what_went_wrong_and_what_was_not_taken_is_shown(house: Any) -> None:
    sources = house.application.sources
    source = sources.add(PLAN)
    run = sources.runs.begin(source.id)
    sources.runs.end(replace(run, unvetted={"<i>spam.example": 3}), ("robots-disallow", "No robots."))
    sources.note_health(
        replace(
            source,
            failing_since=source.created_at,
            failures=1,
            problem_code="robots-disallow",
            problem_detail="No <robots>.",
        )
    )
    shown = house.writer.get("/sources?lang=de").text
    assert "funktioniert nicht" in shown
    assert "Die Website erlaubt Programmen diese Adresse nicht" in shown
    assert "No &lt;robots&gt;." in shown
    assert "3 Bewertungen von &lt;i&gt;spam.example" in shown


def test_buttons_do_what_they_say(house: Any) -> None:
    source = house.application.sources.add(PLAN)

    def press(act: str) -> None:
        reply = house.writer.post("/sources/act?lang=de", data={"act": act}, headers=FORM)
        assert (reply.status_code, reply.location) == (303, "/sources?lang=de")

    press(f"pause:{source.id}")
    assert house.application.sources.get(source.id).paused_at is not None
    press(f"resume:{source.id}")
    press(f"refresh:{source.id}")
    assert house.application.schedules.is_queued(source.id)
    press(f"remove:{source.id}")
    press(f"remove:{source.id}")
    assert names(house) == []
    press("preset:german")
    assert names(house)[0] == "CORRECTIV.Faktencheck"
    assert "preset:german" not in house.writer.get("/sources").text


@pytest.mark.parametrize("act", ["", "explode:1", "refresh", ":", "__class__:1"])
def test_other_buttons_do_nothing(house: Any, act: str) -> None:
    assert house.writer.post("/sources/act", data={"act": act}, headers=FORM).status_code in (303, 400)
    assert names(house) == []


def test_a_feed_is_added_by_its_address(house: Any) -> None:
    sent = house.writer.post("/sources/add", data={"address": " https://check.example/feed "}, headers=FORM)
    assert (sent.status_code, names(house)) == (303, ["check.example"])
    for address in ("https://check.example/feed", "http://127.0.0.1/feed", "javascript:alert(1)", ""):
        refused = house.writer.post("/sources/add?lang=de", data={"address": address}, headers=FORM)
        assert refused.status_code == 400
        assert "Dieser Feed wurde nicht hinzugefügt" in refused.text
    assert names(house) == ["check.example"]


def test_nobody_else_sees_or_changes_anything(house: Any) -> None:
    source = house.application.sources.add(PLAN)
    assert house.client.get("/sources").status_code == 401
    assert "gegencheck sources list" in house.client.get("/sources").text
    for data in ({"act": f"remove:{source.id}"}, {"act": "preset:german"}):
        assert house.client.post("/sources/act", data=data, headers=FORM).status_code == 401
        assert (
            house.writer.post("/sources/act", data=data, headers={"Origin": "https://evil.example"}).status_code == 403
        )
    assert len(names(house)) == 1


def test_a_key_in_the_form_is_enough_without_a_script(house: Any) -> None:
    source = house.application.sources.add(PLAN)
    key = house.key("write")["Authorization"].removeprefix("Bearer ")
    assert "Checks" in house.client.post("/sources", data={"key": key}, headers=FORM).text
    done = house.client.post("/sources/act", data={"act": f"pause:{source.id}", "key": key}, headers=FORM)
    assert (done.status_code, "Resume" in done.text) == (200, True)
    assert key not in done.text
    weak = house.key("read")["Authorization"].removeprefix("Bearer ")
    assert (
        house.client.post("/sources/act", data={"act": f"remove:{source.id}", "key": weak}, headers=FORM).status_code
        == 403
    )
    assert len(names(house)) == 1


def test_the_first_page_offers_sources_to_whoever_may_add_some_until_there_are_any(house: Any) -> None:
    offer = "Choose fact-checkers as sources"
    assert offer not in house.client.get("/").text
    assert offer in house.writer.get("/").text
    house.application.sources.add(PLAN)
    assert offer not in house.writer.get("/").text
    assert 'href="/sources"' in house.writer.get("/").text


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme", "width"), [("de", "light", 1200), ("en", "dark", 360)])
def test_it_keeps_nobody_out_and_works_by_keyboard_in_a_browser(
    house: Any, serve, browser, violations, language, scheme, width
) -> None:
    sources = house.application.sources
    for number, plan in enumerate((PLAN, replace(PLAN, address="https://other.example/feed", name="Other"))):
        source = sources.add(plan)
        run = sources.runs.begin(source.id)
        sources.runs.end(replace(run, unvetted={"spam.example": 3}))
        if number:
            sources.note_health(
                replace(
                    source,
                    failing_since=source.created_at,
                    failures=1,
                    problem_code="robots-disallow",
                    problem_detail="No robots.",
                )
            )
    links: list[str] = []
    sessions = Sessions(links.append)
    address = serve(house.application, sessions)
    sessions.offer()
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800}, locale=language)
    page.goto(f"{address}/?token={links[-1]}")
    page.goto(f"{address}/sources")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.focus(f"[value='pause:{source.id}']")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"[value='resume:{source.id}']")
    assert violations(page) == []
    page.close()


def test_the_first_page_says_that_sources_are_in_trouble_to_whoever_may_do_something(house: Any) -> None:
    sources = house.application.sources
    said = "One source does not work, or has had nothing new for long."
    assert said not in house.writer.get("/?lang=en").text
    source = sources.add(PLAN)
    sources.note_health(replace(source, failing_since=house.clock.read().at, problem_code="page-unavailable"))
    assert said in house.writer.get("/?lang=en").text
    assert said not in house.app.test_client().get("/?lang=en").text
    sources.pause(source.id)
    assert said not in house.writer.get("/?lang=en").text, "nobody waits for it"


def test_of_a_source_that_is_read_in_several_runs_that_is_said(house: Any) -> None:
    text = house.writer.get("/sources?lang=de").text
    assert "rund 2.950 Artikel, höchstens 500 in einem Lauf; der erste Lauf dauert etwa 33 Minuten" in text
