"""The statement store: recognised on import, revised, deleted softly, and ordered by one sequence."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from index.errors import StatementNotFound, StoreUnavailable
from index.models import Citation, NormalizedRating, Publisher, Rating, Statement
from index.store.database import reading, translated
from index.store.history import versions_of
from index.store.rows import ADDED_LATER, fingerprint, from_version, to_columns
from index.store.statements import Outcome, StatementStore

from ..conftest import make_statement, numbered

FULL = Statement(
    claim_reviewed="Ein Glas Essig senkt den Blutdruck.",
    url="https://checks.example/essig",
    rating=Rating("Größtenteils falsch", 2.0, 5.0, 1.0, NormalizedRating.MOSTLY_FALSE),
    publisher=Publisher("Prüfstelle", "checks.example"),
    language="de",
    headline="Nein, Essig ist kein Blutdruckmittel",
    author="Ann Author",
    claimant="ein Heilpraktiker",
    date_published=date(2021, 5, 3),
    explanation="Dafür fehlt jede Studie.",
    cluster="essig",
    license="CC0-1.0",
    citations=(Citation("https://doi.example/essig", "Essig und Blutdruck"), Citation("https://amt.example/")),
    valid_from=date(2021, 5, 3),
    valid_until=date(2030, 12, 31),
    owner="Gesundheitsdesk",
)


def test_a_statement_comes_back_as_it_was_put(store: StatementStore) -> None:
    created = store.create(FULL)
    assert created.id
    assert created.key > 0
    assert replace(created, id="", key=0) == FULL
    assert store.get(created.id) == created
    assert store.by_keys([created.key, 999]) == {created.key: created}


def test_importing_twice_changes_nothing(store: StatementStore) -> None:
    assert store.put_many(numbered(3)) == [Outcome.ADDED] * 3
    before = store.checkpoint()
    assert store.put_many(numbered(3)) == [Outcome.UNCHANGED] * 3
    assert store.checkpoint() == before


def test_twins_inside_one_batch_become_one_statement(store: StatementStore) -> None:
    twin = make_statement("Water flows uphill in May.")
    again = replace(twin, claim_reviewed="  water   FLOWS uphill in May. ")
    for expected in ([Outcome.ADDED, Outcome.UNCHANGED], [Outcome.UNCHANGED] * 2):
        assert store.put_many([twin, again]) == expected
        assert store.checkpoint().sequence == 1
    assert [found.claim_reviewed for found in store.select().statements] == ["Water flows uphill in May."]


def test_a_new_rating_updates_and_keeps_id_key_and_the_old_version(store: StatementStore) -> None:
    first = store.create(FULL)
    corrected = replace(FULL, rating=Rating("Richtig", normalized=NormalizedRating.TRUE))
    assert store.put_many([corrected]) == [Outcome.UPDATED]
    now = store.get(first.id)
    assert (now.id, now.key, now.rating.alternate_name) == (first.id, first.key, "Richtig")
    new, old = versions_of(store, first.id)
    assert (new.statement, old.statement) == (now, first)


def test_a_version_from_before_a_column_is_read_without_it(store: StatementStore) -> None:
    first = store.create(FULL)
    version = {name: value for name, value in to_columns(first).items() if name not in ADDED_LATER}
    unknown = {"author": None, "citations": (), "valid_from": None, "valid_until": None, "owner": None}
    assert from_version(version, first.id, first.key) == replace(first, **unknown)


def test_a_deleted_statement_is_gone_and_comes_back_under_its_old_id(store: StatementStore) -> None:
    created = store.create(FULL)
    store.delete(created.id)
    assert store.count() == 0
    assert store.by_keys([created.key]) == {}
    for attempt in (lambda: store.get(created.id), lambda: store.delete(created.id)):
        with pytest.raises(StatementNotFound):
            attempt()
    assert store.put_many([FULL]) == [Outcome.ADDED]
    assert store.get(created.id) == created


def test_revising_keeps_the_id_even_when_the_claim_changes(store: StatementStore) -> None:
    created = store.create(FULL)
    revised = store.revise(created.id, replace(FULL, claim_reviewed="Essig heilt alles."))
    assert (revised.id, revised.key, revised.claim_reviewed) == (created.id, created.key, "Essig heilt alles.")
    with pytest.raises(StatementNotFound):
        store.revise("unknown", FULL)


def test_what_no_database_takes_is_cleaned_and_then_counts_as_unchanged(store: StatementStore) -> None:
    dirty = replace(FULL, headline="a\0b\ud800c", rating=Rating("Falsch", float("nan"), float("inf"), 10**400))
    assert store.put_many([dirty]) == [Outcome.ADDED]
    (found,) = store.select().statements
    assert found.headline == "ab?c"
    assert found.rating == Rating("Falsch")
    assert store.put_many([dirty]) == [Outcome.UNCHANGED]
    assert store.revise(found.id, dirty) == found
    assert store.checkpoint().sequence == 1


def test_a_rating_that_was_another_one_before_is_known(store: StatementStore) -> None:
    rated, respelled, reworded, kept = (
        store.create(replace(FULL, url=f"https://checks.example/{n}")) for n in range(4)
    )
    odd = store.create(replace(FULL, url="https://checks.example/odd", rating=Rating("Drei Zitronen")))
    store.revise(rated.id, replace(rated, rating=Rating("Falsch", normalized=NormalizedRating.FALSE)))
    store.revise(respelled.id, replace(respelled, rating=replace(FULL.rating, alternate_name="GRÖSSTENTEILS FALSCH!")))
    store.revise(reworded.id, replace(reworded, claim_reviewed="Essig heilt alles."))
    store.revise(odd.id, replace(odd, rating=Rating("Fünf Zitronen")))
    keys = [statement.key for statement in (rated, respelled, reworded, kept, odd)]
    assert store.rerated(keys) == {rated.key, odd.key}
    assert store.rerated([]) == frozenset()


def test_importing_what_was_revised_by_hand_puts_the_publishers_version_back(store: StatementStore) -> None:
    created = store.create(FULL)
    store.revise(created.id, replace(FULL, claim_reviewed="Essig heilt alles."))
    assert store.put_many([FULL]) == [Outcome.UPDATED]
    assert store.get(created.id) == created
    assert [old.statement.claim_reviewed for old in versions_of(store, created.id)] == [
        FULL.claim_reviewed, "Essig heilt alles.", FULL.claim_reviewed,
    ]  # fmt: skip


def test_what_comes_unasked_leaves_what_a_person_wrote_or_deleted(store: StatementStore) -> None:
    imported, written, gone = numbered(3)
    store.put_many([imported, gone])
    store.create(written)
    ids = {each.claim_reviewed: each.id for each in store.select().statements}
    store.delete(ids[gone.claim_reviewed])
    before = store.checkpoint()
    newer = [replace(each, headline="Newer") for each in (written, gone)]
    assert store.put_many(newer, unasked=True) == [Outcome.KEPT, Outcome.UNCHANGED]
    assert store.checkpoint() == before
    assert store.put_many([replace(imported, headline="Newer")], unasked=True) == [Outcome.UPDATED]


def test_a_revision_is_kept_until_somebody_imports_the_publishers_version(store: StatementStore) -> None:
    store.put_many([FULL])
    (found,) = store.select().statements
    revised = store.revise(found.id, replace(FULL, explanation="Own words."))
    assert store.put_many([FULL], unasked=True) == [Outcome.KEPT]
    assert store.put_many([revised], unasked=True) == [Outcome.UNCHANGED]
    assert store.get(found.id) == revised
    assert store.put_many([FULL]) == [Outcome.UPDATED]
    newer = replace(FULL, headline="Newer")
    assert store.put_many([newer], unasked=True) == [Outcome.UPDATED]
    assert store.get(found.id).headline == "Newer"


def test_a_key_is_never_given_twice(store: StatementStore) -> None:
    """An index that is behind may still hold the key of a statement that is gone."""
    last = store.create(FULL)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM statements")
    assert store.create(FULL).key > last.key


def test_changes_come_in_order_and_never_split_a_sequence_number(store: StatementStore) -> None:
    store.put_many(numbered(5))
    store.put_many(numbered(4, start=5))
    gone = store.select(limit=1).statements[0]
    store.delete(gone.id)
    assert [c.sequence for c in store.changes_since(0, limit=2)] == [1] * 5
    rest = store.changes_since(1)
    assert [(c.sequence, c.statement is None) for c in rest] == [(2, False)] * 3 + [(3, True)]
    assert rest[-1].key == gone.key
    assert store.changes_since(3) == []


def test_the_checkpoint_names_store_and_sequence(store: StatementStore, tmp_path: Path) -> None:
    before = store.checkpoint()
    store.create(FULL)
    after = store.checkpoint()
    assert (after.store_id, after.sequence) == (before.store_id, before.sequence + 1)
    assert str(after) == f"{after.store_id}-000001"
    other = StatementStore.open(f"sqlite:///{tmp_path / 'other.db'}")
    assert other.checkpoint().store_id != after.store_id
    other.close()


WRITER = """
import sys
from pathlib import Path
from index.models import Rating, Statement
from index.store.statements import StatementStore
url, name = sys.argv[1:3]
store = StatementStore.open(url)
Path(sys.argv[3], name).touch()
for n in range(25):
    batch = [Statement(f"{name} {n} {m}", f"https://checks.example/{name}/{n}/{m}", Rating("False")) for m in range(1 + n % 4)]
    store.put_many(batch)
