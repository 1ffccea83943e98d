"""Opening a database: SQLite made safe for several writers, and SQLAlchemy's errors put into our words."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from index.errors import StoreBusy, StoreUnavailable
from index.store.one_store import note_store, require_same_store

BUSY_SECONDS = 30
CONNECT_SECONDS = 10
IDLE_SECONDS = 600  # inside a transaction: a machine that vanished in the midst of one would shut out all others
# A machine that vanishes says no goodbye. The server notices within a minute, and so lets others have its locks; and
# whoever waits for a server that vanished notices as soon. (Left alone, Linux takes two hours.)
SILENT_SECONDS, ASK_SECONDS, TIMES = 30, 10, 3
THEIR_KEEPALIVES = (
    f"-c tcp_keepalives_idle={SILENT_SECONDS} -c tcp_keepalives_interval={ASK_SECONDS} -c tcp_keepalives_count={TIMES} "
    f"-c tcp_user_timeout={(SILENT_SECONDS + ASK_SECONDS * TIMES) * 1000}"
)
OUR_KEEPALIVES = {
    "keepalives_idle": SILENT_SECONDS,
    "keepalives_interval": ASK_SECONDS,
    "keepalives_count": TIMES,
    "tcp_user_timeout": (SILENT_SECONDS + ASK_SECONDS * TIMES) * 1000,
}
WRITERS_LOCK = 0x6765_6765  # any number that is always the same

POOL = {"pool_size": 15, "max_overflow": 25}  # a connection a thread; to open one takes six statements

BUSY = "The database is busy for too long: is another process importing? Try again."
ADVICE = {
    "is full": "The disk is full: make room, then try again. Nothing of this change was stored.",
    "no space left": "The disk is full: make room, then try again. Nothing of this change was stored.",
    "lock timeout": BUSY,
    "locked": BUSY,
    "readonly": "The database cannot be written: check who owns the data folder.",
    "unable to open": "The database cannot be opened: check that the data folder exists and can be written.",
    "not a database": "The database file is damaged or not a database: put back a copy, or move it away to begin anew.",
    "malformed": "The database file is damaged: put back a copy, or move it away to begin anew.",
    "disk i/o": "The disk failed while reading or writing the database: check the disk, then try again.",
    "no such table": "The database has lost its tables: was its file replaced while in use? Restart the service.",
    "too many clients": "The database server takes no more connections: raise its max_connections, then try again.",
    "too many connections": "The database server takes no more connections: raise its max_connections, then try again.",
    "connection slots": "The database server takes no more connections: raise its max_connections, then try again.",
    "password": "The database server refuses our name or password: check GEGENCHECK_DATABASE_URL.",
    "does not exist": "The database or a table is missing: check GEGENCHECK_DATABASE_URL, then restart the service.",
    "connection": "The database server cannot be reached: check that it runs, and GEGENCHECK_DATABASE_URL.",
    "authentication": "The database server refuses our name or password: check GEGENCHECK_DATABASE_URL.",
}
OTHERWISE = "Try again; if that does not help, restart the service."


_writers: WeakKeyDictionary[sa.Engine, threading.Lock] = WeakKeyDictionary()


def open_engine(database_url: str) -> sa.Engine:
    """An engine for a SQLAlchemy address. Raises StoreUnavailable where the address cannot be used."""
    try:
        url = sa.make_url(database_url)
        if url.get_backend_name() == "postgresql":
            return _open_postgresql(url)
        if url.get_backend_name() != "sqlite":
            raise StoreUnavailable("GEGENCHECK_DATABASE_URL must begin with sqlite:/// or postgresql://.")
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, **POOL)
    except (SQLAlchemyError, OSError, ModuleNotFoundError) as error:
        raise StoreUnavailable(
            f"The database cannot be opened: {type(error).__name__}. Check GEGENCHECK_DATABASE_URL."
        ) from error
    except (ValueError, TypeError):  # no number as a port, say; what it says may be a piece of the password
        raise StoreUnavailable(
            "GEGENCHECK_DATABASE_URL is no address of a database: check its host, port and name."
        ) from None
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "begin", _begin)
    _writers[engine] = threading.Lock()
    return engine


def _open_postgresql(url: sa.URL) -> sa.Engine:
    named = url if "+" in url.drivername else url.set(drivername="postgresql+psycopg")
    # Nobody waits longer than for SQLite, and what is not answered in time is said to be unavailable.
    waits = f"-c timezone=UTC -c lock_timeout={BUSY_SECONDS}s -c idle_in_transaction_session_timeout={IDLE_SECONDS}s"
    arguments = {
        "connect_timeout": CONNECT_SECONDS,
        "options": f"{waits} {THEIR_KEEPALIVES}",
        "application_name": "gegencheck",
    }
    engine = sa.create_engine(named, pool_pre_ping=True, connect_args=arguments | OUR_KEEPALIVES, **POOL)
    sa.event.listen(engine, "connect", _set_up_postgresql)
    sa.event.listen(engine, "begin", _begin_postgresql)
    return engine


def _set_up_postgresql(connection: Any, _record: Any) -> None:
    from psycopg.types.string import StrDumperUnknown

    class WithoutNul(StrDumperUnknown):
        """Texts for a database that takes every character but NUL, which pages and feeds may hold."""

        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd"))

    connection.adapters.register_dumper(str, WithoutNul)


def _begin_postgresql(connection: sa.Connection) -> None:
    # As in SQLite a reader sees one state throughout, and one writer writes at a time: all that is counted, claimed and
    # numbered in a transaction relies on it, and each takes milliseconds.
    if connection.get_execution_options().get("by_itself", False):
        return  # no transaction: every statement stands alone
    if connection.get_execution_options().get("reads_only", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would begin transactions late and by itself; `_begin` does it instead.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        # In WAL mode this survives a crash of the process; only a power cut may lose the last commit.
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "secure_delete = ON",  # what somebody deletes is overwritten
    ):
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own lower() knows ASCII letters only: searching for Österreich would miss ÖSTERREICH.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _begin(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("by_itself", False):
        return
    # A transaction that reads first and writes later cannot wait for a lock in SQLite, so writers take it at once.
    reads = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN DEFERRED" if reads else "BEGIN IMMEDIATE")


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that only reads, and so never waits for a writer."""
    with translated(), engine.connect().execution_options(reads_only=True) as connection:
        note_store(connection)
        yield connection


