"""What persons do with statements: of two writers one is told, nothing is overwritten unseen, and what was retired comes back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from index.errors import StatementChanged, StatementExists, StatementNotFound
from index.models import Statement
from index.store.changes import Writer
from index.store.editing import add, linked, restore
from index.store.history import versions_of
from index.store.rows import tag_of
from index.store.statements import StatementStore

from ..conftest import make_statement

DUCKS = make_statement("Ducks are banned.")
WRITERS = 8


def at_once(act: Callable[[int], object]) -> list[object]:
    """What became of it for each of WRITERS threads that begin together: what it gave, or its fault."""
    together = Barrier(WRITERS)

    def run(number: int) -> object:
        together.wait()
        try:
            return act(number)
        except (StatementChanged, StatementExists, StatementNotFound) as fault:
            return fault

    with ThreadPoolExecutor(WRITERS) as threads:
        return list(threads.map(run, range(WRITERS)))


def test_of_writers_who_read_the_same_version_one_writes_and_the_others_are_told(store: StatementStore) -> None:
    made = store.create(DUCKS)
    tag = tag_of(made)

    def write(number: int) -> Statement:
        return store.revise(made.id, replace(made, headline=f"By {number}"), tag, Writer(f"acc_{number}"))

    became = at_once(write)
    (written,) = [each for each in became if isinstance(each, Statement)]
    assert sum(isinstance(each, StatementChanged) for each in became) == WRITERS - 1
    assert store.get(made.id) == written
    assert len(versions_of(store, made.id)) == 2


def test_without_a_tag_the_last_one_writes_and_nothing_is_lost(store: StatementStore) -> None:
    made = store.create(DUCKS)
    at_once(lambda number: store.revise(made.id, replace(made, headline=f"By {number}")))
    assert {each.statement.headline for each in versions_of(store, made.id)} == {
        None, *(f"By {number}" for number in range(WRITERS)),
    }  # fmt: skip


def test_nobody_retires_what_they_did_not_read(store: StatementStore) -> None:
    made = store.create(DUCKS)
    store.revise(made.id, replace(made, headline="New"))
    with pytest.raises(StatementChanged):
        store.delete(made.id, tag_of(made))
    store.delete(made.id, tag_of(store.get(made.id)))
    assert store.count() == 0


def test_of_those_who_add_the_same_statement_one_does_and_the_others_learn_which_it_is(store: StatementStore) -> None:
    became = at_once(lambda number: add(store, replace(DUCKS, headline=f"By {number}"), Writer(f"acc_{number}")))
    (made,) = [each for each in became if isinstance(each, Statement)]
    told = [each for each in became if isinstance(each, StatementExists)]
    assert {(each.id, each.is_retired) for each in told} == {(made.id, False)}
    assert len(told) == WRITERS - 1
    assert store.get(made.id) == made


def test_what_was_retired_is_brought_back_rather_than_added_anew(store: StatementStore) -> None:
    made = add(store, DUCKS)
    store.delete(made.id)
    with pytest.raises(StatementExists) as fault:
        add(store, DUCKS)
    assert (fault.value.id, fault.value.is_retired) == (made.id, True)
    assert "bring it back" in str(fault.value)
    assert [each.id for each in store.select(retired=True).statements] == [made.id]
    before = store.checkpoint()
    assert restore(store, made.id) == made
    assert store.checkpoint().sequence == before.sequence + 1
    assert (store.get(made.id), store.select(retired=True).statements) == (made, ())
    assert [change.statement for change in store.changes_since(before.sequence)] == [made], "the index learns of it"
    restore(store, made.id)
    assert store.checkpoint().sequence == before.sequence + 1, "what is in use stays as it is"
    with pytest.raises(StatementNotFound):
        restore(store, "unknown")


def test_translations_are_linked_without_changing_what_they_translate(store: StatementStore) -> None:
    first = store.create(DUCKS)
    german = store.create(make_statement("Enten sind verboten.", language="de", cluster=first.cluster_name))
    french = store.create(make_statement("Les canards sont interdits.", language="fr", cluster=german.cluster_name))
    store.create(make_statement("Lemons cure."))
    for one, others in ((first, [german, french]), (german, [first, french]), (french, [first, german])):
        assert linked(store, one) == others
    store.delete(german.id)
    assert linked(store, first) == [french]


def test_own_statements_are_listed_by_themselves(store: StatementStore) -> None:
    ours = store.create(replace(DUCKS, owner="Desk"))
    store.create(make_statement("Lemons cure."))
    assert store.select(own=True).statements == (ours,)
    assert ours.is_own
