"""The machine's clock: a time of day in UTC, and seconds that only count up."""

from __future__ import annotations

from datetime import UTC, datetime

from index.store.database import open_engine
from service.clock import SystemClock


def test_steady_time_counts_up_and_the_time_of_day_is_in_utc() -> None:
    first, second = SystemClock().read(), SystemClock().read()
    assert first.at.tzinfo is UTC
    assert first.steady <= second.steady


def test_all_processes_of_one_run_of_the_machine_name_it_alike() -> None:
    assert SystemClock().read().boot == SystemClock().read().boot
    assert 0 < len(SystemClock().read().boot) <= 36


def test_machines_that_share_a_server_go_by_its_clock(postgresql) -> None:
    engine = open_engine(postgresql.create())
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE SCHEMA ahead")
        connection.exec_driver_sql(
            "CREATE FUNCTION ahead.clock_timestamp() RETURNS timestamptz AS $$ SELECT timestamptz '2031-05-03 12:00+02' $$ LANGUAGE sql"
        )
        connection.exec_driver_sql("SET search_path = ahead, pg_catalog")
        assert SystemClock().shared(connection) == datetime(2031, 5, 3, 10, tzinfo=UTC)
    engine.dispose()


def test_of_sqlite_there_is_the_machines_clock_alone(tmp_path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.connect() as connection:
        before = SystemClock().read().at
        assert before <= SystemClock().shared(connection) <= SystemClock().read().at
    engine.dispose()
