"""The negative list in the store: found again at once, by every process, and settled with the feedback behind it."""

from __future__ import annotations

import pytest

from service.errors import KeyReused, NotFound
from service.store.idempotency import IdempotencyKey

TEXT = "Hot lemon water cures diabetes within seven days."


def test_what_is_added_counts_at_once_also_for_others(house, open_other) -> None:
    ours, theirs = house.application.negatives, open_other().application.negatives
    assert not theirs.current().rules_out(TEXT, "s")
    made = ours.add(TEXT, "s", "ann", "Not the same.")
    assert theirs.current().rules_out(TEXT, "s")
    assert theirs.current() is theirs.current(), "read once"
    ours.remove(made.id)
    assert not theirs.current().rules_out(TEXT, "s")
    with pytest.raises(NotFound):
        ours.remove(made.id)


def test_one_that_goes_while_another_comes_is_noticed(house) -> None:
    store = house.application.negatives
    first = store.add(TEXT, "s", "ann")
    store.current()
    store.remove(first.id)
    store.add(TEXT, "t", "ann")
    assert (store.current().rules_out(TEXT, "s"), store.current().rules_out(TEXT, "t")) == (False, True)


def test_one_key_makes_one_entry(house) -> None:
    store, key = house.application.negatives, IdempotencyKey.of("ann", "negatives", "k", b"same")
    made = store.add(TEXT, "s", "ann", key=key)
    assert store.add(TEXT, "s", "ann", key=key) == made == store.get(made.id)
    with pytest.raises(KeyReused):
        store.add(TEXT, "t", "ann", key=IdempotencyKey.of("ann", "negatives", "k", b"other"))
    store.remove(made.id)
    assert store.add(TEXT, "s", "ann", key=key).id != made.id


def test_pages_lead_to_each_other_and_go_by_statement(house) -> None:
    store = house.application.negatives
    for number in range(3):
        store.add(f"Text {number}.", "s" if number else "t", "ann")
    first = store.select(limit=2)
    second = store.select(cursor=first.next_cursor, limit=2)
    assert [each.text for each in (*first.negatives, *second.negatives)] == ["Text 2.", "Text 1.", "Text 0."]
    assert [each.text for each in store.select("t").negatives] == ["Text 0."]


def test_a_remark_is_settled_as_often_as_it_is_decided(house) -> None:
    store = house.application.negatives
    by_hand = store.add("By hand.", "s", "ann")
    store.settle("f1", [(TEXT, "s"), (TEXT, "t")], "ann")
    store.settle("f1", [(TEXT, "s")], "ann")
    assert [(each.text, each.statement, each.feedback) for each in store.select().negatives] == [
        (TEXT, "s", "f1"), ("By hand.", "s", None),
    ]  # fmt: skip
    store.settle("f1", [], "ann")
    assert store.select().negatives == (by_hand,)