"""
WRITTEN = sum(1 + n % 4 for n in range(25))


def test_who_follows_writers_in_other_processes_misses_nothing(tmp_path: Path, database_url: str) -> None:
    """All open a database that is not there yet at the same moment; no number may show up after a later one."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, database_url, name, str(tmp_path)], cwd=Path(__file__).parents[3]
        )
        for name in ("one", "two", "three")
    ]
    store = StatementStore.open(database_url)
    reached, claims = 0, []
    while True:
        ended = all(writer.poll() is not None for writer in writers)
        for change in store.changes_since(reached, limit=7):
            assert change.statement is not None
            claims.append(change.statement.claim_reviewed)
            reached = change.sequence
        if ended and reached == store.checkpoint().sequence:
            break
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert (len(claims), len(set(claims))) == (3 * WRITTEN, 3 * WRITTEN)
    assert reached == 75
    store.close()


def test_threads_that_share_a_store_lose_nothing_and_share_no_sequence_number(store: StatementStore) -> None:
    def put(start: int) -> None:
        for n in range(start, start + 10):
            store.put_many(numbered(1, start=n))

    threads = [threading.Thread(target=put, args=(100 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.count() == 40
    assert [c.sequence for c in store.changes_since(0)] == list(range(1, 41))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"query": "lemon"}, ["Lemon water cures all."]),
        ({"query": "WATER cures"}, ["Lemon water cures all."]),
        ({"query": "ERDE ÖST"}, ["Die Erde ist flach."]),
        ({"query": "lemon flach"}, []),
        ({"query": "100%_"}, []),
        ({"query": "\0\ud800"}, []),
        ({"publisher": "FLAT.example"}, ["Die Erde ist flach."]),
        ({"language": "%"}, []),
        ({"cursor": "9" * 40}, []),
        ({"cursor": "²"}, []),
        ({"cursor": "-1"}, []),
        ({"language": "de"}, ["Die Erde ist flach."]),
        ({"publisher": "flat.example"}, ["Die Erde ist flach."]),
        ({"publisher": "lemon checks"}, ["Lemon water cures all."]),
        ({"rating": "true"}, ["Die Erde ist flach."]),
    ],
)
def test_select_filters(store: StatementStore, filters: dict[str, str], expected: list[str]) -> None:
    true = Rating("Wahr", normalized=NormalizedRating.TRUE)
    store.create(
        replace(make_statement("Lemon water cures all."), publisher=Publisher("Lemon Checks", "lemon.example"))
    )
    store.create(
        replace(
            make_statement("Die Erde ist flach.", language="de-AT", headline="Österreich staunt"),
            rating=true,
            publisher=Publisher(None, "flat.example"),
        )
    )
    assert [s.claim_reviewed for s in store.select(**filters).statements] == expected  # type: ignore[arg-type]


