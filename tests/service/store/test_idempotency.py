"""Idempotency-Keys: one request makes one thing, also when it comes many times at once, on every creating call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from index.exchange.claimreview import read_review
from service.actions import Action
from service.errors import KeyReused
from service.models import CheckRequest
from service.policies import Policy
from service.sources import SourceKind, SourcePlan
from service.store.batches import Asked
from service.store.feedback import FeedbackKind
from service.store.idempotency import IdempotencyKey, OnceByKey
from service.store.source_tables import sources
from service.store.tables import batches, checks, feedback, idempotency, imports, jobs, keys, negatives, policies

TWINS = 8


@pytest.fixture
def statement(lemons):
    return read_review({**lemons, "claimReviewed": "The moon is hollow."}).statement


def key(request: bytes = b"same") -> IdempotencyKey:
    return IdempotencyKey.of("ann", "call", "once", request)


@pytest.fixture
def made_by_key(house, statement) -> dict[str, Callable[[Any, bytes], str]]:
    """How an application makes one of each kind for a key; gives its id."""
    check = house.check(text="Ducks are banned.")

    def create(app, request: bytes) -> str:
        once = OnceByKey(key(request), app.clock)
        return app.statements.create(replace(statement, claim_reviewed=f"{request!r} is hollow."), once).id

    return {
        "check": lambda app, request: app.checks.submit(CheckRequest(text="New."), "ann", None, key(request)).id,
        "import": lambda app, request: app.imports.submit("ann", b"[]", "application/json", None, key(request)).id,
        "feedback": lambda app, request: (
            app.feedback.add(check["id"], "ann", FeedbackKind.OTHER, None, request.decode(), key(request)).id
        ),
        "statement": create,
        "batch": lambda app, request: (
            app.batches.submit("ann", [Asked(CheckRequest(text="Of a batch."))], key(request)).id
        ),
        "source": lambda app, request: app.sources.add(FEED, None, key(request)).id,
        "key": lambda app, request: app.keys.create("desk", ["check"], once=key(request)).id,
        "negative": lambda app, request: app.negatives.add(request.decode(), "s", "ann", key=key(request)).id,
        "policy": lambda app, request: (
            app.policies.add(Policy("desk", 0, (), Action.ALLOW), "ann", key(request)).policy.id
        ),
    }


KINDS = ("check", "import", "feedback", "statement", "batch", "source", "key", "policy", "negative")
FEED = SourcePlan(SourceKind.FEED, "https://checks.example/feed", "Checks")


def count(house, what: str) -> int:
    if what == "statement":
        return house.application.statements.count() - 1  # the one that was there
    table = {
        "check": checks, "import": imports, "feedback": feedback, "batch": batches, "source": sources, "key": keys,
        "policy": policies, "negative": negatives,
    }[what]  # fmt: skip
    with house.application.statements.engine.connect() as connection:
        found = int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
    return found - (what == "check")  # the one that feedback is about


def at_once(*actions: Callable[[], str]) -> tuple[list[str], list[Exception]]:
    ids: list[str] = []
    faults: list[Exception] = []
    start = threading.Barrier(len(actions))

    def act(action: Callable[[], str]) -> None:
        start.wait()
        try:
            ids.append(action())
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=act, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ids, faults


@pytest.mark.parametrize("what", KINDS)
def test_what_is_sent_many_times_at_once_is_made_once(house, open_other, made_by_key, what: str) -> None:
    houses = [house.application, open_other().application]
    make = made_by_key[what]
    ids, faults = at_once(*(lambda app=app: make(app, b"same") for app in houses * (TWINS // 2)))
    assert faults == []
    assert (len(ids), len(set(ids))) == (TWINS, 1)
    assert count(house, what) == 1


@pytest.mark.parametrize("what", KINDS)
def test_of_two_requests_that_race_under_one_key_one_is_made(house, open_other, made_by_key, what: str) -> None:
    houses = [house.application, open_other().application]
    make = made_by_key[what]
    ids, faults = at_once(
        *(lambda app=app, n=n: make(app, f"request {n % 2}".encode()) for n, app in enumerate(houses * (TWINS // 2)))
    )
    assert len(set(ids)) == 1
    assert len(ids) == TWINS / 2
    assert {type(fault) for fault in faults} == {KeyReused}
    assert count(house, what) == 1


def test_what_was_made_and_deleted_since_is_made_anew(house, statement) -> None:
    application = house.application
    once = OnceByKey(key(), house.clock)
    first = application.statements.create(statement, once)
    application.statements.delete(first.id)
    assert application.statements.create(statement, once).id == first.id
    assert application.statements.count() == 2


def test_it_gives_what_it_made_as_it_is_now(house, statement) -> None:
    application = house.application
    once = OnceByKey(key(), house.clock)
    made = application.statements.create(statement, once)
    revised = application.statements.revise(made.id, replace(statement, headline="Moons"))
    assert application.statements.create(statement, once) == revised


def test_without_a_key_nothing_is_remembered(house, statement) -> None:
    house.application.statements.create(statement, OnceByKey(None, house.clock))
    with house.application.statements.engine.connect() as connection:
        assert connection.execute(sa.select(idempotency)).all() == []


def test_a_check_that_is_deleted_takes_its_key_along(house) -> None:
    application = house.application
    first = application.checks.submit(CheckRequest(text="New."), "ann", None, key())
    application.checks.forget(first.id, "ann")
    assert application.checks.submit(CheckRequest(text="New."), "ann", None, key()).id != first.id
    with application.statements.engine.connect() as connection:
        assert len(connection.execute(sa.select(jobs)).all()) == 1
