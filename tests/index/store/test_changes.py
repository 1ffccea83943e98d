"""What one transaction changes: under one number, with the old kept, and said to have changed only where it did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from index.store.changes import PRINTS_AT_ONCE, Changes
from index.store.database import writing
from index.store.rows import to_columns
from index.store.statements import StatementStore
from index.store.tables import revisions, statements

from ..conftest import make_statement

DUCKS = make_statement("Ducks are banned.")


@pytest.fixture
def connection(store: StatementStore) -> Iterator[sa.Connection]:
    with writing(store.engine) as opened:
        yield opened


def insert(connection: sa.Connection, *prints: str, sequence: int = 5) -> Changes:
    made = Changes(connection, sequence)
    made.insert([(print_, to_columns(DUCKS)) for print_ in prints])
    return made


def test_what_is_added_is_found_by_its_fingerprint(connection: sa.Connection) -> None:
    assert insert(connection, "a", "b").made
    found = Changes(connection, 6).by_fingerprint(["a", "b", "c"])
    assert found.keys() == {"a", "b"}
    assert {(row["sequence"], row["claim_reviewed"], row["deleted_at"]) for row in found.values()} == {
        (5, "Ducks are banned.", None)
    }
    assert len({row["id"] for row in found.values()}) == 2


def test_adding_nothing_is_no_change(connection: sa.Connection) -> None:
    assert not insert(connection).made


def test_more_fingerprints_than_a_query_takes_are_found(connection: sa.Connection) -> None:
    prints = [f"print {number}" for number in range(2 * PRINTS_AT_ONCE + 1)]
    insert(connection, *prints)
    assert Changes(connection, 6).by_fingerprint(prints).keys() == set(prints)


def test_new_content_keeps_the_old_as_a_revision(connection: sa.Connection) -> None:
    row = insert(connection, "a").by_fingerprint(["a"])["a"]
    changes = Changes(connection, 6)
    new = changes.update(row, to_columns(replace(DUCKS, headline="Nonsense")))
    assert (new["headline"], new["sequence"], changes.made) == ("Nonsense", 6, True)
    assert changes.by_fingerprint(["a"])["a"]["headline"] == "Nonsense"
    (kept,) = connection.execute(sa.select(revisions)).mappings()
    assert (kept["key"], kept["sequence"], kept["version"]["headline"]) == (row["key"], 5, None), (
        "with the number that it had"
    )


def test_what_was_deleted_lives_again_with_new_content(connection: sa.Connection) -> None:
    row = insert(connection, "a").by_fingerprint(["a"])["a"]
    Changes(connection, 6).delete(row)
    gone = Changes(connection, 7).by_fingerprint(["a"])["a"]
    assert (gone["deleted_at"] is None, gone["sequence"]) == (False, 6)
    Changes(connection, 7).update(gone, to_columns(DUCKS))
    (deleted_at,) = connection.execute(sa.select(statements.c.deleted_at)).scalars()
    assert deleted_at is None