@contextmanager
def glancing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection for one SELECT, without a transaction around it that would cost as much again."""
    with translated(), engine.connect().execution_options(by_itself=True) as connection:
        note_store(connection)
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that writes: committed at the end, rolled back on any error.

    Raises StoreReplaced where it is part of work for other data (`one_store.py`).
    """
    with translated(), _turn_to_write(engine), engine.begin() as connection:
        require_same_store(connection)
        yield connection


@contextmanager
def _turn_to_write(engine: sa.Engine) -> Iterator[None]:
    """The right to write, among the threads of this process. Raises StoreBusy after BUSY_SECONDS.

    SQLite lets whoever waits for a lock sleep for up to a tenth of a second and look again: with many waiting, some
    wait for seconds while nobody writes. Other processes are waited for in that way still.
    """
    lock = _writers.get(engine)
    if lock is None:
        yield
        return
    if not lock.acquire(timeout=BUSY_SECONDS):
        raise StoreBusy(BUSY)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's errors into StoreUnavailable with advice; texts of the query are never repeated."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        # SQLAlchemy's own text repeats the query with its values; the driver's, in `orig`, does not.
        cause = str(error if isinstance(error, sqlite3.Error) else getattr(error, "orig", None) or "").lower()
        advice = next((text for sign, text in ADVICE.items() if sign in cause), None)
        if advice == BUSY:
            raise StoreBusy(BUSY) from error
        raise StoreUnavailable(advice or f"The database failed ({type(error).__name__}). {OTHERWISE}") from error
