"""What is under way and how far it is: on the page about sources, in both languages, with and without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from index.exchange.reports import ImportReport
from service.sources import SourceKind, SourcePlan
from service.web.sessions import Sessions
from service.web.under_way import Paces, Phase, Step

FEED = SourcePlan(SourceKind.FEED, "https://check.example/feed", "<b>Checks</b>", most_pages=10)


def shown(house: Any, language: str = "en") -> str:
    return house.writer.get(f"/sources?lang={language}").text


def test_with_nothing_under_way_there_is_no_bar_and_nothing_reloads(house: Any) -> None:
    text = shown(house)
    assert [word in text for word in ("<progress", "under-way", "http-equiv")] == [False, False, False]


def test_an_import_waits_is_read_and_is_made_searchable(house: Any) -> None:
    imports = house.application.imports
    made = imports.submit("ann", b"[]", "application/x-ndjson")
    assert "A file that was sent</bdi></strong>: waiting." in shown(house)
    job = house.application.jobs.claim("w", ["import"])
    imports.begin(job)
    imports.note_read(made.id, 30_500, 61_000)
    text = shown(house)
    assert "being read, 30,500 of about 61,000." in text
    assert '<progress aria-labelledby="step-1" max="61000" value="30500"></progress>' in text
    assert '<meta http-equiv="refresh" content="5">' in text
    assert "wird gelesen, 30.500 von etwa 61.000." in shown(house, "de")
    imports.note_read(made.id, 40, None)
    assert "being read, 40 so far." in shown(house)
    imports.note_stored(made.id, ImportReport(added=5, updated=1))
    assert "being made searchable, 6 of about 6." in shown(house), "the index has caught up"
    imports.finish(job, ImportReport(added=5), searchable=True)
    assert "<progress" not in shown(house)


def test_of_a_source_the_list_and_then_the_articles_are_read(house: Any) -> None:
    sources = house.application.sources
    made = sources.add(FEED)
    run = sources.runs.begin(made.id)
    assert "&lt;b&gt;Checks&lt;/b&gt;</bdi></strong>: its list is being read." in shown(house)
    sources.documents.enter(made.id, [(f"https://check.example/{n}", "", False, {}) for n in range(50)])
    sources.runs.note(replace(run, tally=run.tally.plus(pages=3, failed_pages=1)))
    assert "articles are being read, 4 of about 10." in shown(house), "not more than one run reads"
    sources.runs.end(run)
    assert "<progress" not in shown(house)


def test_of_one_large_file_only_what_came_so_far_is_told(house: Any) -> None:
    sources = house.application.sources
    plan = replace(FEED, kind=SourceKind.DATACOMMONS, allowlist=("check.example",))
    run = sources.runs.begin(sources.add(plan).id)
    sources.runs.note(replace(run, tally=run.tally.plus(added=70)))
    text = shown(house)
    assert "being read, 70 so far." in text
    assert '<progress aria-labelledby="step-1"></progress>' in text


@pytest.mark.parametrize(
    ("seconds", "done", "minutes"),
    [(14, 600, None), (60, 100, None), (60, 119, None), (60, 200, 8), (60, 600, 1), (600, 550, 10)],
)
def test_how_long_the_rest_takes_is_said_once_it_can_be_known(seconds: float, done: int, minutes: int | None) -> None:
    paces, step = Paces(), Step("1", None, Phase.READING, 100, 1000)
    assert paces.minutes_left(step, 0.0) is None
    assert paces.minutes_left(replace(step, done=done), seconds) == minutes
    assert paces.minutes_left(replace(step, done=done, total=None), seconds) is None
    assert paces.minutes_left(replace(step, done=done, phase=Phase.INDEXING), seconds) is None, "another step"


def test_however_many_steps_there_were_few_are_remembered() -> None:
    paces = Paces()
    for number in range(1000):
        paces.minutes_left(Step(str(number), None, Phase.READING, 1, 2), 0.0)
    assert len(paces._seen) == 200


# ---------------------------------------------------------------- in a browser

SURROUNDINGS = [("de", "light", 1200), ("en", "dark", 360)]
LOST = {"de": "Die Verbindung zum Dienst ist unterbrochen", "en": "The connection to the service is interrupted"}


@pytest.fixture
def opened(house: Any, serve: Any, browser: Any) -> Callable[..., Any]:
    """Opens the page about sources, as whoever may write."""
    links: list[str] = []
    sessions = Sessions(links.append)
    address = serve(house.application, sessions)

    @contextmanager
    def open_one(language: str, scheme: str = "light", width: int = 1200, **options: Any) -> Iterator[Any]:
        sessions.offer()
        screen = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}, "locale": language}
        context = browser.new_context(**screen, **options)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        page.goto(f"{address}/?token={links[-1]}")
        page.goto(f"{address}/sources?lang={language}")
        yield page
        assert page.faults == []
        context.close()

    return open_one


def shows(page: Any, done: int, total: int) -> None:
    """Wait until the bar shows this."""
    page.locator(f"progress[value='{done}'][max='{total}']").wait_for(timeout=15_000)


def begun(house: Any) -> tuple[str, Any]:
    """An import that is being read: its id and its job."""
    made = house.application.imports.submit("ann", b"[]", "application/x-ndjson")
    job = house.application.jobs.claim("w", ["import"])
    house.application.imports.begin(job)
    house.application.imports.note_read(made.id, 30_500, 61_000)
    return made.id, job


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme", "width"), SURROUNDINGS)
def test_the_bar_moves_by_itself_and_goes_when_all_is_done(
    house: Any, opened: Any, violations: Any, language: str, scheme: str, width: int
) -> None:
    id, job = begun(house)
    imports = house.application.imports
    with opened(language, scheme, width) as page:
        shows(page, 30_500, 61_000)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("#under-way noscript").is_hidden()
        field = page.locator("#address")
        field.fill("https://checks.example/feed")
        imports.note_read(id, 45_000, 61_000)
        shows(page, 45_000, 61_000)
        assert ("45.000" if language == "de" else "45,000") in page.locator("#under-way").inner_text()
        imports.note_stored(id, ImportReport(added=5, updated=1))
        shows(page, 6, 6)
        assert field.input_value() == "https://checks.example/feed"
        imports.finish(job, ImportReport(added=5), searchable=True)
        page.locator("#under-way").wait_for(state="detached", timeout=15_000)
        assert field.input_value() == "https://checks.example/feed", "who types is not interrupted"
        assert violations(page) == []


@pytest.mark.browser
def test_where_a_source_fails_the_bar_goes_and_the_reason_comes(house: Any, opened: Any) -> None:
    sources = house.application.sources
    source = sources.add(FEED)
    run = sources.runs.begin(source.id)
    sources.documents.enter(source.id, [(f"https://check.example/{n}", "", False, {}) for n in range(50)])
    sources.runs.note(replace(run, tally=run.tally.plus(pages=3)))
    with opened("en") as page:
        shows(page, 3, 10)
        fault = ("robots-disallow", "No robots.")
        sources.runs.end(run, fault)
        failing = {
            "failing_since": source.created_at,
            "failures": 1,
            "problem_code": fault[0],
            "problem_detail": fault[1],
        }
        sources.note_health(replace(source, **failing))
        page.get_by_text("No robots.").first.wait_for(timeout=15_000)
        assert page.locator("progress").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("language", ["de", "en"])
def test_while_the_service_does_not_answer_it_says_so_and_goes_on_afterwards(
    house: Any, opened: Any, violations: Any, language: str
) -> None:
    id, _ = begun(house)
    answers = [lambda route: route.abort(), lambda route: route.fulfill(status=503, body="")]
    with opened(language) as page:
        shows(page, 30_500, 61_000)
        for number, answer in enumerate(answers):
            page.route("**/sources*", answer)
            page.get_by_text(LOST[language]).wait_for(timeout=15_000)
            assert violations(page) == []
            page.unroute("**/sources*")
            house.application.imports.note_read(id, 50_000 + number, 61_000)
            shows(page, 50_000 + number, 61_000)
            assert page.get_by_text(LOST[language]).count() == 0


@pytest.mark.browser
def test_who_is_signed_out_meanwhile_is_told(house: Any, opened: Any) -> None:
    begun(house)
    with opened("en") as page:
        shows(page, 30_500, 61_000)
        page.context.clear_cookies()
        page.get_by_text("gegencheck sources list").first.wait_for(timeout=15_000)
        assert page.locator("progress").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme", "width"), SURROUNDINGS)
def test_without_javascript_the_page_loads_again_until_all_is_done(
    house: Any, opened: Any, language: str, scheme: str, width: int
) -> None:
    id, job = begun(house)
    with opened(language, scheme, width, java_script_enabled=False) as page:
        shows(page, 30_500, 61_000)
        said = page.locator("#under-way").inner_text()
        assert ("alle fünf Sekunden" if language == "de" else "every five seconds") in said
        house.application.imports.note_read(id, 45_000, 61_000)
        shows(page, 45_000, 61_000)
        house.application.imports.finish(job, ImportReport(added=5), searchable=True)
        page.locator("progress").wait_for(state="detached", timeout=15_000)
        assert page.locator("meta[http-equiv=refresh]").count() == 0, "nothing loads again for nothing"
