"""Deleting what is too old, again and again: by the age of its run, and never on the word of one clock."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from rows import set_where

from service.errors import NotFound
from service.models import CheckState
from service.store.tables import checks, idempotency
from service.work.retention import EVERY_SECONDS, RETENTION, delete_old

SENTENCE = "Only grandmother knows about the 4711 lemons."


def make_old(house, days: int) -> None:
    with house.application.statements.engine.begin() as connection:
        for column in (checks.c.created_at, checks.c.begun_at, checks.c.finished_at):
            set_where(connection, column.is_not(None), column, datetime.now(UTC) - timedelta(days=days))


def test_checks_are_deleted_after_the_days_of_the_setting(house, open_other, settings) -> None:
    check = house.check(text=SENTENCE)
    make_old(house, 31)
    open_other(retention_days=0).tidy()
    assert house.client.get(f"/v1/checks/{check['id']}").status_code == 200
    open_other(retention_days=40).tidy()
    assert house.client.get(f"/v1/checks/{check['id']}").status_code == 200
    house.tidy()
    with pytest.raises(NotFound):
        house.application.checks.get(check["id"], None)
    for path in settings.data_dir.glob("gegencheck.db*"):
        assert SENTENCE.encode() not in path.read_bytes()


def test_a_check_that_nobody_worked_on_is_deleted_too(house) -> None:
    check = house.client.post("/v1/checks", json={"text": SENTENCE, "wait": 0}).json
    make_old(house, 31)
    house.tidy()
    assert house.client.get(f"/v1/checks/{check['id']}").status_code == 404
    assert house.application.jobs.count() == 0


def test_idempotency_keys_are_forgotten_after_a_day(house) -> None:
    headers = {"Idempotency-Key": "once"}
    first = house.client.post("/v1/checks", json={"text": SENTENCE, "wait": 0, "fresh": True}, headers=headers).json
    with house.application.statements.engine.begin() as connection:
        set_where(connection, sa.true(), idempotency.c.created_at, datetime.now(UTC) - timedelta(hours=25))
    house.tidy()
    second = house.client.post("/v1/checks", json={"text": SENTENCE, "wait": 0, "fresh": True}, headers=headers).json
    assert second["id"] != first["id"]


def test_a_clock_that_is_weeks_ahead_for_some_minutes_deletes_nothing(house) -> None:
    """Checks, imports with their bodies, and idempotency keys are all there when it is set right."""
    headers, body = {"Idempotency-Key": "once"}, {"text": SENTENCE, "wait": 0, "fresh": True}
    check = house.client.post("/v1/checks", json=body, headers=headers).json
    made = house.application.imports.submit("ann", b"[]", "application/json")
    house.work()
    house.tidy()
    house.clock.set_ahead(days=40)
    for _ in range(5):
        house.clock.let_pass(60)
        delete_old(house.application)
    house.clock.set_ahead(days=-40)
    house.clock.let_pass(3600)
    delete_old(house.application)
    assert house.application.checks.get(check["id"], None).state is CheckState.FINISHED
    assert house.application.imports.get(made.id, "ann").state is CheckState.FINISHED
    assert house.client.post("/v1/checks", json=body, headers=headers).json["id"] == check["id"]


@pytest.mark.sqlite
def test_a_body_on_its_way_in_survives_a_clock_that_is_ahead(house, settings) -> None:
    house.tidy()
    arriving = settings.data_dir / "imports" / "arriving.body"
    arriving.parent.mkdir()
    arriving.touch()
    moment = house.clock.read().at.timestamp()
    os.utime(arriving, (moment, moment))
    house.clock.set_ahead(days=40)
    delete_old(house.application)
    assert arriving.exists()
    house.clock.let_pass(7200)
    delete_old(house.application)
    assert not arriving.exists()


def count_checks(house) -> int:
    with house.application.statements.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM checks").scalar())


def run_what_is_due(house) -> int:
    return house.application.schedules.queue_due() and house.work()


def test_it_comes_again_and_again_as_a_job(house) -> None:
    house.application.schedules.plan(RETENTION, RETENTION, EVERY_SECONDS)
    house.check(text=SENTENCE)
    assert run_what_is_due(house) == 1
    make_old(house, 31)
    house.clock.let_pass(3600)
    assert run_what_is_due(house) == 1
    assert count_checks(house) == 0
    assert house.application.schedules.queue_due() == 0
    house.clock.let_pass(EVERY_SECONDS)
    assert run_what_is_due(house) == 1
    assert house.application.schedules.get(RETENTION).problem is None


def test_that_it_failed_is_noted_with_the_reason_and_it_comes_again(house, caplog) -> None:
    house.application.schedules.plan(RETENTION, RETENTION, EVERY_SECONDS)
    house.application.readings.agreed_time = lambda: 1 / 0
    assert run_what_is_due(house) == 1
    found = house.application.schedules.get(RETENTION)
    assert found.problem.startswith(
        "internal-error: A fault in the service ended this retention, which was tried once."
    )
    assert found.ran_at is not None
    assert "ZeroDivisionError" in caplog.text
    del house.application.readings.agreed_time
    house.clock.let_pass(EVERY_SECONDS)
    assert run_what_is_due(house) == 1
    assert house.application.schedules.get(RETENTION).problem is None
