"""Databases opened: who waits for whom, what is overwritten, and which advice a fault brings."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from index.errors import StoreBusy, StoreUnavailable
from index.store import database
from index.store.database import open_engine, reading, translated, writing
from index.store.migrations import bring_up_to_date


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    made = open_engine(f"sqlite:///{tmp_path / 'folder' / 'words.sqlite'}")
    with writing(made) as connection:
        connection.exec_driver_sql("CREATE TABLE words (word TEXT)")
    yield made
    made.dispose()


def words(engine: sa.Engine) -> list[str]:
    with reading(engine) as connection:
        return [word for (word,) in connection.exec_driver_sql("SELECT word FROM words ORDER BY rowid")]


def add(connection: sa.Connection, word: str) -> None:
    connection.exec_driver_sql("INSERT INTO words VALUES (?)", (word,))


def add_twice(connection: sa.Connection, word: str) -> None:
    add(connection, word)
    connection.exec_driver_sql("INSERT INTO nowhere VALUES (?)", (word,))


def test_what_was_written_is_kept_and_what_failed_is_not(engine) -> None:
    with writing(engine) as connection:
        add(connection, "kept")
    with pytest.raises(StoreUnavailable, match="lost its tables"), writing(engine) as connection:
        add_twice(connection, "lost")
    assert words(engine) == ["kept"]


def test_a_reader_does_not_wait_for_a_writer(engine) -> None:
    with writing(engine) as connection:
        add(connection, "not yet")
        assert words(engine) == []
    assert words(engine) == ["not yet"]


def test_threads_that_write_take_turns(engine) -> None:
    entered, leave, order = threading.Event(), threading.Event(), []

    def first() -> None:
        with writing(engine) as connection:
            entered.set()
            leave.wait(10)
            add(connection, "first")
            order.append("first")

    def second() -> None:
        with writing(engine) as connection:
            add(connection, "second")
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert entered.wait(10)
    threads[1].start()
    assert order == []
    leave.set()
    for thread in threads:
        thread.join(10)
    assert order == words(engine) == ["first", "second"]


def test_a_writer_of_another_process_is_waited_for(engine) -> None:
    other = open_engine(str(engine.url))  # another engine takes no turns with this one, as another process does not
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with writing(other) as connection:
            entered.set()
            leave.wait(10)
            add(connection, "theirs")

    thread = threading.Thread(target=hold)
    thread.start()
    assert entered.wait(10)
    threading.Timer(0.2, leave.set).start()
    with writing(engine) as connection:
        add(connection, "ours")
    thread.join(10)
    assert words(engine) == ["theirs", "ours"]
    other.dispose()


def test_lower_knows_more_than_ascii(engine) -> None:
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT lower('ÖSTERREICH'), lower(NULL), lower(7)").one() == (
            "österreich",
            None,
            7,
        )


@pytest.mark.parametrize(
    ("content", "query", "advice"),
    [
        (b"no database at all, " * 100, "SELECT * FROM words", "damaged or not a database"),
        (b"", "SELECT * FROM words", "lost its tables"),
    ],
)
def test_a_fault_says_what_to_do_and_repeats_nothing(tmp_path: Path, content: bytes, query: str, advice: str) -> None:
    path = tmp_path / "bad.sqlite"
    path.write_bytes(content)
    engine = open_engine(f"sqlite:///{path}")
    with pytest.raises(StoreUnavailable, match=advice) as fault, reading(engine) as connection:
        connection.exec_driver_sql(query)
    assert query not in str(fault.value)


@pytest.mark.parametrize("url", ["sqlite", "nosuch://localhost/db", "postgresql+nosuch://localhost/db"])
def test_an_address_of_no_database_is_refused(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="DATABASE_URL"):
        open_engine(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://desk:geheim@host:port/db",
        "postgresql://desk:ge:hei@m:geheim@[::1/db",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="DATABASE_URL") as fault:
        open_engine(url)
    assert "geheim" not in f"{fault.value}{fault.value.__cause__}"


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("FATAL:  sorry, too many clients already", "raise its max_connections"),
        (
            "FATAL:  remaining connection slots are reserved for non-replication superuser connections",
            "max_connections",
        ),
        ('FATAL:  too many connections for role "desk"', "raise its max_connections"),
        ("Connection refused", "cannot be reached"),
    ],
)
def test_a_server_that_takes_no_more_is_told_from_one_that_is_not_there(said: str, advice: str) -> None:
    fault = OperationalError("SELECT 1", {}, Exception(f'connection to server at "db", port 5432 failed: {said}'))
    with pytest.raises(StoreUnavailable, match=advice), translated():
        raise fault


def test_a_machine_that_vanished_is_noticed_within_a_minute_at_both_ends() -> None:
    """Else its locks would shut all others out for two hours. What is asked for here the kernels then do."""
    engine, asked = open_engine("postgresql://desk@db.example/facts"), {}

    @sa.event.listens_for(engine, "do_connect")
    def connect(_dialect, _record, _arguments, named):
        asked.update(named)
        raise OSError("far away")

    with pytest.raises(OSError, match="far away"):
        engine.connect()
    assert asked["keepalives_idle"] + asked["keepalives_interval"] * asked["keepalives_count"] == 60
    assert asked["tcp_user_timeout"] == 60_000
    for setting in ("tcp_keepalives_idle=30", "tcp_keepalives_interval=10", "tcp_keepalives_count=3"):
        assert f"-c {setting} " in asked["options"]
    assert asked["options"].endswith("-c tcp_user_timeout=60000")
    engine.dispose()


def test_of_processes_that_open_at_once_those_who_come_later_wait_for_the_first(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bringing the tables up to date may take longer than anybody waits for a lock."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 1)
    first, later = open_engine(database_url), open_engine(database_url)
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with writing(first):
            entered.set()
            leave.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert entered.wait(10)
    with pytest.raises(StoreBusy, match="busy for too long"):
        bring_up_to_date(later, seconds=0)
    threading.Timer(1.5, leave.set).start()
    bring_up_to_date(later)
    assert leave.is_set()
    thread.join(10)
    assert "statements" in sa.inspect(later).get_table_names()
    first.dispose()
    later.dispose()
