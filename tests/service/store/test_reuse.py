"""A check of a page that another key had made: nothing about the copy tells of the other, and it ends with the page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from rows import set_where, shift

from service.errors import NotFound
from service.models import Check, CheckRequest, CheckState, Stage
from service.store.reuse import Freshness
from service.store.tables import checks

PAGE = "https://news.example/lemons"
SENTENCE = "Hot lemon water cures diabetes within seven days."


@pytest.fixture
def shared(house):
    """A page that ann has had checked; asking for it as somebody else, and looking at rows as they are stored."""
    house.publish(PAGE, SENTENCE, "So it was told on the radio in the morning.")
    house.fetcher.leads_to["https://short.example/x?from=ann"] = PAGE
    return Shared(house)


class Shared:
    """Asks for checks as different owners and moves their times."""

    def __init__(self, house: Any) -> None:
        self.house, self.checks = house, house.application.checks

    def ask(self, owner: str, url: str = PAGE, fresh_seconds: int = 3600) -> Check:
        versions = self.house.application.checker.versions()
        check = self.checks.submit(CheckRequest(url=url), owner, Freshness(versions, fresh_seconds))
        self.house.work()
        return check

    def ask_text(self, reference: str | None = None, fresh_seconds: int = 3600) -> Check:
        versions = self.house.application.checker.versions()
        request = CheckRequest(text=SENTENCE, reference=reference)
        return self.checks.submit(request, "ann", Freshness(versions, fresh_seconds))

    def finished(self, owner: str, url: str = PAGE) -> Check:
        return self.checks.wait(self.ask(owner, url).id, owner, 10)

    def row(self, id: str) -> Any:
        with self.house.application.statements.engine.connect() as connection:
            return connection.execute(sa.select(checks).where(checks.c.id == id)).mappings().one()

    def move(self, **seconds: int) -> None:
        """Put times of all checks forward or back."""
        if "fetched_at" in seconds:
            seconds["begun_at"] = seconds["fetched_at"]
        with self.house.application.statements.engine.begin() as connection:
            for column, by in seconds.items():
                shift(connection, checks.c[column], seconds=by)


def test_a_copy_bears_the_time_of_its_own_making_and_knows_when_the_page_was_fetched(shared) -> None:
    first = shared.finished("ann")
    shared.move(created_at=-600, finished_at=-600, fetched_at=-600)
    asked_at = datetime.now(UTC)
    copy = shared.finished("bob")
    assert shared.house.fetcher.fetched == [PAGE]
    assert asked_at <= copy.created_at <= copy.finished_at <= datetime.now(UTC)
    assert copy.result == first.result
    fetched_at = [shared.row(check.id)["fetched_at"] for check in (first, copy)]
    assert fetched_at[0] == fetched_at[1]


def test_a_page_that_broke_off_is_asked_for_again(shared) -> None:
    fetcher = shared.house.fetcher
    shared.house.publish(PAGE, SENTENCE, "So it was told on the radio in the morning, where nobody knew better.")
    fetcher.broken_off.add(PAGE)
    begun = shared.finished("ann")
    assert begun.result.article is not None
    assert not begun.result.article.is_whole
    fetcher.broken_off.clear()
    again = shared.finished("ann")
    assert again.id != begun.id
    assert again.result.article is not None
    assert again.result.article.is_whole
    assert fetcher.fetched == [PAGE, PAGE]
    assert shared.finished("bob").result == again.result
    assert fetcher.fetched == [PAGE, PAGE]


def test_a_copy_takes_as_long_as_the_run_it_is_of(shared) -> None:
    shared.finished("ann")
    shared.move(finished_at=40, created_at=-60, fetched_at=-60)  # the run took 100 s and a bit
    shared.move(finished_at=-60)
    shared.move(created_at=-600, finished_at=-600, fetched_at=-600)
    copy = shared.ask("bob")
    assert (copy.state, copy.finished_at, copy.result.verdict) == (CheckState.QUEUED, None, None)
    seen = shared.checks.get(copy.id, "bob")
    assert (seen.state, seen.finished_at, seen.result.claims) == (CheckState.RUNNING, None, ())
    assert shared.checks.wait(copy.id, "bob", 0.05).state is CheckState.RUNNING
    with pytest.raises(NotFound):
        shared.checks.find_page(PAGE, "bob")
    shared.move(created_at=-35, finished_at=-35)
    assert shared.checks.get(copy.id, "bob").state is CheckState.RUNNING
    shared.move(created_at=-7, finished_at=-7)
    assert shared.checks.find_page(PAGE, "bob").result.verdict.code == "refuted"
    assert shared.house.fetcher.fetched == [PAGE]


def test_a_copy_passes_through_the_stages_of_the_run_it_is_of(shared) -> None:
    id = shared.finished("ann").id
    times = '"times": [{"stage": "fetch", "seconds": 60}, {"stage": "evidence", "seconds": 30}]'
    result = json.loads(shared.row(id)["result"]) | json.loads(f"{{{times}}}")
    with shared.house.application.statements.engine.begin() as connection:
        set_where(connection, checks.c.id == id, checks.c.result, json.dumps(result))
    shared.move(created_at=-600, finished_at=-500, fetched_at=-600)  # the run waited for 10 s, then took 90
    copy = shared.ask("bob")
    seen = []
    for _ in range(4):
        seen.append(shared.checks.get(copy.id, "bob").stage)
        shared.move(created_at=-29, finished_at=-29)
    assert seen == [None, Stage.FETCH, Stage.FETCH, Stage.EVIDENCE]


def test_a_copy_of_a_copy_takes_as_long_and_no_longer(shared) -> None:
    shared.finished("ann")
    shared.move(created_at=-600, fetched_at=-600, finished_at=-570)
    for owner in ("bob", "carol"):
        copy = shared.ask(owner)
        row = shared.row(copy.id)
        took = row["finished_at"] - row["created_at"]
        assert timedelta(seconds=29) < took < timedelta(seconds=32)
        shared.move(created_at=-60, finished_at=-60)
        with shared.house.application.statements.engine.begin() as connection:
            connection.execute(sa.delete(checks).where(checks.c.id != copy.id))


def test_a_clock_that_was_put_back_holds_no_result_back(shared) -> None:
    shared.finished("ann")
    shared.move(created_at=-600, fetched_at=-600, finished_at=-570)
    copy = shared.ask("bob")
    shared.move(created_at=7200, finished_at=7200)
    assert shared.checks.get(copy.id, "bob").state is CheckState.FINISHED
    assert shared.checks.find_page(PAGE, "bob").id == copy.id


def test_ones_own_check_is_answered_at_once(shared) -> None:
    first = shared.finished("ann")
    shared.move(created_at=-600, fetched_at=-600, finished_at=-570)
    again = shared.ask("ann")
    assert (again.id, again.state) == (first.id, CheckState.FINISHED)
    other = shared.checks.submit(
        CheckRequest(url=PAGE, reference="ticket 7"),
        "ann",
        Freshness(shared.house.application.checker.versions(), 3600),
    )
    assert (other.state, other.request.reference) == (CheckState.FINISHED, "ticket 7")


def test_a_copy_does_not_hold_the_link_by_which_another_came(shared) -> None:
    shared.finished("ann", "https://short.example/x?from=ann")
    copy = shared.finished("bob")
    assert copy.result.final_url == PAGE
    assert copy.result.article.url == PAGE
    assert "from=ann" not in str(dict(shared.row(copy.id)))


def test_a_chain_of_copies_ends_with_the_page(shared) -> None:
    """Asked for anew each day, a page would else be kept for ever."""
    shared.finished("ann")
    day = 86_400
    shared.move(created_at=-31 * day, fetched_at=-31 * day, finished_at=-31 * day)
    last = shared.checks.wait(shared.ask("bob", fresh_seconds=40 * day).id, "bob", 10)
    assert datetime.now(UTC) - last.created_at < timedelta(minutes=1)
    kept = shared.checks.submit(CheckRequest(text=SENTENCE), "bob", None)
    assert shared.checks.purge(datetime.now(UTC) - timedelta(days=30)) == 2
    with pytest.raises(NotFound):
        shared.checks.get(last.id, "bob")
    assert shared.checks.get(kept.id, "bob").id == kept.id


def test_a_chain_of_copies_ends_with_the_text(shared) -> None:
    """What somebody supplied is kept no longer than a page, however often they ask for it under another reference."""
    first = shared.ask_text()
    shared.house.work()
    day = 86_400
    shared.move(created_at=-31 * day, begun_at=-31 * day, finished_at=-31 * day)
    last = shared.ask_text("ticket 7", fresh_seconds=40 * day)
    assert (last.state, last.id == first.id) == (CheckState.FINISHED, False)
    assert datetime.now(UTC) - last.created_at < timedelta(minutes=1)
    assert shared.checks.purge(datetime.now(UTC) - timedelta(days=30)) == 2
    with pytest.raises(NotFound):
        shared.checks.get(last.id, "ann")


@pytest.mark.parametrize(("seconds", "is_fresh"), [(-50, True), (-70, False), (70, False)])
def test_a_text_is_answered_from_the_store_as_long_as_a_page(shared, seconds: int, is_fresh: bool) -> None:
    first = shared.ask_text()
    shared.house.work()
    shared.move(begun_at=seconds)
    assert (shared.ask_text(fresh_seconds=60).id == first.id) is is_fresh


def test_a_copy_stays_its_owners_when_the_first_is_deleted(shared) -> None:
    first = shared.finished("ann")
    copy = shared.finished("bob")
    shared.checks.forget(first.id, "ann")
    assert shared.checks.get(copy.id, "bob") == copy
    with pytest.raises(NotFound):
        shared.checks.get(first.id, "ann")


def test_without_a_time_in_which_pages_are_fresh_nothing_is_shared(shared) -> None:
    first = shared.finished("ann")
    second = shared.checks.wait(shared.ask("bob", fresh_seconds=0).id, "bob", 10)
    assert shared.house.fetcher.fetched == [PAGE, PAGE]
    assert second.result.verdict == replace(first.result.verdict)
