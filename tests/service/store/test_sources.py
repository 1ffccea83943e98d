"""Sources, their documents and runs in the database: kept apart, paused, removed, never with their key in sight."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from index.errors import StoreUnavailable
from index.store.database import writing
from service.errors import BadRequest, NotFound, SourcePaused
from service.sources import RunState, SourceKind, SourcePlan
from service.store.source_runs import KEPT_RUNS
from service.store.sources import SOURCE
from service.store.tables import jobs
from service.store.tables import secrets as secrets_table

PLAN = SourcePlan(
    SourceKind.FEED, "https://check.example/feed", "Checks", allowlist=("check.example",), confirmed_on="2026-09"
)
GOOGLE = SourcePlan(SourceKind.GOOGLE, "https://google.example/claims:search", "dpa", site="dpa.example", days=30)
KEY = "AIza-this-is-secret"


@pytest.fixture
def sources(house):
    return house.application.sources


def queued(house) -> list[str]:
    with house.application.statements.engine.connect() as connection:
        return list(connection.execute(sa.select(jobs.c.subject).where(jobs.c.kind == SOURCE)).scalars())


def test_what_is_added_is_kept_and_due_at_once(house, sources) -> None:
    made = sources.add(PLAN)
    assert (made.plan, made.has_key, made.runs, sources.get(made.id)) == (PLAN, False, (), made)
    assert [source.id for source in sources.list()] == [made.id]
    house.application.schedules.queue_due()
    assert queued(house) == [made.id]


def test_one_that_cannot_be_planned_is_not_kept_either(house, sources) -> None:
    engine = house.application.statements.engine
    with writing(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE schedules RENAME TO schedules_away")
    with pytest.raises(StoreUnavailable):
        sources.add(GOOGLE, KEY)
    with writing(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE schedules_away RENAME TO schedules")
        assert connection.execute(sa.select(secrets_table)).all() == []
    assert list(sources.list()) == []


def test_who_adds_what_is_missing_at_once_adds_each_once(house, open_other) -> None:
    plans = [replace(PLAN, address=f"https://check.example/{n}") for n in range(5)]
    added: list[str] = []
    stores = [house.application.sources, open_other().application.sources]
    threads = [
        threading.Thread(target=lambda store=store: added.extend(each.id for each in store.add_missing(plans)))
        for store in stores * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == sorted(each.id for each in stores[0].list())
    assert len(added) == 5


def test_the_same_is_not_added_twice(sources) -> None:
    first = sources.add(PLAN)
    with pytest.raises(BadRequest, match=first.id):
        sources.add(replace(PLAN, name="Other"))
    sources.add(replace(PLAN, address="https://check.example/other"))


@pytest.mark.parametrize(
    ("plan", "key", "pointer"),
    [
        (replace(PLAN, name=" "), None, "/name"),
        (replace(PLAN, every_seconds=60), None, "/every_hours"),
        (replace(PLAN, most_pages=0), None, "/most_pages"),
        (GOOGLE, None, "/key"),
        (replace(GOOGLE, site=None), KEY, "/site"),
        (replace(PLAN, kind=SourceKind.DATACOMMONS, allowlist=()), None, "/allowlist"),
    ],
)
def test_what_cannot_be_is_refused_by_field(sources, plan, key, pointer) -> None:
    with pytest.raises(BadRequest) as refused:
        sources.add(plan, key)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert sources.list() == []


def test_a_key_is_used_replaced_and_forgotten_and_is_in_no_source(house, sources) -> None:
    made = sources.add(GOOGLE, KEY)
    assert made.has_key
    assert KEY not in repr(sources.get(made.id))
    assert sources.key_of(made.id) == KEY
    sources.change(made.id, GOOGLE)
    assert (sources.key_of(made.id), sources.get(made.id).has_key) == (KEY, True)
    sources.change(made.id, GOOGLE, "another")
    assert sources.key_of(made.id) == "another"
    sources.remove(made.id)
    with house.application.statements.engine.connect() as connection:
        assert "another" not in str(connection.execute(sa.select(secrets_table)).all())


def test_one_that_is_paused_is_not_queued_until_it_is_resumed(house, sources) -> None:
    made = sources.add(PLAN)
    house.application.schedules.queue_due()
    assert sources.pause(made.id).paused_at is not None
    assert queued(house) == []
    house.clock.let_pass(86_400)
    house.application.schedules.queue_due()
    assert queued(house) == []
    with pytest.raises(SourcePaused, match="paused"):
        sources.refresh(made.id)
    sources.change(made.id, replace(PLAN, every_seconds=7200))
    house.application.schedules.queue_due()
    assert queued(house) == [], "a change does not resume it"
    assert sources.resume(made.id).paused_at is None
    house.application.schedules.queue_due()
    assert queued(house) == [made.id]


def test_refreshing_does_not_wait_for_the_schedule(house, sources) -> None:
    made = sources.add(PLAN)
    house.application.schedules.queue_due()
    job = house.application.jobs.claim("w", [SOURCE])
    house.application.schedules.finish(job)
    house.application.schedules.queue_due()
    assert (queued(house), house.application.schedules.is_queued(made.id)) == ([], False)
    sources.refresh(made.id)
    assert (queued(house), house.application.schedules.is_queued(made.id)) == ([made.id], True)


def test_one_that_is_removed_is_gone_with_all_it_listed(house, sources) -> None:
    made = sources.add(PLAN)
    other = sources.add(replace(PLAN, address="https://check.example/other"))
    for each in (made, other):
        sources.documents.enter(each.id, [("https://check.example/1", "", False, {})])
        sources.runs.begin(each.id)
    house.application.schedules.queue_due()
    sources.remove(made.id)
    for call in (sources.get, sources.remove, sources.pause, sources.resume, sources.refresh):
        with pytest.raises(NotFound):
            call(made.id)
    assert (queued(house), sources.documents.waiting(made.id), sources.runs.newest(made.id, 9)) == ([other.id], 0, ())
    assert (sources.documents.waiting(other.id), len(sources.runs.newest(other.id, 9))) == (1, 1)


def test_a_run_goes_on_until_it_is_ended_and_the_last_ones_are_kept(sources) -> None:
    made = sources.add(PLAN)
    run = sources.runs.begin(made.id)
    sources.runs.note(replace(run, tally=run.tally.plus(added=3), notes=("one",), unvetted={"b.example": 1}))
    again = sources.runs.begin(made.id)
    assert (again.number, again.tally.added, again.notes, again.unvetted) == (run.number, 3, ("one",), {"b.example": 1})
    sources.runs.end(again, ("page-too-slow", "Too slow."))
    assert sources.get(made.id).runs[0].state is RunState.FAILED
    assert sources.get(made.id).runs[0].problem_detail == "Too slow."
    for _ in range(KEPT_RUNS + 5):
        sources.runs.end(sources.runs.begin(made.id))
    assert len(sources.runs.newest(made.id, 1000)) == KEPT_RUNS


def test_documents_are_read_lists_first_then_the_newest_and_once(sources) -> None:
    made, documents = sources.add(PLAN), sources.documents
    documents.enter_root(made.id, "https://check.example/feed", 1)
    documents.enter(made.id, [(f"https://check.example/{name}", "1", False, {}) for name in ("new", "old")])
    order = []
    while document := documents.next(made.id, 1):
        order.append(document.address.rsplit("/", 1)[1])
        documents.note_read(made.id, document, 1, ("tag", None))
        documents.enter_root(made.id, "https://check.example/feed", 1)
    assert order == ["feed", "new", "old"]
    documents.enter_root(made.id, "https://check.example/feed", 2)
    listed = [("https://check.example/newest", "1", False, {}), ("https://check.example/new", "1", False, {})]
    assert documents.enter(made.id, [*listed, ("https://check.example/old", "2", False, {})]) == 2
    assert documents.next(made.id, 2).etag == "tag"
    documents.note_read(made.id, documents.next(made.id, 2), 2, None)
    assert documents.next(made.id, 2).address == "https://check.example/newest"
    assert documents.waiting(made.id) == 2


def test_a_document_that_fails_is_tried_once_a_run_and_four_times_in_all(sources) -> None:
    made, documents = sources.add(PLAN), sources.documents
    documents.enter(made.id, [("https://check.example/1", "1", False, {})])
    for run in range(1, 5):
        documents.note_failure(made.id, documents.next(made.id, run), run)
        assert documents.next(made.id, run) is None
    assert documents.next(made.id, 5) is None
    documents.enter(made.id, [("https://check.example/1", "2", False, {})])
    assert documents.next(made.id, 5) is not None


def test_hundreds_of_documents_keep_their_order(sources) -> None:
    made, documents = sources.add(PLAN), sources.documents
    assert documents.enter(made.id, [(f"https://check.example/{n}", "", False, {}) for n in range(450)]) == 450
    for n in range(3):
        document = documents.next(made.id, 1)
        assert document.address == f"https://check.example/{n}"
        documents.note_read(made.id, document, 1, None)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/claims:search",
        "http://google.example/claims:search",
        "https://google.example:8443/claims:search",
    ],
)
def test_a_key_does_not_go_along_to_another_site(sources, elsewhere) -> None:
    made = sources.add(GOOGLE, KEY)
    with pytest.raises(BadRequest, match="key of your own"):
        sources.change(made.id, replace(GOOGLE, address=elsewhere))
    assert sources.key_of(made.id) == KEY, "what is refused changes nothing"
    assert sources.change(made.id, replace(GOOGLE, address=f"{GOOGLE.address}?v=2")).has_key
    feed = sources.change(made.id, replace(PLAN, address=elsewhere))
    assert (feed.has_key, sources.key_of(made.id)) == (False, None)
    assert sources.change(made.id, replace(GOOGLE, address=elsewhere), "another").has_key
    assert sources.key_of(made.id) == "another"
