"""Only statements of the sites that are named, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from index.errors import StoreReplaced
from index.models import Publisher, Rating, Statement
from index.store import walking
from index.store.database import writing
from index.store.statements import StatementStore
from index.store.walking import changed_keys, own_statements, retired_keys, walk_statements


def test_only_exactly_the_named_sites_are_own_and_the_newest_comes_first(tmp_path) -> None:
    store = StatementStore.open(f"sqlite:///{tmp_path}/statements.db")
    publishers = (
        Publisher("Bank", "bank.example"),
        Publisher("Other", "desk.example"),
        Publisher("About bank.example", "fraud.example"),
        Publisher("Bank", "sub.bank.example"),
        Publisher("Bank", "Bank.Example"),
    )
    for number, publisher in enumerate(publishers):
        store.create(Statement(f"Claim {number}.", f"https://a.example/{number}", Rating("False"), publisher))
    assert [each.claim_reviewed for each in own_statements(store, ("bank.example", "desk.example"))] == [
        "Claim 4.", "Claim 1.", "Claim 0.",
    ]  # fmt: skip
    assert list(own_statements(store, ())) == []
    assert len(list(walk_statements(store))) == 5
    store.close()


def test_what_changed_between_two_numbers_is_known_by_key_in_the_order_of_the_changes(tmp_path) -> None:
    store = StatementStore.open(f"sqlite:///{tmp_path}/statements.db")
    made = [
        store.create(Statement(f"Claim {number}.", f"https://a.example/{number}", Rating("False")))
        for number in range(4)
    ]
    revised = store.revise(made[0].id, replace(made[0], explanation="So it is."))
    store.delete(made[2].id)
    keys = [each.key for each in made]
    assert list(changed_keys(store, 0, 99).items()) == [(keys[1], 2), (keys[3], 4), (revised.key, 5)]
    assert changed_keys(store, 2, 4) == {keys[3]: 4}
    assert changed_keys(store, 5, 99) == {}
    assert retired_keys(store, 0, 99) == {keys[2]: 6}
    assert retired_keys(store, 0, 5) == retired_keys(store, 6, 99) == {}
    store.close()


@pytest.mark.sqlite
@pytest.mark.parametrize("walk", [walk_statements, lambda store: own_statements(store, ("a.example", "b.example"))])
def test_a_walk_ends_where_a_backup_is_restored_meanwhile(
    tmp_path, monkeypatch: pytest.MonkeyPatch, walk: Callable[[StatementStore], Iterator[Statement]]
) -> None:
    """What comes after that would be of other data: no feed and no export holds some of both."""
    monkeypatch.setattr(walking, "AT_ONCE", 2)
    store = StatementStore.open(f"sqlite:///{tmp_path}/statements.db")
    for number in range(6):
        site = Publisher("Desk", "ab"[number % 2] + ".example")
        store.create(Statement(f"Claim {number}.", f"https://a.example/{number}", Rating("False"), site))
    assert len(list(walk(store))) == 6
    found = walk(store)
    next(found)
    with writing(store.engine) as connection:
        connection.exec_driver_sql("UPDATE statement_store SET store_id = 'restored'")
    with pytest.raises(StoreReplaced):
        list(found)
    store.close()
