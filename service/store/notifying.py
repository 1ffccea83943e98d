"""Rings between the processes that share a PostgreSQL database, by its NOTIFY and LISTEN."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import sqlalchemy as sa

from index.errors import StoreUnavailable
from index.store.database import OUR_KEEPALIVES, reading
from service.store.bell import NobodyElse, Notifier

log = logging.getLogger(__name__)

CHANNEL = "gegencheck"
LOOK_SECONDS = 0.5  # how long a listener that is to stop goes on
RETRY_SECONDS = 2.0


def open_notifier(engine: sa.Engine) -> Notifier:
    """The notifier of a database."""
    return PostgresqlNotifier(engine) if engine.dialect.name == "postgresql" else NobodyElse()


def open_listener(notifier: Notifier, wake: Callable[[], None]) -> Listener | DeafListener:
    """What hears other processes' notifiers of this kind, and calls `wake` then."""
    return Listener(notifier, wake) if isinstance(notifier, PostgresqlNotifier) else DeafListener()


class PostgresqlNotifier:
    """Tells the listeners of all processes but this one, which has heard it already."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine, self.name = engine, secrets.token_hex(8)

    def notify(self) -> None:
        """Tell them at once; a database that cannot be reached tells nobody."""
        with suppress(StoreUnavailable), reading(self.engine) as connection:
            connection.execute(sa.select(sa.func.pg_notify(CHANNEL, self.name)))
            connection.commit()


class DeafListener:
    """For a database without a way to tell: there is nothing to hear."""

    def start(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class Listener:
    """Hears what other processes notify, on a connection of its own that is opened again where it is lost."""

    def __init__(self, notifier: PostgresqlNotifier, wake: Callable[[], None]) -> None:
        self._notifier, self._wake = notifier, wake
        self._stopping = threading.Event()
        self.listening = threading.Event()  # set as long as nothing is missed
        self._thread = threading.Thread(target=self._run, daemon=True, name="listener")

    def start(self) -> None:
        """Begin to listen, in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except Exception as error:  # whatever the driver says: the database is restarted, the network was gone
                log.warning("listening to the database failed (%s): begun anew", type(error).__name__)
                self._stopping.wait(RETRY_SECONDS)
            finally:
                self.listening.clear()

    def _listen(self) -> None:
        with closing(_connect(self._notifier.engine)) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self.listening.set()
            self._wake()  # what was told before is looked for
            while not self._stopping.is_set():
                for told in connection.notifies(timeout=LOOK_SECONDS, stop_after=1):
                    if told.payload != self._notifier.name:
                        self._wake()


def _connect(engine: sa.Engine) -> Any:
    """A connection beside the pool's, without transactions."""
    import psycopg

    arguments, named = engine.dialect.create_connect_args(engine.url)
    named.update(OUR_KEEPALIVES)
    return psycopg.connect(*arguments, **named, autocommit=True, connect_timeout=10, application_name="gegencheck")
