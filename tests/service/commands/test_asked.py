"""`gegencheck asked` as a person and a pipe use it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable

import pytest
from click.testing import Result

from service.models import CheckRequest
from service.store.asked_claims import GATHERING

Run = Callable[..., Result]
DUCKS = "Enten dürfen ab Mai in keinem deutschen Park mehr gefüttert werden."


@pytest.fixture
def asked(house, run: Run) -> Run:
    for owner in ("ann", "bob", "eve"):
        house.application.checks.submit(CheckRequest(text=DUCKS), owner, None)
    house.work()
    house.application.schedules.plan(GATHERING, GATHERING, 60)
    house.application.schedules.hurry(GATHERING)
    house.work()
    return functools.partial(run, GEGENCHECK_DATABASE_URL=house.application.settings.database)


def test_claims_are_listed_hidden_and_shown_again(asked: Run) -> None:
    run = asked
    shown = run("asked", "list").stdout
    assert f"  {DUCKS}\n  in 3 checks · by 3 keys · last on " in shown
    (line,) = run("asked", "list", "--json").stdout.splitlines()
    id = json.loads(line)["id"]
    assert run("asked", "hide", id).exit_code == 0
    assert run("asked", "list").stdout == "No claim has come often enough yet.\n"
    assert DUCKS in run("asked", "list", "--hidden").stdout
    assert run("asked", "show", id).exit_code == 0
    assert run("asked", "list", "--hidden").stdout == "No claim is hidden.\n"


def test_what_is_not_there_cannot_be_hidden(asked: Run) -> None:
    missing = asked("asked", "hide", "none")
    assert missing.exit_code == 1
    assert "no such claim" in missing.stderr


def test_how_many_checks_it_takes_is_a_setting(asked: Run) -> None:
    assert asked("asked", "list", "--asked-checks", "4").stdout == "No claim has come often enough yet.\n"
