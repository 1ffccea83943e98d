"""Turns: one of all that share a database has it, others wait or are told, and it ends with its holder."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.errors import StoreUnavailable
from index.store.statements import StatementStore
from index.store.turns import turn

HOLDER = """
import sys, time
from index.store.statements import StatementStore
from index.store.turns import turn
with turn(StatementStore.open(sys.argv[1]).engine, "index") as confirm:
    print("mine", flush=True)
    time.sleep(60)
"""


def test_one_has_it_and_others_are_told(store: StatementStore, database_url: str) -> None:
    other = StatementStore.open(database_url)
    with turn(store.engine, "index") as confirm:
        assert confirm is not None
        confirm()
        with turn(other.engine, "index", wait=False) as second:
            assert second is None
        with turn(other.engine, "something else", wait=False) as different:
            assert different is not None
    with turn(other.engine, "index", wait=False) as second:
        assert second is not None
    other.close()


def test_others_wait_until_it_is_over(store: StatementStore) -> None:
    order: list[str] = []

    def wait() -> None:
        with turn(store.engine, "index"):
            order.append("second")

    waiting = threading.Thread(target=wait)
    with turn(store.engine, "index"):
        waiting.start()
        waiting.join(0.5)
        order.append("first")
    waiting.join(20)
    assert order == ["first", "second"]


def test_a_fault_ends_it(store: StatementStore) -> None:
    with pytest.raises(OSError, match="no"), turn(store.engine, "index"):
        raise OSError("no")
    with turn(store.engine, "index", wait=False) as confirm:
        assert confirm is not None


def test_it_ends_with_the_process_that_had_it(store: StatementStore, database_url: str) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, database_url], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"mine\n"
    with turn(store.engine, "index", wait=False) as confirm:
        assert confirm is None
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    with turn(store.engine, "index") as confirm:
        assert confirm is not None


def test_statements_are_written_meanwhile(store: StatementStore) -> None:
    """It keeps nobody from the database."""
    from ..conftest import numbered

    with turn(store.engine, "index"):
        store.put_many(numbered(2))
    assert store.count() == 2


@pytest.mark.sqlite
def test_a_folder_that_is_gone_is_said(store: StatementStore, tmp_path: Path) -> None:
    other = StatementStore.open(f"sqlite:///{tmp_path}/deep/statements.db")
    for path in (tmp_path / "deep").iterdir():
        path.unlink()
    (tmp_path / "deep").rmdir()
    with pytest.raises(StoreUnavailable, match="folder"), turn(other.engine, "index"):
        pass
    other.close()
