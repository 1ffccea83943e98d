"""Work for one store: where other data take its place, it writes nothing any more."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from index.errors import StoreReplaced
from index.store import tables
from index.store.database import glancing, reading, writing
from index.store.one_store import within_one_store
from index.store.statements import StatementStore

from ..conftest import make_statement

pytestmark = pytest.mark.sqlite  # others are restored while nobody is at work on them


def replace_data(store: StatementStore, name: str = "other") -> None:
    """As a restore does in a process of its own: other data under another name."""

    def put() -> None:
        with writing(store.engine) as connection:
            connection.execute(sa.update(tables.store).values(store_id=name))

    other = threading.Thread(target=put)
    other.start()
    other.join()


def look(store: StatementStore) -> None:
    with reading(store.engine) as connection:
        connection.execute(sa.select(tables.store))


def glance(store: StatementStore) -> None:
    with glancing(store.engine) as connection:
        connection.execute(sa.select(tables.store))


def write(store: StatementStore) -> None:
    store.create(make_statement("First."))


@pytest.mark.parametrize("begin", [look, glance, write])
def test_what_it_looked_at_first_it_writes_to_and_to_nothing_else(store: StatementStore, begin) -> None:
    with within_one_store():
        begin(store)
        before = store.count()
        store.create(make_statement("Second."))
        replace_data(store)
        with pytest.raises(StoreReplaced, match="nothing of this was stored"):
            store.create(make_statement("Third."))
        assert store.count() == before + 1, "it may still look"
    store.create(make_statement("Of other work."))


def test_what_begins_afterwards_knows_nothing_of_it(store: StatementStore) -> None:
    replace_data(store)
    with within_one_store():
        store.create(make_statement("First."))
    with within_one_store("other"), within_one_store():
        replace_data(store, "third")
        store.create(make_statement("Second."))
    with within_one_store("other"), pytest.raises(StoreReplaced):
        store.create(make_statement("Third."))
    assert store.count() == 2


def test_statements_are_looked_up_in_the_store_that_is_meant(store: StatementStore) -> None:
    created, name = store.create(make_statement("First.")), store.checkpoint().store_id
    assert store.by_keys([created.key], name) == {created.key: created}
    replace_data(store)
    with pytest.raises(StoreReplaced):
        store.by_keys([created.key], name)
    assert store.by_keys([created.key]) == {created.key: created}
