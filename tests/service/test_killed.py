"""The whole service, killed again and again while checks, imports and batches come in: nothing accepted is lost or doubled.

`--kills` says how often (20, on PostgreSQL 6; `make test-crash` 200 on each), `--seed` draws other moments.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from standardwebhooks import Webhook

from service.bootstrap import Application, build
from service.config import Settings
from service.store.corrections import CORRECTION

from .processes import (
    ENDED,
    TELLING,
    TOLD,
    WORK,
    Caller,
    Receiver,
    Service,
    assert_each_ended_once,
    assert_each_statement_once,
    batch_caller,
    callers,
    calling,
    claim,
    count,
    ends_of,
    free_port,
    items_of,
    wait_until,
    with_model,
)

pytestmark = pytest.mark.loopback

KILLS_IN_THE_GATE = 20
LEFT_OVER = (".building-", ".gen-", ".preparing-")


@pytest.fixture
def data_dir(tmp_path: Path, models_dir: Path) -> Path:
    return with_model(tmp_path / "data", models_dir)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def application(
    data_dir: Path, receiver: Receiver, database_kind: str, request: pytest.FixtureRequest
) -> Iterator[Application]:
    """The same data folder and database, looked at from here."""
    url = request.getfixturevalue("postgresql").create() if database_kind == "postgresql" else ""
    settings = Settings(data_dir=data_dir, database_url=url, port=free_port(), pair_model="rules")
    built = build(replace(settings, fetch_hosts=(receiver.host,)))
    yield built
    built.close()


@pytest.fixture
def service(application: Application, tmp_path: Path) -> Iterator[Service]:
    made = Service(application.settings, tmp_path / "log")
    yield made
    made.stop()


def wait_for_some_moment(draw: random.Random, checks: Caller, application: Application) -> None:
    """The moment to kill: while the service starts, after it accepted some checks, or in the midst of its work.

    In the midst comes after something else was finished: else the same job would be hit each time, and given up.
    """
    kind = draw.choice(["starting", "accepting", *WORK])
    if kind == "accepting":
        enough = len(checks.accepted) + draw.randrange(1, 10)
        wait_until(lambda: len(checks.accepted) >= enough)
    elif kind in WORK:
        done = count(application, kind, *ENDED) + draw.randrange(1, 4)
        wait_until(lambda: count(application, kind, *ENDED) >= done and count(application, kind, "running") > 0)
    time.sleep(draw.uniform(0.1, 1.5) if kind == "starting" else draw.uniform(0, 0.4))


def is_killed_at_work(service: Service, application: Application, checks: Caller, draw: random.Random) -> bool:
    """Start the service and kill it at some moment; whether that was in the midst of jobs."""
    service.start()
    wait_for_some_moment(draw, checks, application)
    service.kill()
    return any(count(application, table, "running") for table in WORK)


@pytest.mark.timeout(3600)
def test_killed_at_random_moments_it_loses_and_doubles_nothing(
    service: Service, application: Application, receiver: Receiver, data_dir: Path, pytestconfig: pytest.Config, capsys
) -> None:
    kills, draw = pytestconfig.getoption("kills"), random.Random(pytestconfig.getoption("seed"))
    if application.settings.database_url and kills <= KILLS_IN_THE_GATE:
        kills //= 3  # the gate has no time for as many on PostgreSQL
    secret = application.keys.create("crowd", ("check", "read", "write"), None).secret
    checks, imports = callers([service], secret)
    batches = batch_caller([service], secret, receiver)
    with calling(checks, imports, batches):
        hit = sum(is_killed_at_work(service, application, checks, draw) for _ in range(kills))
        service.start()
    assert not checks.refused + imports.refused + batches.refused
    ended_checks, ended_imports = ends_of(checks, "checks"), ends_of(imports, "imports")
    ended_batches = ends_of(batches, "batches")
    of_batches = items_of(batches, ended_batches)
    wait_until(lambda: receiver.told.keys() >= {batch["id"] for batch in ended_batches})
    wait_until(lambda: is_corrected(application), pause=1)
    told = assert_checks_know_what_was_imported(ends_of(checks, "checks"), ended_imports)
    service.stop()
    application.imports.drop_strays(datetime.now(UTC) + timedelta(hours=2))  # no caller is left
    with capsys.disabled():
        print(
            f"\n{kills} kills, {hit} of them in the midst of jobs; {len(ended_checks)} checks, {len(ended_imports)} imports and "
            f"{len(ended_batches)} batches of {len(of_batches)} checks ended; {told} checks were corrected"
        )
    assert len(ended_checks) > kills / 2
    assert len(ended_imports) > kills / 4
    assert len(ended_batches) > kills / 4
    assert hit > kills / 4

    assert count(application, "batches") == len({batch["id"] for batch in ended_batches}) == len(ended_batches)
    assert_each_ended_once(application, ended_checks + of_batches, ended_imports, few=3 + kills // 10)
    assert_told_of_each(application, receiver, ended_batches)
    assert_index_equals_truth(application, ended_imports)
    assert_nothing_left_over(data_dir)
    assert application.imports.blobs.names("imports", datetime.now(UTC) + timedelta(days=1)) == []
    assert not service.has_faults()


def assert_told_of_each(application: Application, receiver: Receiver, batches: list[Any]) -> None:
    """Of each batch at least once, always under the same id; and signed."""
    assert receiver.told.keys() == {batch["id"] for batch in batches}
    ids = [set(told) for told in receiver.told.values()]
    assert all(len(each) == 1 for each in ids)
    assert len(set().union(*ids)) == len(batches)
    (key,) = application.keys.list()
    body, headers = receiver.bodies[-1]
    Webhook(application.keys.webhook_secret(key.id)).verify(body, headers)


def is_corrected(application: Application) -> bool:
    """Whether past checks know all statements. What is left is asked for at once: by itself it may take a minute."""
    application.schedules.hurry(CORRECTION)
    return not application.corrections.is_behind(application.statements.checkpoint().sequence)


def assert_checks_know_what_was_imported(checks: list[Any], imports: list[Any]) -> int:
    """Each check that says what an import brought has found it, also where the import came later; how often it did."""
    corrected = 0
    for number in range(0, min(len(checks), len(imports)), TELLING):
        if checks[number]["state"] == imports[number]["state"] == "finished":
            claims = [each["evidence"] for each in checks[number]["claims"]]
            found = [each["statement"]["claim_reviewed"] for evidence in claims for each in evidence]
            assert claim(number, TOLD) in found, checks[number]
            corrected += bool(checks[number]["revisions"])
    return corrected


def assert_index_equals_truth(application: Application, imports: list[Any]) -> None:
    """Every statement of every import once, in the store and in the index, which was built piece by piece."""
    store, live_index = application.statements, application.index
    status = live_index.status(wait=True)
    assert (status.ready, status.behind) == (True, 0), status.reason
    assert live_index.is_sound()
    current = live_index.current()
    truth = {change.key: change.statement for change in store.changes_since(0, 10**6) if change.statement}
    segments = current.view.generation.segments
    assert segments.keys() == truth.keys()
    claims = [each.claim_reviewed for each in truth.values() if each.url.startswith("https://checks.example/")]
    assert_each_statement_once(claims, imports)
    some = sorted(truth)[:: max(1, len(truth) // 50)]
    vectors = live_index.embedder.encode_statements([truth[key].claim_reviewed for key in some])
    assert np.sum(vectors * segments.reconstruct(some), axis=1).min() > 0.99
    (found,) = current.search([claim(0, 7)], 1)
    assert found[0].statement.claim_reviewed == claim(0, 7)


def assert_nothing_left_over(data_dir: Path) -> None:
    """No half-made file or folder, no body of an import, one generation; and a sound database, where that can be asked."""
    names = [path.relative_to(data_dir).as_posix() for path in data_dir.rglob("*")]
    assert [
        name for name in names if name.split("/")[-1].startswith(LEFT_OVER) or name.endswith((".new", ".body"))
    ] == []
    assert len(list((data_dir / "index").glob("gen-*"))) == 1
    if (data_dir / "gegencheck.db").exists():
        with sqlite3.connect(data_dir / "gegencheck.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
