"""Rings between processes: heard at once where the database carries them, by looking else."""

from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sa

from index.store.database import open_engine
from service.store.bell import Bell, NobodyElse
from service.store.notifying import Listener, PostgresqlNotifier, open_listener, open_notifier

FOR_EVER = 60.0


@pytest.fixture
def listening(house):
    """A bell that hears what other processes on this PostgreSQL ring."""
    if house.application.statements.engine.dialect.name != "postgresql":
        pytest.skip("SQLite carries nothing")
    engine = house.application.statements.engine
    bell = Bell()
    listener = Listener(PostgresqlNotifier(engine), bell.wake)
    listener.start()
    assert listener.listening.wait(10)
    yield bell, listener, engine
    listener.close()


def wait_for(bell: Bell, rings: int) -> float:
    started = time.monotonic()
    bell.wait(rings, FOR_EVER)
    return time.monotonic() - started


def test_a_ring_is_heard_by_another_process_at_once(listening) -> None:
    bell, _, engine = listening
    rings = bell.rings
    Bell(PostgresqlNotifier(engine)).ring()
    assert wait_for(bell, rings) < FOR_EVER / 2
    assert bell.rings == rings + 1


def test_a_check_asked_for_elsewhere_wakes_who_waits_here(listening, open_other) -> None:
    bell, _, _ = listening
    rings = bell.rings
    open_other().client.post("/v1/checks", json={"text": "The moon is hollow.", "wait": 0})
    assert wait_for(bell, rings) < FOR_EVER / 2


def test_ones_own_ring_is_heard_once(listening) -> None:
    _, listener, engine = listening
    own = Bell(listener._notifier)
    listener._wake = own.wake
    own.ring()
    heard = own.rings
    other = Bell(PostgresqlNotifier(engine))
    other.ring()
    wait_for(own, heard)
    assert own.rings == 2


def test_a_connection_that_is_lost_is_opened_again(listening, monkeypatch, caplog) -> None:
    monkeypatch.setattr("service.store.notifying.RETRY_SECONDS", 0.05)
    bell, listener, engine = listening
    rings = bell.rings
    with engine.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        assert connection.execute(sa.text(others)).scalars().all() == [True]
    assert wait_for(bell, rings) < FOR_EVER / 2, "what was missed meanwhile is looked for"
    assert listener.listening.wait(10)
    rings = bell.rings
    Bell(PostgresqlNotifier(engine)).ring()
    assert wait_for(bell, rings) < FOR_EVER / 2
    assert "begun anew" in caplog.text


def test_a_database_that_is_gone_is_no_reason_to_fail() -> None:
    engine = open_engine("postgresql://nobody@/none?host=/nowhere")
    bell = Bell(PostgresqlNotifier(engine))
    bell.ring()
    assert bell.rings == 1


def test_sqlite_tells_nobody(tmp_path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    notifier = open_notifier(engine)
    assert isinstance(notifier, NobodyElse)
    listener = open_listener(notifier, threading.Event().set)
    listener.start()
    listener.close()
    engine.dispose()
