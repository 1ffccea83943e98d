"""The versions of a statement: every change is there with who made it and why, and so is what was retired."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from index.errors import StatementNotFound
from index.models import Citation, NormalizedRating, Rating
from index.store.changes import Writer
from index.store.database import writing
from index.store.editing import restore
from index.store.history import FieldChange, changes_between, versions_of
from index.store.statements import StatementStore
from index.store.tables import revisions, statements

from ..conftest import make_statement

DUCKS = make_statement("Ducks are banned.")
SOON = timedelta(minutes=5)


def test_each_version_names_who_wrote_it_and_why(store: StatementStore) -> None:
    made = store.create(DUCKS, writer=Writer("acc_ann", "Many asked."))
    store.revise(
        made.id, replace(made, headline="No, they are not"), writer=Writer("acc_bob", " A headline\0 was missing. ")
    )
    store.delete(made.id, writer=Writer("key_1", None))
    restore(store, made.id, Writer("acc_ann", "Not outdated after all."))
    found = versions_of(store, made.id)
    assert [(each.number, each.written_by, each.reason, each.retired, each.statement.headline) for each in found] == [
        (4, "acc_ann", "Not outdated after all.", False, "No, they are not"),
        (3, "key_1", None, True, "No, they are not"),
        (2, "acc_bob", "A headline was missing.", False, "No, they are not"),
        (1, "acc_ann", "Many asked.", False, None),
    ]
    moments = [each.written_at for each in found]
    assert moments == sorted(moments, reverse=True)
    assert all(datetime.now(UTC) - SOON < moment <= datetime.now(UTC) for moment in moments)
    assert {each.statement.id for each in found} == {made.id}


def test_what_is_retired_still_has_its_history_and_what_never_was_has_none(store: StatementStore) -> None:
    made = store.create(DUCKS)
    store.delete(made.id)
    assert [each.retired for each in versions_of(store, made.id)] == [True, False]
    with pytest.raises(StatementNotFound):
        versions_of(store, "unknown")


def test_an_import_is_nobodys(store: StatementStore) -> None:
    store.create(DUCKS, writer=Writer("acc_ann"))
    store.put_many([replace(DUCKS, headline="Imported")])
    (made,) = store.select().statements
    assert [each.written_by for each in versions_of(store, made.id)] == [None, "acc_ann"]


def test_saving_the_same_again_is_no_version(store: StatementStore) -> None:
    made = store.create(DUCKS)
    store.revise(made.id, made, writer=Writer("acc_ann", "No change."))
    assert len(versions_of(store, made.id)) == 1


def test_versions_from_before_that_was_kept_begin_when_the_one_before_ended(store: StatementStore) -> None:
    made = store.create(DUCKS)
    for headline in ("one", "two"):
        store.revise(made.id, replace(made, headline=headline))
    with writing(store.engine) as connection:
        connection.execute(sa.update(revisions).values(written_at=None))
        ended = connection.execute(sa.select(revisions.c.changed_at).order_by(revisions.c.number)).scalars().all()
        changed = connection.execute(sa.select(statements.c.changed_at)).scalar_one()
    found = [each.written_at for each in versions_of(store, made.id)]
    assert found[2] is None
    assert [each and each.replace(tzinfo=None) for each in found[:2]] == [
        each.replace(tzinfo=None) for each in (changed, ended[0])
    ]


def test_what_differs_is_named_by_its_field() -> None:
    after = replace(
        DUCKS, headline="No", citations=(Citation("https://a.example/", "A"), Citation("https://b.example/")),
        rating=Rating("Wrong", 0.0, normalized=NormalizedRating.FALSE),
    )  # fmt: skip
    assert changes_between(DUCKS, after) == [
        FieldChange("alternate_name", "False", "Wrong"),
        FieldChange("headline", None, "No"),
        FieldChange("rating_value", None, 0.0),
        FieldChange("citations", None, "A https://a.example/\nhttps://b.example/"),
    ]
    assert changes_between(after, after) == []
    assert "claim_reviewed" in {each.field for each in changes_between(None, DUCKS)}
    assert "headline" not in {each.field for each in changes_between(None, DUCKS)}
