"""A database copied into one of the other kind: all of it, of one moment, or nothing."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from index.models import NormalizedRating
from index.pairs.site import SiteCalibration
from index.store import tables as index_tables
from index.store.database import open_engine, reading, writing
from index.store.history import versions_of
from index.store.statements import StatementStore
from service.actions import Action
from service.asked_claims import AskedClaim, AskedState
from service.bootstrap import build
from service.config import Settings
from service.errors import Overload
from service.models import CheckRequest
from service.policies import Policy, Rule
from service.sources import SourceKind, SourcePlan
from service.store import copying, copying_rows
from service.store import tables as service_tables
from service.store.accounts import Role
from service.store.batch_items import Refusal
from service.store.batches import Asked
from service.store.callbacks import Callback
from service.store.copying import MADE_ANEW, CopyRefused, copy_database
from service.store.feedback import FeedbackKind
from service.store.hold import DataInUse, hold_alone, hold_beside
from service.store.hosts import HostStore
from service.store.idempotency import IdempotencyKey
from service.store.sign_in_tries import Counted
from service.store.usage import Quota

CHANGED = {"statement_store"}  # the copy goes by another name

BODY = b'{"waiting": true}' * 100_000  # of more than one part


@pytest.fixture
def full(house):
    """An installation with something in each table, and some rows that are gone again."""
    app = house.application
    house.publish("https://news.example/lemons", "Hot lemon water cures diabetes within seven days.", "So it was told.")
    check = house.check(url="https://news.example/lemons")
    house.check(text="Zitronen — 🍋 heilen \"alles\". 'Wirklich'?\nJa.")
    past, found = app.corrections.past(check["id"])
    app.corrections.revise(past, replace(past.result, findings=found))
    app.corrections.begin(99)
    house.check(text="Made with an older index than that.")
    app.checks.submit(CheckRequest(text="Waiting."), "ann", None, IdempotencyKey.of("ann", "c", "k", b"x"))
    for number in range(3):
        app.feedback.add(check["id"], "ann", FeedbackKind.OTHER, None, f"remark {number}")
    with writing(app.statements.engine) as connection:
        newest = sa.select(sa.func.max(service_tables.feedback.c.number)).scalar_subquery()
        connection.execute(sa.delete(service_tables.feedback).where(service_tables.feedback.c.number == newest))
    app.keys.create("desk", ["check", "read"])
    account = app.accounts.create("ann", Role.EDITOR, "hash")
    app.account_sessions.open(account.id, "Firefox")
    app.sign_in_tries.begin([Counted.name("ann")])
    app.imports.submit("ann", BODY, "application/json")
    app.batches.submit("ann", [Asked(CheckRequest(text="Waiting too."))])
    nothing = Asked(CheckRequest(url="ftp://x"), Refusal("address-refused", "No."))
    app.batches.submit("ann", [nothing], callback=Callback("https://desk.example/", "de"))
    app.negatives.add("No such thing.", "s", "ann")
    app.audit.begin("ann", "POST /v1/keys")
    app.policies.add(Policy("desk", 0, (Rule(Action.FLAG),), Action.ALLOW), "ann")
    app.usage.spend("ann", Quota("checks", 10, 60))
    app.page_filter.current()
    app.calibrations.apply(SiteCalibration(), app.index.current().pair_model, {"right": 30})
    source = app.sources.add(
        SourcePlan(SourceKind.FEED, "https://checks.example/feed", "Checks", allowlist=("a.example",))
    )
    app.sources.documents.enter(source.id, [("https://checks.example/1", "Monday", False, {"rating": "false"})])
    app.sources.runs.begin(source.id)
    HostStore(app.statements.engine, house.clock).take_turn("checks.example")
    house.worker._plan()
    app.readings.agreed_time()
    (statement,) = app.statements.select().statements
    app.statements.revise(statement.id, replace(statement, headline="Lemons, revised"))
    app.drafts.begin(AskedClaim("c", "Enten.", "de", 3, 2, 0, date(2026, 11, 30), AskedState.OPEN), "ann")
    with writing(app.statements.engine) as connection:
        values = {"cluster": "c", "dismissed_by": "ann", "dismissed_at": house.clock.read().at}
        connection.execute(sa.insert(service_tables.dismissed_clusters).values(**values))
    app.ratings.map("Quatsch", NormalizedRating.FALSE, "ann", house.clock.read().at, "checks.example")
    gone = app.statements.create(replace(statement, claim_reviewed="Gone.", url="https://checks.example/gone"))
    app.statements.delete(gone.id)
    return house


@pytest.fixture
def target(database_kind: str, request: pytest.FixtureRequest, tmp_path_factory) -> str:
    """The address of an empty database of the other kind."""
    if database_kind == "postgresql":
        return f"sqlite:///{tmp_path_factory.mktemp('target') / 'copy.db'}"
    return str(request.getfixturevalue("postgresql").create())


def contents(url: str) -> dict[str, list[dict[str, Any]]]:
    engine = open_engine(url)
    tables = (*index_tables.metadata.sorted_tables, *service_tables.metadata.sorted_tables)
    with reading(engine) as connection:
        found = {
            table.name: sorted(
                ({name: copying_rows.plain(value) for name, value in row.items()} for row in rows), key=repr
            )
            for table in tables
            if table.name not in CHANGED | {"blobs"}
            and (rows := connection.execute(sa.select(table)).mappings()) is not None
        }
    engine.dispose()
    return found


def copied_contents(url: str) -> dict[str, list[dict[str, Any]]]:
    """What a copy holds, without the two entries of its audit log that say that it is one."""
    found = contents(url)
    *others, begun, done = sorted(found["audit_log"], key=lambda row: row["number"])
    noted = [(row["actor"], row["action"], row["outcome"]) for row in (begun, done)]
    assert noted == [("terminal", "database copy", "begun"), ("terminal", "database copy", "done")]
    assert done["begun_by"] == begun["number"] == len(others) + 1
    return {**found, "audit_log": sorted(others, key=repr)}


def move(full, target: str, **changes: Any):
    settings = full.application.settings
    return copy_database(replace(settings, **changes), settings.database, target)


def test_every_row_is_there_and_the_copy_goes_on_where_the_first_was(full, target: str, settings) -> None:
    before = contents(settings.database)
    assert [name for name, rows in before.items() if not rows] == []
    copied = move(full, target)
    assert contents(settings.database) == before, "the source is left as it was"
    assert copied_contents(target) == before
    assert {name: copied.rows[name] for name in before} == {name: len(rows) for name, rows in before.items()}
    assert copied.bodies == 1
    moved = build(replace(settings, database_url=target, data_dir=settings.data_dir))
    app = full.application
    try:
        old, new = app.statements.checkpoint(), moved.statements.checkpoint()
        assert (new.store_id == old.store_id, new.sequence) == (False, old.sequence)
        assert moved.page_filter.current()[-64:] == app.page_filter.current()[-64:]
        assert [key.id for key in moved.keys.list()] == [key.id for key in app.keys.list()]
        known = moved.checks.submit(
            CheckRequest(text="Waiting."), "ann", None, IdempotencyKey.of("ann", "c", "k", b"x")
        )
        assert (
            known.id
            == app.checks.submit(
                CheckRequest(text="Waiting."), "ann", None, IdempotencyKey.of("ann", "c", "k", b"x")
            ).id
        )
        assert_numbers_go_on(app, moved)
        assert moved.audit.verify().broken is None
    finally:
        moved.close()


def assert_numbers_go_on(app, moved) -> None:
    """What is added next gets a key that no statement had, also where that is gone, and a number after all others."""
    (statement, *_) = app.statements.select().statements
    another = replace(statement, claim_reviewed="Another.", url="https://checks.example/another")
    assert moved.statements.create(another).key == app.statements.create(another).key == 3
    check = app.checks.get(app.feedback.select(None).feedback[0].check_id, None)
    made = moved.feedback.add(check.id, "ann", FeedbackKind.OTHER, None, "one more")
    assert moved.feedback.select(None).feedback[0] == made


def test_the_body_of_an_import_that_waits_is_found_by_whoever_works_on_the_copy(full, target: str, settings) -> None:
    move(full, target)
    moved = build(replace(settings, database_url=target))
    with moved.statements.engine.connect() as connection:
        (id,) = connection.execute(sa.select(service_tables.imports.c.id)).scalars()
    with moved.imports.open_body(moved.imports.get(id, "ann")) as body:
        assert body.read() == BODY
    moved.close()


def test_a_body_that_was_lost_before_stops_no_copy(full, target: str) -> None:
    with full.application.statements.engine.connect() as connection:
        (id,) = connection.execute(sa.select(service_tables.imports.c.id)).scalars()
    full.application.imports.blobs.delete(f"imports/{id}.body")
    assert move(full, target).bodies == 0


def test_writers_go_on_and_each_copy_is_of_one_moment(full, target: str) -> None:
    """A check and its job are always written together: the copy holds both or neither, whatever comes meanwhile."""
    stop, written = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with suppress(Overload):
                full.application.checks.submit(CheckRequest(text=f"Duck number {number} is banned."), "bob", None)
            number += 1
            written.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(10)
    try:
        move(full, target)
    finally:
        stop.set()
        writer.join()
    found = contents(target)
    queued = {row["id"] for row in found["checks"] if row["state"] == "queued"}
    assert queued == {row["subject"] for row in found["jobs"] if row["kind"] == "check"}
    assert len(queued) >= 2


def test_a_target_that_holds_anything_is_refused_and_left_as_it_is(full, target: str) -> None:
    move(full, target)
    before = contents(target)
    with pytest.raises(CopyRefused, match="not empty"):
        move(full, target)
    assert contents(target) == before


def test_a_copy_that_is_not_what_was_sent_is_not_kept(full, target: str, monkeypatch, settings) -> None:
    """A row that is lost on the way, whichever the database: nothing of the copy stays, and it can be tried again."""
    insert = copying_rows._batches

    def losing(connection, table):
        for rows in insert(connection, table):
            yield rows[1:] if table.name == "feedback" and connection.engine is not full_engine(connection) else rows

    source_kind = full.application.statements.engine.dialect.name

    def full_engine(connection):
        return connection.engine if connection.dialect.name == source_kind else None

    monkeypatch.setattr(copying_rows, "_batches", losing)
    with pytest.raises(CopyRefused, match="differs from the original"):
        move(full, target)
    monkeypatch.undo()
    assert not any(rows for name, rows in contents(target).items() if name not in MADE_ANEW)
    move(full, target)
    assert copied_contents(target) == contents(settings.database)


def test_a_source_of_another_version_or_none_is_refused(full, target: str, settings, tmp_path: Path) -> None:
    with writing(full.application.statements.engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version_service SET version_num = '0004'")
    with pytest.raises(CopyRefused, match="not written by this version"):
        move(full, target)
    engine = open_engine(target)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


@pytest.mark.sqlite
def test_files_that_are_missing_alike_or_in_use_are_refused(
    full, target: str, settings, tmp_path: Path, postgresql
) -> None:
    nowhere = f"sqlite:///{tmp_path / 'none' / 'x.db'}"
    with pytest.raises(CopyRefused, match="names no file"):
        copy_database(settings, nowhere, target)
    assert not (tmp_path / "none").exists()
    with pytest.raises(CopyRefused, match="backup and restore"):
        copy_database(settings, settings.database, nowhere)
    copy_database(settings, settings.database, target)
    file = tmp_path / "back.db"
    served = hold_beside(file)
    with pytest.raises(DataInUse):
        copy_database(settings, target, f"sqlite:///{file}")
    served.release()
    copy_database(settings, target, f"sqlite:///{file}")
    assert copied_contents(f"sqlite:///{file}") == contents(target)
    assert file.stat().st_mode & 0o077 == 0
    hold_alone(file).release()


@pytest.mark.sqlite
def test_what_postgresql_does_not_take_is_replaced_and_no_reason_to_stop(full, target: str, settings) -> None:
    with writing(full.application.statements.engine) as connection:
        connection.execute(sa.update(service_tables.feedback).values(comment="NUL \0 here"))
    move(full, target)
    assert {row["comment"] for row in contents(target)["feedback"]} == {"NUL \ufffd here"}


def test_the_store_opens_as_any_other(full, target: str) -> None:
    move(full, target)
    store = StatementStore.open(target)
    (statement,) = store.select().statements
    assert statement.headline == "Lemons, revised"
    assert [each.statement.headline for each in versions_of(store, statement.id)] == ["Lemons, revised", None]
    store.close()


def test_every_table_is_copied() -> None:
    """Also those that are added later, in whichever of the two places."""
    tables = index_tables.metadata.tables.keys() | service_tables.metadata.tables.keys()
    assert {table.name for table in copying.TABLES} == tables


def test_settings_of_the_copy_are_named_by_two_addresses_alone(full, target: str, settings: Settings) -> None:
    said: list[str] = []
    copy_database(settings, settings.database, target, said.append)
    assert "Copying statements …" in said
    assert not any("://" in line for line in said), "an address may hold a password"
