"""The service's tables: migrated beside the statements', and nothing of what was deleted stays on disk."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
import sqlalchemy as sa

from index.store.database import open_engine, reading, writing
from index.store.migrations import bring_up_to_date, upgrade
from service.clock import SystemClock
from service.store import database
from service.store.admission import Bounds
from service.store.bell import Bell
from service.store.jobs import JobKind, JobStore, Outcome
from service.store.tables import metadata
from service.store.worker_names import WorkerName


def test_the_migrations_make_the_tables_that_the_code_expects(house) -> None:
    found = sa.inspect(house.application.statements.engine)
    for table in metadata.sorted_tables:
        dialect = house.application.statements.engine.dialect
        made = {column["name"]: spelled(column["type"], dialect) for column in found.get_columns(table.name)}
        wanted = {column.name: spelled(column.type, dialect) for column in table.columns}
        assert made == wanted
        indexes = {
            index["name"]: index["column_names"]
            for index in found.get_indexes(table.name)
            if "duplicates_constraint" not in index
        }
        assert indexes == {index.name: [column.name for column in index.columns] for index in table.indexes}


def spelled(kind: sa.types.TypeEngine, dialect: sa.Dialect) -> str:
    return kind.compile(dialect).replace("DOUBLE PRECISION", "FLOAT")  # PostgreSQL has two names for it


def test_opening_again_changes_nothing(house) -> None:
    engine = house.application.statements.engine
    house.application.keys.create("kept", ["read"])
    database.open_tables(engine)
    assert [key.name for key in house.application.keys.list()] == ["kept"]
    names = sa.inspect(engine).get_table_names()
    assert "alembic_version_service" in names
    assert "alembic_version_index" in names


@pytest.mark.sqlite
def test_what_is_deleted_is_gone_from_every_file(house, settings) -> None:
    secret = "Only grandmother knows about the 4711 lemons"
    check = house.check(text=secret)
    assert any(secret.encode() in path.read_bytes() for path in settings.data_dir.glob("gegencheck.db*"))
    assert house.client.delete(f"/v1/checks/{check['id']}").status_code == 204
    for path in settings.data_dir.rglob("*"):
        assert path.is_dir() or secret.encode() not in path.read_bytes(), path


def test_what_was_checked_before_verdicts_had_a_column_has_its_verdict(settings, tmp_path) -> None:
    engine = open_engine(settings.database)
    folder = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, folder, ignore=shutil.ignore_patterns("000[7-9]*", "00[12]*", "__pycache__"))
    with writing(engine) as connection:
        upgrade(connection, folder, database.VERSION_TABLE)
        for id, result in (
            ("lemons", '{"verdict": {"code": "refuted", "confidence": 0.9}, "claims": []}'),
            ("wall", '{"verdict": null, "claims": []}'),
            ("new", None),
        ):
            connection.execute(
                sa.text(
                    "INSERT INTO checks (id, owner, kind, digest, state, created_at, result)"
                    " VALUES (:id, 'ann', 'text', '', 'finished', '2026-01-01', :result)"
                ),
                {"id": id, "result": result},
            )
    database.open_tables(engine)
    with engine.connect() as connection:
        found = dict(connection.execute(sa.text("SELECT id, verdict FROM checks")).all())
    assert found == {"lemons": "refuted", "wall": None, "new": None}
    engine.dispose()


def test_what_was_there_before_jobs_could_be_of_any_kind_stays(tmp_path) -> None:
    """A database of the version before: jobs with what interrupted them, turns, tallies, and checks with their age."""
    engine = open_engine(f"sqlite:///{tmp_path / 'before.db'}")
    folder = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, folder, ignore=shutil.ignore_patterns("000[6-9]*", "00[12]*", "__pycache__"))
    bring_up_to_date(engine)
    with writing(engine) as connection:
        upgrade(connection, folder, database.VERSION_TABLE)
        for id, state, fetched, finished in (
            ("page", "finished", "2026-01-02", "2026-01-03"),
            ("text", "finished", None, "2026-01-03"),
            ("new", "queued", None, None),
        ):
            connection.exec_driver_sql(
                "INSERT INTO checks (id, owner, kind, digest, state, created_at, fetched_at, finished_at)"
                " VALUES (?, 'ann', 'text', '', ?, '2026-01-01', ?, ?)",
                (id, state, fetched, finished),
            )
        for number, (id, available_at) in enumerate([("new", None), ("later", "2026-01-01")], 5):
            connection.exec_driver_sql(
                "INSERT INTO jobs (number, kind, lane, owner, subject, queued_at, available_at, attempts, crashed, outlasted,"
                " beats) VALUES (?, 'check', 'interactive', 'ann', ?, '2026-01-01', ?, 4, 1, 1, 0)",
                (number, id, available_at),
            )
        connection.exec_driver_sql("INSERT INTO lines VALUES ('check', 'interactive', 'ann', 77)")
        connection.exec_driver_sql("UPDATE tallies SET count = 9 WHERE outcome = 'finished'")
    database.open_tables(engine)
    jobs = JobStore(engine, Bell(), SystemClock(), Bounds())
    taken = [jobs.claim("w", (JobKind.CHECK,)) for _ in range(2)]
    assert [(job.subject, job.attempts, job.crashed, job.outlasted, job.failed) for job in taken] == [
        ("new", 5, 1, 1, 0),
        ("later", 5, 1, 1, 0),
    ]
    assert jobs.ends()[JobKind.CHECK, Outcome.FINISHED] == 9
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT turn FROM lines").scalars().all() == [79]
        ages = connection.exec_driver_sql("SELECT id, begun_at FROM checks").all()
    assert {id: at and at[:10] for id, at in ages} == {"page": "2026-01-02", "text": "2026-01-01", "new": None}
    engine.dispose()


def test_what_was_queued_before_the_queue_had_lines_is_worked_off(tmp_path) -> None:
    """A database of the version before: the jobs keep their order, owners and what interrupted them."""
    engine = open_engine(f"sqlite:///{tmp_path / 'before.db'}")
    folder = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, folder, ignore=shutil.ignore_patterns("000[3-9]*", "00[12]*", "__pycache__"))
    bring_up_to_date(engine)
    with writing(engine) as connection:
        upgrade(connection, folder, database.VERSION_TABLE)
        for number, (id, worker, attempts) in enumerate([("a", None, 0), ("b", "host:1:x", 1), ("c", None, 2)], 5):
            connection.exec_driver_sql(
                "INSERT INTO checks (id, owner, kind, digest, state, created_at) VALUES (?, ?, 'text', '', 'queued', '2026-01-01')",
                (id, f"owner {id}"),
            )
            connection.exec_driver_sql(
                "INSERT INTO jobs (number, kind, subject, available_at, attempts, worker) VALUES (?, 'check', ?, '2026-01-01', ?, ?)",
                (number, id, attempts, worker),
            )
    database.open_tables(engine)
    jobs = JobStore(engine, Bell(), SystemClock(), Bounds())
    assert jobs.release_dead(replace(WorkerName.own(), host="host", process=1)) == 1
    taken = [jobs.claim("w", (JobKind.CHECK,)) for _ in range(3)]
    assert sorted((job.subject, job.crashed) for job in taken) == [("a", 0), ("b", 1), ("c", 2)]
    with engine.connect() as connection:
        assert set(connection.exec_driver_sql("SELECT owner FROM lines").scalars()) == {"owner a", "owner b", "owner c"}
    engine.dispose()


def test_what_was_decided_before_actions_had_a_column_has_its_action(settings, tmp_path) -> None:
    engine = open_engine(settings.database)
    folder = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, folder, ignore=shutil.ignore_patterns("001[5-9]*", "002*", "__pycache__"))
    with writing(engine) as connection:
        upgrade(connection, folder, database.VERSION_TABLE)
        for id, decision in (("a", '{"policy": "desk.1", "action": "flag"}'), ("b", None)):
            connection.execute(
                sa.text(
                    "INSERT INTO checks (id, owner, kind, digest, state, created_at, decision)"
                    " VALUES (:id, 'ann', 'text', 'd', 'finished', '2026-01-01', :decision)"
                ),
                {"id": id, "decision": decision},
            )
    database.open_tables(engine)
    with reading(engine) as connection:
        found = connection.execute(sa.text("SELECT id, action FROM checks ORDER BY id")).all()
    engine.dispose()
    assert [tuple(row) for row in found] == [("a", "flag"), ("b", None)]