def test_the_cursor_walks_through_everything_once(store: StatementStore) -> None:
    store.put_many(numbered(7))
    seen, cursor = [], None
    while True:
        page = store.select(cursor=cursor, limit=3)
        seen += [s.key for s in page.statements]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 7


def test_the_fingerprint_folds_case_and_spaces_but_not_the_url() -> None:
    one = make_statement("The Moon is hollow.", "https://a.example/1")
    assert fingerprint(one) == fingerprint(replace(one, claim_reviewed=" the  moon is HOLLOW. "))
    assert fingerprint(one) != fingerprint(replace(one, url="https://a.example/2"))


def test_a_file_that_is_no_database_gets_advice(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"this is not a database, but long enough to look like one" * 40)
    with pytest.raises(StoreUnavailable, match="not a database"):
        StatementStore.open(f"sqlite:///{tmp_path / 'broken.db'}")


def test_a_database_of_a_newer_version_is_refused_by_name(store: StatementStore, database_url: str) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version_index SET version_num = '9999'")
    with pytest.raises(StoreUnavailable, match="newer version"):
        StatementStore.open(database_url)


@pytest.mark.sqlite
def test_a_database_that_another_holds_for_too_long_is_reported_as_busy(store: StatementStore) -> None:
    store.create(FULL)

    @sa.event.listens_for(store.engine, "connect")
    def hurry(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 50")

    with store.engine.begin(), pytest.raises(StoreUnavailable, match="another process"):
        store.put_many(numbered(1))
    assert store.put_many(numbered(1)) == [Outcome.ADDED]


@pytest.mark.sqlite
def test_a_file_that_may_only_be_read_is_reported(store: StatementStore) -> None:
    @sa.event.listens_for(store.engine, "begin")
    def protect(connection: sa.Connection) -> None:
        connection.exec_driver_sql("PRAGMA query_only = ON")

    with pytest.raises(StoreUnavailable, match="cannot be written"):
        store.create(FULL)


@pytest.mark.sqlite
def test_a_database_replaced_by_an_empty_one_says_what_to_do(store: StatementStore, tmp_path: Path) -> None:
    store.close()
    for left in tmp_path.glob("truth.db*"):
        left.unlink()
    with pytest.raises(StoreUnavailable, match="Restart"):
        store.checkpoint()


def test_a_folder_in_the_databases_place_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        StatementStore.open(f"sqlite:///{tmp_path}")


def test_a_database_server_that_is_not_there_is_reported() -> None:
    with pytest.raises(StoreUnavailable, match="server cannot be reached"), translated():
        raise sa.exc.OperationalError("SELECT 'is full'", {}, Exception("connection to server on port 5432 failed"))


def test_no_error_repeats_what_was_asked_for(store: StatementStore) -> None:
    with pytest.raises(StoreUnavailable) as raised, reading(store.engine) as connection:
        connection.execute(sa.text("SELECT :secret FROM nowhere"), {"secret": "is full"})
    assert "is full" not in str(raised.value)
    assert "disk" not in str(raised.value)


@pytest.mark.sqlite
def test_a_full_disk_stores_nothing_of_a_batch_and_says_so(store: StatementStore) -> None:
    @sa.event.listens_for(store.engine, "begin")
    def shrink(connection: sa.Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StoreUnavailable, match="disk is full"):
        store.put_many([make_statement(f"{n} {'long ' * 500}") for n in range(200)])
    sa.event.remove(store.engine, "begin", shrink)
    assert store.count() == 0
    assert store.checkpoint().sequence == 0


def test_an_unknown_kind_of_database_is_refused() -> None:
    with pytest.raises(StoreUnavailable):
        StatementStore.open("nosuch://host/name")


def test_changes_are_counted_as_they_are_listed(store: StatementStore) -> None:
    store.put_many(numbered(5))
    middle = store.checkpoint().sequence
    store.put_many(numbered(3, start=50))
    store.delete(store.select(query="town2", limit=1).statements[0].id)
    assert store.count_changes(0) == len(store.changes_since(0)) == 8
    assert store.count_changes(middle) == len(store.changes_since(middle)) == 4
    assert store.count_changes(store.checkpoint().sequence) == 0
