"""The embedded engine: small pieces are put together, at once where somebody waits, as a whole when there is time."""

from __future__ import annotations

from pathlib import Path

import pytest

import index.retrieval.embedded
from index.store.statements import StatementStore

from ..conftest import make_statement, numbered
from .conftest import assert_equals_truth, live


def sizes(folder: Path, store: StatementStore) -> list[int]:
    """The segments of the index in force."""
    return [len(part) for part in live(store, folder).engine.view(store.checkpoint).generation.segments.parts]


def test_single_changes_are_put_together_as_they_come(store: StatementStore, folder: Path) -> None:
    store.put_many(numbered(40))
    index = live(store, folder)
    index.update()
    for number in range(6):
        store.create(make_statement(f"Herd {number} of goats."))
        index.current()
    assert sizes(folder, store)[0] == 40
    assert len(sizes(folder, store)) <= 3
    for number in range(6, 12):
        store.create(make_statement(f"Herd {number} of goats."))
        index.current()
    assert sizes(folder, store)[0] > 40, "a quarter more, and the large one is written anew"
    assert_equals_truth(index, store)


def test_whoever_waits_does_not_wait_for_a_large_merge(
    store: StatementStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.retrieval.embedded, "AT_ONCE", 30)
    store.put_many(numbered(40))
    live_index = live(store, folder)
    live_index.update()
    for number in range(12):
        store.create(make_statement(f"Herd {number} of goats."))
        live_index.current()
    assert sizes(folder, store)[0] == 40
    assert_equals_truth(live_index, store)
    live_index.update()
    assert sizes(folder, store) == [52]
    assert_equals_truth(live_index, store)
    assert live_index.is_sound()


def test_applying_again_changes_nothing(store: StatementStore, folder: Path) -> None:
    store.put_many(numbered(5))
    live_index = live(store, folder)
    live_index.update()
    changes = store.changes_since(0)
    vectors = live_index.embedder.encode_statements([change.statement.claim_reviewed for change in changes])
    with live_index.engine.writing(store.checkpoint) as writer:
        writer.apply(changes, vectors, store.checkpoint().sequence, is_whole=True)
    assert_equals_truth(live_index, store)


def test_everything_deleted_leaves_an_empty_index(store: StatementStore, folder: Path) -> None:
    store.put_many(numbered(5))
    live_index = live(store, folder)
    live_index.update()
    for statement in store.select().statements:
        store.delete(statement.id)
    assert live_index.current().search(["town3"], 5) == [[]]
    assert live_index.status().statements == 0
    assert_equals_truth(live_index, store)
