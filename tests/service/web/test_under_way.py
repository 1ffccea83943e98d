"""What is under way and how far it is: on the page about sources, in both languages, with and without a script."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from index.exchange.reports import ImportReport
from service.sources import SourceKind, SourcePlan
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
