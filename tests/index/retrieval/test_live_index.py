"""The live index equals the store: after changes, and killed at any moment."""

from __future__ import annotations

import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from index.errors import IndexUnavailable, ModelUnavailable, StoreReplaced
from index.models import Statement
from index.retrieval.live_index import FEW
from index.store import tables
from index.store.database import writing
from index.store.statements import StatementStore

from ..conftest import WordEmbedder, make_statement, numbered
from .conftest import assert_equals_truth, found, live


def test_before_the_first_build_there_is_no_index(store: StatementStore, folder: Path) -> None:
    index = live(store, folder)
    with pytest.raises(IndexUnavailable):
        index.current()
    assert index.status().ready is False


def test_an_empty_store_gives_an_empty_index(store: StatementStore, folder: Path) -> None:
    index = live(store, folder)
    index.update()
    assert index.status().ready
    assert index.current().search(["anything"], 5) == [[]]


def test_a_statement_matches_within_its_period_alone(store: StatementStore, folder: Path) -> None:
    store.put_many(numbered(20))
    begins, ends = date(2026, 3, 1), date(2026, 3, 31)
    claim = "Llamas run the post office in Peru."
    made = store.create(make_statement(claim, valid_from=begins, valid_until=ends))
    index = live(store, folder)
    index.update()
    for day, matches in (
        (date(2026, 2, 28), False), (begins, True), (date(2026, 3, 15), True), (ends, True), (date(2026, 4, 1), False)
    ):  # fmt: skip
        index.today = lambda day=day: day
        assert (claim in found(index, claim, 21)) is matches, day
        assert len(found(index, claim, 5)) == 5, "others move up"
        assert (made.key in index.current().lookup([made.key])) is matches


def test_added_revised_and_deleted_statements_show_at_once_without_a_rebuild(
    store: StatementStore, folder: Path
) -> None:
    store.put_many(numbered(20))
    index = live(store, folder)
    index.update()
    created = store.create(make_statement("Llamas run the post office in Peru."))
    assert index.status().behind == 0
    assert found(index, "llamas post office")[0] == "Llamas run the post office in Peru."
    store.revise(created.id, make_statement("Alpacas guard the bank of Lima."))
    assert found(index, "alpacas guard bank")[0] == "Alpacas guard the bank of Lima."
    assert "Llamas run the post office in Peru." not in found(index, "llamas post office", 21)
    store.delete(created.id)
    assert "Alpacas guard the bank of Lima." not in found(index, "alpacas guard bank", 21)
    old = store.select(limit=1).statements[0]
    store.delete(old.id)
    assert old.claim_reviewed not in found(index, old.claim_reviewed, 20)
    assert_equals_truth(index, store)


def test_a_change_does_not_encode_earlier_changes_again(store: StatementStore, folder: Path) -> None:
    embedder = WordEmbedder()
    index = live(store, folder, embedder)
    index.update()
    for number in range(10):
        store.create(make_statement(f"Claim {number} about geese."))
        index.current()
    assert embedder.encoded == 10


def test_many_changes_are_applied_beside_while_it_answers(store: StatementStore, folder: Path) -> None:
    embedder = Gate()
    index = live(store, folder, embedder)
    index.update()
    embedder.open.clear()
    store.put_many(numbered(600))
    status = index.status()
    assert (status.ready, status.statements, status.behind) == (True, 0, 600)
    assert "being brought into the index" in status.reason
    assert index.current().search(["town3"], 5) == [[]]
    embedder.open.set()
    index.update()  # waits for whoever is at it
    assert (index.status().behind, index.status().reason) == (0, "")
    assert embedder.encoded == 600
    assert_equals_truth(index, store)
    index.close()


def test_whoever_searches_applies_a_few_changes_first_and_no_more(store: StatementStore, folder: Path) -> None:
    embedder = Gate()
    index = live(store, folder, embedder)
    index.update()
    store.put_many(numbered(FEW))
    assert index.current().statements == FEW
    embedder.open.clear()
    store.put_many(numbered(FEW + 1, start=FEW))
    assert index.current().statements == FEW
    embedder.open.set()
    index.close()


def test_while_another_writes_nobody_waits(store: StatementStore, folder: Path) -> None:
    index, other = live(store, folder), live(store, folder)
    index.update()
    store.put_many(numbered(3))
    with other.engine.writing(store.checkpoint):
        assert index.current().statements == 0
    assert index.current().statements == 3


