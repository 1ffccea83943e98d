"""Only statements of the sites that are named, newest first."""

from __future__ import annotations

from index.models import Publisher, Rating, Statement
from index.store.statements import StatementStore
from index.store.walking import own_statements, walk_statements


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
