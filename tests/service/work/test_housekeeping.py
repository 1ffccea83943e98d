"""Tidying: what is too old goes, what fell behind catches up."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from rows import set_where

from index.exchange.claimreview import read_review
from service.errors import NotFound
from service.models import CheckState
from service.store.tables import checks, idempotency
from service.work.housekeeping import PAUSE_SECONDS, Housekeeping

SENTENCE = "Only grandmother knows about the 4711 lemons."


def make_old(house, days: int) -> None:
    with house.application.statements.engine.begin() as connection:
        for column in (checks.c.created_at, checks.c.finished_at):
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


def test_an_index_that_fell_far_behind_is_brought_up_to_date(house, lemons) -> None:
    statement = read_review(lemons).statement
    many = [replace(statement, claim_reviewed=f"Lemon number {n} is blue.") for n in range(600)]
    house.application.statements.put_many(many)
    Housekeeping(house.application).run()
    assert (house.application.index.status().statements, house.application.index.status().behind) == (601, 0)


def test_an_index_damaged_while_it_is_served_is_built_anew_before_the_next_start_needs_it(house, settings) -> None:
    status = house.application.index.status()
    (harmed,) = settings.index_dir.glob("gen-*/vectors-*.faiss")
    harmed.write_bytes(harmed.read_bytes()[::-1])
    housekeeping = Housekeeping(house.application)
    housekeeping.run()
    (built,) = settings.index_dir.glob("gen-*/vectors-*.faiss")
    assert built != harmed
    assert house.application.index.status() == status
    built.write_bytes(built.read_bytes()[::-1])
    housekeeping.run()  # it reads everything now and then only
    assert built.exists()


def test_it_tidies_now_and_then(house) -> None:
    housekeeping = Housekeeping(house.application)
    house.check(text=SENTENCE)
    housekeeping.run_when_due()
    make_old(house, 31)
    house.clock.let_pass(3600)
    housekeeping.run_when_due()
    housekeeping.run_when_due()
    assert count_checks(house) == 0
    house.check(text=SENTENCE)
    make_old(house, 31)
    housekeeping.run_when_due()
    assert count_checks(house) == 1
    house.clock.let_pass(PAUSE_SECONDS)
    housekeeping.run_when_due()
    assert count_checks(house) == 0


def test_a_clock_that_is_weeks_ahead_for_some_minutes_deletes_nothing(house) -> None:
    """Checks, imports with their bodies, and idempotency keys are all there when it is set right."""
    headers, body = {"Idempotency-Key": "once"}, {"text": SENTENCE, "wait": 0, "fresh": True}
    check = house.client.post("/v1/checks", json=body, headers=headers).json
    made = house.application.imports.submit("ann", b"[]", "application/json")
    house.work()
    house.tidy()
    housekeeping = Housekeeping(house.application)
    house.clock.set_ahead(days=40)
    for _ in range(5):
        house.clock.let_pass(60)
        housekeeping.run()
    house.clock.set_ahead(days=-40)
    house.clock.let_pass(3600)
    housekeeping.run()
    assert house.application.checks.get(check["id"], None).state is CheckState.FINISHED
    assert house.application.imports.get(made.id, "ann").state is CheckState.FINISHED
    assert house.client.post("/v1/checks", json=body, headers=headers).json["id"] == check["id"]


def test_a_body_on_its_way_in_survives_a_clock_that_is_ahead(house, settings) -> None:
    house.tidy()
    arriving = settings.data_dir / "imports" / "arriving.body"
    arriving.parent.mkdir()
    arriving.touch()
    moment = house.clock.read().at.timestamp()
    os.utime(arriving, (moment, moment))
    house.clock.set_ahead(days=40)
    Housekeeping(house.application).run()
    assert arriving.exists()
    house.clock.let_pass(7200)
    Housekeeping(house.application).run()
    assert not arriving.exists()


def count_checks(house) -> int:
    with house.application.statements.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM checks").scalar())