def test_closing_ends_what_goes_on_beside(store: StatementStore, folder: Path) -> None:
    index = live(store, folder)
    index.update()
    index.close()
    store.put_many(numbered(3))
    with pytest.raises(IndexUnavailable, match="closed"):
        index.update()


def test_a_fault_while_it_catches_up_leaves_it_answering(store: StatementStore, folder: Path) -> None:
    store.put_many(numbered(3))
    embedder = Gate()
    index = live(store, folder, embedder)
    index.update()
    embedder.fault = ModelUnavailable("The model is gone.")
    store.put_many(numbered(3, start=10))
    assert index.current().statements == 3
    status = index.status()
    assert (status.ready, status.behind) == (True, 3)
    with pytest.raises(ModelUnavailable):
        index.update()


class Gate(WordEmbedder):
    """Encodes statements when the gate is open, or fails."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.fault = threading.Event(), None
        self.open.set()

    def encode_statements(self, texts):
        if self.fault:
            raise self.fault
        assert self.open.wait(20)
        return super().encode_statements(texts)


def test_another_process_publishes_and_this_one_swaps(store: StatementStore, folder: Path, database_url: str) -> None:
    index = live(store, folder)
    index.update()
    before = index.current()
    store.put_many(numbered(FEW + 10))
    other = StatementStore.open(database_url)
    live(other, folder).update()
    other.close()
    assert index.status().ready
    assert index.current() is not before
    assert before.statements == 0, "an index in use is never modified"
    assert_equals_truth(index, store)


def test_a_rebuild_gives_the_same_answers(store: StatementStore, folder: Path) -> None:
    store.put_many(numbered(30))
    index = live(store, folder)
    index.update()
    store.delete(store.select(limit=1).statements[0].id)
    store.put_many(numbered(5, start=50))
    before = found(index, "town52 rubber ducks", 5)
    index.rebuild()
    assert found(index, "town52 rubber ducks", 5) == before
    assert_equals_truth(index, store)


def test_progress_ends_at_the_total(store: StatementStore, folder: Path) -> None:
    store.put_many(numbered(30))
    heard: list[tuple[int, int]] = []
    live(store, folder).update(progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (30, 30)


def test_another_model_makes_the_index_useless(store: StatementStore, folder: Path) -> None:
    store.put_many(numbered(5))
    live(store, folder).update()
    other = live(store, folder, WordEmbedder("other words", 32))
    assert "another model" in other.status().reason
    other.update()
    assert other.status().ready
    assert len(other.current().search(["town3"], 5)[0]) == 5


def test_another_database_makes_the_index_useless(store: StatementStore, folder: Path, tmp_path: Path) -> None:
    store.put_many(numbered(5))
    live(store, folder).update()
    second = StatementStore.open(f"sqlite:///{tmp_path / 'second.db'}")
    index = live(second, folder)
    assert "another database" in index.status().reason
    second.close()


def test_a_folder_that_cannot_be_written_is_reported(store: StatementStore, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file stands in the way")
    with pytest.raises(IndexUnavailable, match="cannot be written"):
        live(store, tmp_path / "index").update()


def test_old_generations_and_left_overs_are_cleared_away(store: StatementStore, folder: Path) -> None:
    for number in range(3):
        store.put_many(numbered(3, start=10 * number))
        (folder / ".building-99999").mkdir(parents=True, exist_ok=True)
        (folder / "CURRENT.99999.new").write_text("gen-9")
        live(store, folder).update()
    assert sorted(path.name for path in folder.iterdir()) == ["CURRENT", "building.lock", "gen-3"]


def test_searching_while_others_write_and_rebuild_never_fails(store: StatementStore, folder: Path) -> None:
    store.put_many(numbered(40))
    index = live(store, folder)
    index.update()
    failures: list[Exception] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            try:
                (matches,) = index.current().search(["town7 rubber ducks"], 5)
                assert len(matches) == 5
            except Exception as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(12):
        created = store.create(make_statement(f"Herd number {number} of goats."))
        if number % 3 == 0:
            store.delete(created.id)
        if number % 5 == 0:
            index.update()
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert_equals_truth(index, store)


BUILDER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from conftest import WordEmbedder
import index.retrieval.builder
import index.retrieval.embedded
from index.pairs.rules import RulePairModel
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore
index.retrieval.builder.BATCH, index.retrieval.embedded.AT_ONCE = 40, 60
store = StatementStore.open(sys.argv[1])
embedder = WordEmbedder()
live = open_live_index(store, embedder, RulePairModel(embedder), Path(sys.argv[2]))
print("begun", flush=True)
while True:
    live.rebuild() if "rebuild" in sys.argv else live.update()
"""


