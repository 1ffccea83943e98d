"""Work that belongs to one store: once other data have taken its place, what is left of that work writes nothing.

A restore puts other data in the place of SQLite's while others are at work, under another store id. A request, a job
or a command that began before would write into data that it knows nothing of, under numbers that mean something else
there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import StoreReplaced

if TYPE_CHECKING:
    import sqlalchemy as sa

STORE_ID = "SELECT store_id FROM statement_store"
REPLACED = "The data were replaced by those of a backup meanwhile, and nothing of this was stored: try again."


@dataclass
class _Work:
    store_id: str | None


_work: ContextVar[_Work | None] = ContextVar("work", default=None)


@contextmanager
def within_one_store(store_id: str | None = None) -> Iterator[None]:
    """Let what this thread does belong to one store: that of an id, or whichever it looks at first."""
    before = _work.set(_Work(store_id))
    try:
        yield
    finally:
        _work.reset(before)


def note_store(connection: sa.Connection) -> None:
    """Called before something is read: from now on the work belongs to this store."""
    work = _work.get()
    if work is not None and work.store_id is None and _may_be_replaced(connection):
        work.store_id = _store_id(connection)


def require_same_store(connection: sa.Connection) -> None:
    """Called in a transaction, before something is written. Raises StoreReplaced where the work belongs elsewhere."""
    work = _work.get()
    if work is None or not _may_be_replaced(connection):
        return
    store_id = _store_id(connection)
    if work.store_id not in (None, store_id):
        raise StoreReplaced(REPLACED)
    work.store_id = store_id


def _may_be_replaced(connection: sa.Connection) -> bool:
    """Other databases are restored while nobody is at work on them."""
    return connection.dialect.name == "sqlite"


def _store_id(connection: sa.Connection) -> str:
    return str(connection.exec_driver_sql(STORE_ID).scalar_one())
