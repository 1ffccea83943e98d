"""Turns: what one process of all that share a database does at a time, wherever they run."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from index.disk import lock_alone
from index.errors import StoreUnavailable
from index.store.database import translated

LOOK_SECONDS = 0.2  # how often whoever waits asks again

Confirm = Callable[[], None]


@contextmanager
def turn(engine: sa.Engine, name: str, *, wait: bool = True) -> Iterator[Confirm | None]:
    """The turn of a name, waited for; None where somebody else has it and nobody waits.

    It ends with the process, however that ends. What is given asks whether it is still ours. Raises StoreUnavailable.
    """
    if engine.dialect.name == "postgresql":
        with translated(), engine.connect().execution_options(
            isolation_level="AUTOCOMMIT", by_itself=True
        ) as connection:  # fmt: skip
            yield from _session_turn(connection, name, wait)
    else:
        yield from _file_turn(engine, name, wait)


def _session_turn(connection: sa.Connection, name: str, wait: bool) -> Iterator[Confirm | None]:
    """By an advisory lock, which belongs to the connection: where that is lost, others get their turn."""
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    while not connection.execute(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar_one():
        if not wait:
            yield None
            return
        time.sleep(LOOK_SECONDS)

    def confirm() -> None:
        with translated():
            connection.execute(sa.text("SELECT 1"))

    try:
        yield confirm
    finally:
        connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": key})


def _file_turn(engine: sa.Engine, name: str, wait: bool) -> Iterator[Confirm | None]:
    """By a locked file beside SQLite's, which only processes of one machine share."""
    database = Path(engine.url.database or "gegencheck.db")
    try:
        lock = database.with_name(f"{database.name}.{name}.lock").open("w")
    except OSError as error:
        raise StoreUnavailable(f"The database's folder cannot be written: {error.strerror}.") from error
    with lock:
        yield _still_ours if lock_alone(lock, wait=wait) else None


def _still_ours() -> None:
    """A locked file is ours until it is closed."""