@pytest.mark.parametrize("mode", ["update", "rebuild"])
def test_killed_at_any_moment_the_next_start_is_consistent(
    store: StatementStore, folder: Path, database_url: str, mode: str
) -> None:
    draw = random.Random(11)
    statements: list[Statement] = numbered(240)
    for start in range(0, 240, 40):
        store.put_many(statements[start : start + 40])
    live(store, folder).update()
    for attempt in range(10):
        process = subprocess.Popen(
            [sys.executable, "-c", BUILDER, database_url, str(folder), str(Path(__file__).parents[1]), mode],
            stdout=subprocess.PIPE, cwd=Path(__file__).parents[3],
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        store.put_many([make_statement(f"Attempt {attempt} adds a heron.")])
        store.put_many([replace(statements[attempt], headline=f"revised {attempt}")])
        store.delete(store.select(query=f"town{100 + attempt}", limit=1).statements[0].id)
        time.sleep(draw.uniform(0, 0.25))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        index = live(store, folder)
        index.update()
        assert index.status().ready, index.status().reason
        assert index.is_sound()
        assert_equals_truth(index, store)
    index.update()
    assert_equals_truth(live(store, folder), store)


# ---------------------------------------------------------------- other data in the store's place


def replace_data(store: StatementStore, *claims: str) -> None:
    """As a restore does: other statements under the same keys and numbers, and another name of the store."""
    with writing(store.engine) as connection:
        connection.execute(sa.delete(tables.statements))
        connection.execute(sa.update(tables.store).values(store_id=secrets.token_hex(4), sequence=0))
    store.put_many([make_statement(claim) for claim in claims])


@pytest.fixture
def replaced(store: StatementStore, folder: Path):
    """An index that is in use, and in its store's place another one, with as many changes."""
    store.put_many([make_statement("The moon is hollow.")])
    index = live(store, folder)
    index.update()
    before = index.current()
    replace_data(store, "Bread is made of sand.")
    assert store.checkpoint().sequence == before.view.checkpoint.sequence
    return index, before


def test_an_index_never_answers_for_other_data_and_builds_theirs_by_itself(replaced) -> None:
    index, before = replaced
    with pytest.raises(StoreReplaced):
        before.search(["The moon is hollow."], 1)  # begun before: its keys mean other statements now
    status = index.status()
    assert (status.ready, status.reason) == (False, "The index belongs to another database; it is built anew.")
    until = time.monotonic() + 60
    while not index.status().ready:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert found(index, "The moon is hollow.") == ["Bread is made of sand."]


def test_another_process_that_only_searches_takes_the_new_index_and_never_the_old(
    replaced, store: StatementStore, folder: Path
) -> None:
    index, _ = replaced
    other = live(store, folder)
    other.update()
    assert found(index, "bread of sand") == found(other, "bread of sand") == ["Bread is made of sand."]
    assert_equals_truth(index, store)


def test_what_is_being_built_for_the_former_data_is_given_up(store: StatementStore, folder: Path) -> None:
    embedder = Gate()
    index = live(store, folder, embedder)
    store.put_many(numbered(5))
    embedder.open.clear()
    faults = []

    def update() -> None:
        try:
            index.update()
        except IndexUnavailable as fault:
            faults.append(str(fault))

    building = threading.Thread(target=update)
    building.start()
    replace_data(store, "Bread is made of sand.")
    embedder.open.set()
    building.join(60)
    assert faults == ["The index belongs to another database; it is built anew."] or not faults
    index.update()
    assert found(index, "town3") == ["Bread is made of sand."]
    assert_equals_truth(index, store)


def test_nothing_is_built_upon_what_was_written_for_other_data(store: StatementStore, folder: Path) -> None:
    store.put_many(numbered(3))
    index = live(store, folder)
    index.update()
    before = store.checkpoint()
    with index.engine.writing(lambda: before) as writer:
        assert (writer.store_id, writer.sequence) == (before.store_id, before.sequence)
    states = iter([replace(before, store_id="other")])  # another store comes after it was asked for the name
    with index.engine.writing(lambda: next(states, before)) as writer:
        assert (writer.store_id, writer.sequence) == ("other", 0)
