"""Past checks follow the periods of statements: what begins reaches them, what ends leaves them, by the clock alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from rejudged import assert_rejudged

from index.store.database import writing
from service.models import CheckRequest
from service.store.corrections import CORRECTION
from service.store.tables import corrections
from service.work import periods
from service.work.periods import PERIODS, SETTLED
from service.work.worker import Worker

DUCKS = "Enten dürfen ab Mai in keinem deutschen Park mehr gefüttert werden."
OTHER = "The council of Ulm met on Tuesday and talked about the new bridge over the river for hours."
HOOK = "https://desk.example/hook"


@pytest.fixture
def house(house: Any) -> Any:
    """One whose work comes again by itself, at noon of a day whose periods were followed."""
    now = house.clock.read().at
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    house.clock.let_pass((noon - now).total_seconds())
    Worker(house.application)._plan()
    let_time_do(house)
    return house


def let_time_do(house: Any) -> None:
    """What a worker does when some time has passed."""
    house.application.schedules.queue_due()
    house.work()


def midnight_comes(house: Any, nights: int = 1) -> None:
    """It is noon; after so many nights the clocks have settled and the schedules were due."""
    house.clock.let_pass(nights * 86400 - 12 * 3600 + SETTLED.total_seconds() + periods.EVERY_SECONDS)
    let_time_do(house)


def today(house: Any) -> date:
    return house.clock.read().at.date()


def add_ducks(house: Any, begins: date | None = None, ends: date | None = None) -> None:
    house.add_statement(
        claim_reviewed=DUCKS, url="https://checks.example/ducks", language="de", valid_from=begins, valid_until=ends
    )


def codes(house: Any, check: Any) -> list[str]:
    """What a check says now, and what it said before, newest first; judged again from its rows."""
    stored = house.application.checks.get(check["id"], None)
    assert_rejudged(stored.result, house.application.checks.findings(stored.id, None))
    now = house.client.get(f"/v1/checks/{check['id']}").json
    return [now["verdict"]["code"], *(each["verdict"]["code"] for each in now["revisions"])]


def test_a_statement_that_begins_to_hold_reaches_an_earlier_check_and_one_that_ends_leaves_it(house: Any) -> None:
    add_ducks(house, today(house) + timedelta(days=2), today(house) + timedelta(days=3))
    check = house.check(text=f"{DUCKS} {OTHER}")
    assert codes(house, check) == ["not_enough_evidence"]
    midnight_comes(house)
    assert codes(house, check) == ["not_enough_evidence"], "the day before it begins"
    house.clock.let_pass(12 * 3600)
    midnight_comes(house)
    assert codes(house, check) == ["refuted", "not_enough_evidence"]
    house.clock.let_pass(12 * 3600)
    midnight_comes(house)
    assert codes(house, check) == ["refuted", "not_enough_evidence"], "its last day"
    house.clock.let_pass(12 * 3600)
    midnight_comes(house)
    assert codes(house, check) == ["not_enough_evidence", "refuted", "not_enough_evidence"]
    (first, second) = (
        house.client.get(f"/v1/checks/{check['id']}", headers={"Accept-Language": language}).json["summary"]["revised"]
        for language in ("de", "en")
    )
    assert "oder seine Gültigkeit ist abgelaufen" in first
    assert "or its period is over" in second


def test_whoever_asked_is_told(house: Any) -> None:
    house.fetcher.answers[HOOK] = 200
    add_ducks(house, today(house) + timedelta(days=1))
    check = house.check(headers=house.key("check", "read", "write"), text=DUCKS, callback_url=HOOK)
    midnight_comes(house)
    told = [json.loads(body) for _, body, _ in house.fetcher.posted]
    assert [each["type"] for each in told] == ["check.finished", "check.revised"]
    assert (told[1]["data"]["id"], told[1]["data"]["verdict"]["code"]) == (check["id"], "refuted")


def test_days_on_which_nothing_ran_are_made_up_for(house: Any) -> None:
    add_ducks(house, ends=today(house) + timedelta(days=3))
    check = house.check(text=DUCKS)
    assert codes(house, check) == ["refuted"]
    midnight_comes(house, nights=9)
    assert codes(house, check) == ["not_enough_evidence", "refuted"]


def test_what_was_not_followed_yet_when_the_program_learned_to_is_followed_at_its_first_look(house: Any) -> None:
    add_ducks(house, ends=today(house))
    check = house.check(text=DUCKS)
    house.clock.let_pass(2 * 86400)
    forget_days(house)
    let_time_do(house)
    assert codes(house, check) == ["not_enough_evidence", "refuted"]


def forget_days(house: Any) -> None:
    """As an earlier version left it."""
    with writing(house.application.statements.engine) as connection:
        connection.execute(sa.update(corrections).values(periods_until=None))


def test_it_waits_until_every_clock_shows_the_new_day(house: Any) -> None:
    add_ducks(house, today(house) + timedelta(days=1))
    check = house.check(text=DUCKS)
    house.clock.let_pass(12 * 3600 + SETTLED.total_seconds() / 2)
    let_time_do(house)
    assert codes(house, check) == ["not_enough_evidence"]
    house.clock.let_pass(periods.EVERY_SECONDS)
    let_time_do(house)
    assert codes(house, check) == ["refuted", "not_enough_evidence"]


def test_a_day_is_followed_once_however_often_it_is_looked_at(house: Any) -> None:
    add_ducks(house, today(house) + timedelta(days=1))
    midnight_comes(house)
    state = house.application.statements.checkpoint()
    for _ in range(3):
        house.clock.let_pass(periods.EVERY_SECONDS)
        let_time_do(house)
    house.clock.set_ahead(days=-3)
    let_time_do(house)
    assert house.application.statements.checkpoint() == state, "a clock that is set back ends nothing"
    assert house.application.schedules.get(PERIODS).problem is None


def test_one_that_ended_in_between_is_done_again(house: Any) -> None:
    add_ducks(house, today(house) + timedelta(days=1))
    check = house.check(text=DUCKS)
    house.clock.let_pass(86400)
    broken = replace(house.application, corrections=Unwritable(house.application.corrections))
    with pytest.raises(OSError, match="no power"):
        periods.follow_periods(broken)
    let_time_do(house)
    assert codes(house, check) == ["refuted", "not_enough_evidence"]


class Unwritable:
    """The machine loses its power before the day is noted."""

    def __init__(self, corrections: Any) -> None:
        self.periods_until = corrections.periods_until

    def note_periods(self, until: date) -> None:
        raise OSError("no power")


def test_a_check_that_ends_while_a_period_begins_is_not_forgotten(house: Any) -> None:
    """It was made the day before, and ends after the others were corrected."""
    add_ducks(house, today(house) + timedelta(days=1))
    application = house.application
    check = application.checks.submit(request := CheckRequest(text=DUCKS), "", None)
    job = application.jobs.claim("somebody-1", ("check",))
    application.checks.begin(job)
    result = application.checker.run(request)
    midnight_comes(house)
    assert application.checks.finish(job, result, house.clock.read().at)
    house.clock.let_pass(60)
    application.schedules.hurry(CORRECTION)
    let_time_do(house)
    assert codes(house, {"id": check.id}) == ["refuted", "not_enough_evidence"]


def test_an_earlier_answer_is_not_given_again_once_the_statements_of_the_day_are_others(house: Any) -> None:
    house.clock.let_pass(11.8 * 3600)  # 23:48
    add_ducks(house, today(house) + timedelta(days=1))
    headers = house.key("check", "read")
    before = house.check(headers=headers, text=DUCKS)
    house.clock.let_pass(12 * 60 + SETTLED.total_seconds() + periods.EVERY_SECONDS)
    let_time_do(house)
    again = house.check(headers=headers, text=DUCKS)
    assert (before["verdict"]["code"], again["verdict"]["code"]) == ("not_enough_evidence", "refuted")
    assert again["id"] != before["id"]
