"""The Milvus engine by itself: what is shared by machines, what is lost, what cannot be reached."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from private_milvus import serving_milvus
from pymilvus.exceptions import MilvusException

from index.errors import IndexUnavailable
from index.pairs.rules import RulePairModel
from index.retrieval import milvus, milvus_client
from index.retrieval.live_index import LiveIndex
from index.retrieval.milvus import SETTLED_SECONDS, MilvusView
from index.retrieval.milvus_client import MAX_BYTES, MilvusCollections, State, joined
from index.retrieval.milvus_states import STATES, have_states
from index.retrieval.opening import open_live_index
from index.store.statements import Checkpoint, StatementStore

from ..conftest import WordEmbedder, make_statement, numbered
from .conftest import assert_equals_truth, found

ROOT = Path(__file__).parents[3]
Open = Callable[..., LiveIndex]


def open_index(store: StatementStore, uri: str, embedder: WordEmbedder | None = None) -> LiveIndex:
    embedder = embedder or WordEmbedder()
    return open_live_index(store, embedder, RulePairModel(embedder), Path("/nowhere"), None, uri)


@pytest.fixture
def index(store: StatementStore, milvus_uri: str) -> Iterator[LiveIndex]:
    store.put_many(numbered(10))
    opened = open_index(store, milvus_uri)
    opened.update()
    yield opened
    opened.close()


def test_rows_that_got_lost_are_noticed_and_put_back(index: LiveIndex, store: StatementStore) -> None:
    assert index.is_sound()
    state = index.engine.view(store.checkpoint).state
    index.engine.collections.remove(state.collection, [3])
    assert not index.is_sound()
    index.update()
    assert index.is_sound()
    assert_equals_truth(index, store)


def test_a_collection_that_got_lost_is_noticed_and_made_again(index: LiveIndex, store: StatementStore) -> None:
    index.engine.collections.drop(index.engine.view(store.checkpoint).state.collection)
    with pytest.raises(IndexUnavailable):
        index.current().search(["town3"])
    assert not index.is_sound()
    assert (index.status().ready, index.status().reason) == (False, "The index is damaged; it is being built anew.")
    index.update()
    assert index.status().ready
    assert index.is_sound()
    assert_equals_truth(index, store)


def test_while_another_writes_nothing_is_called_lost(index: LiveIndex, store: StatementStore) -> None:
    state = index.engine.view(store.checkpoint).state
    with index.engine.writing(store.checkpoint):
        index.engine.collections.remove(state.collection, [3])
        assert index.is_sound()
    assert not index.is_sound()


def test_after_a_rebuild_the_former_stays_until_there_is_a_change(
    index: LiveIndex, store: StatementStore, milvus_uri: str
) -> None:
    """Whoever has seen no change still searches it."""
    other = open_index(store, milvus_uri)
    former = other.current().view.state.collection
    index.rebuild()
    assert found(other, "town3 rubber ducks")[0].endswith("town3 bans rubber ducks in fountains.")
    assert index.current().view.state.former == former
    store.put_many(numbered(1, start=50))
    assert_equals_truth(other, store)
    assert not other.engine.collections.has(former)
    other.close()


def test_what_builds_left_that_broke_off_is_cleared_away(index: LiveIndex, store: StatementStore) -> None:
    collections, prefix = index.engine.collections, index.engine.state_id(store.checkpoint().store_id)
    collections.create(f"{prefix}_left", 64)
    index.rebuild()
    named = [name for name in collections.names() if name.startswith(prefix)]
    assert len(named) == 2, "the one in force and the former"
    assert f"{prefix}_left" not in named


def test_what_was_written_a_moment_ago_is_waited_for(store: StatementStore) -> None:
    asked: list[str] = []

    class Asked(MilvusCollections):
        def nearest(self, name, vectors, limit, consistency):
            asked.append(consistency)
            return [[] for _ in vectors]

        def sharing(self, name, queries, limit, consistency):
            return [{} for _ in queries]

        def vectors(self, name, keys, consistency):
            return {}

    from index.retrieval.engine import Query

    for age in (0, SETTLED_SECONDS + 5):
        view = MilvusView(Asked(""), State("id", "name", 1, 1, is_whole=True), "store", time.monotonic() - age, 64)
        assert view.checkpoint == Checkpoint("store", 1)
        view.propose([Query("x", WordEmbedder().encode_queries(["x"]))], 3)
    assert asked == ["Strong", "Bounded"]


def test_what_was_indexed_and_what_came_later_are_searched_together(
    store: StatementStore, milvus_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus, "MUCH", 20)
    opened = open_index(store, milvus_uri)
    store.put_many(numbered(60))
    opened.update()
    store.put_many(numbered(3, start=100))
    store.delete(store.select(query="town7", limit=1).statements[0].id)
    assert_equals_truth(opened, store)
    store.put_many(numbered(30, start=200))
    opened.update()
    assert_equals_truth(opened, store)
    assert opened.is_sound()
    opened.close()


def test_an_address_where_nothing_runs_is_said(store: StatementStore) -> None:
    index = open_index(store, f"http://127.0.0.1:{free_port()}")
    began = time.monotonic()
    assert "Milvus cannot be reached: check GEGENCHECK_MILVUS_URI" in index.status().reason
    with pytest.raises(IndexUnavailable, match="does it run there"):
        index.update()
    assert time.monotonic() - began < 40
    index.close()


def test_a_crowd_that_waits_for_a_milvus_that_is_away_is_told_together() -> None:
    """One after the other, each would wait for its own five seconds after those of all before it."""
    begun, tried, told = threading.Barrier(8), [], []

    class Away(MilvusCollections):
        def _open(self):
            tried.append(time.monotonic())
            time.sleep(1)
            raise IndexUnavailable("Milvus cannot be reached")

    def ask() -> None:
        begun.wait()
        with pytest.raises(IndexUnavailable):
            away.state("id")
        told.append(True)

    away = Away("http://127.0.0.1:9")
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 8
    assert (before := len(tried)) < 4
    with pytest.raises(IndexUnavailable):
        away.state("id")
    assert len(tried) == before + 1, "who comes later tries anew"


def test_a_milvus_lite_in_use_by_another_process_is_said(store: StatementStore, tmp_path: Path) -> None:
    holder = "from milvus_lite.db import MilvusLite; import sys; db = MilvusLite(sys.argv[1]); print('open', flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path / "lite.db")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"open\n"
    index = open_index(store, str(tmp_path / "lite.db"))
    with pytest.raises(IndexUnavailable, match="in use by another process"):
        index.update()
    process.communicate(b"\n")
    index.update()
    assert index.status().ready
    index.close()


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (["0a", "0b"], "0a 0b"),
        (["0" + "x" * 70_000], ""),
        (["0ab"] * 30_000, "0ab"),
        (["0" + "ä" * 9] * 4000, "0" + "ä" * 9),
    ],
)
def test_of_many_words_as_many_are_kept_as_milvus_takes(words: list[str], kept: str) -> None:
    text = joined(words)
    assert len(text.encode()) <= MAX_BYTES
    assert set(text.split()) == set(kept.split())


# ---------------------------------------------------------------- several machines


@dataclass
class RacedClient:
    """A client of a Milvus in which another machine makes what this one wants to make, a moment sooner."""

    steps: list[str] = field(default_factory=lambda: ["collection", "index"])  # of the other, one whenever we fail
    made: list[str] = field(default_factory=list)

    def has_collection(self, name: str, timeout: float) -> bool:
        return "collection" in self.made

    def list_indexes(self, name: str, timeout: float) -> list[str]:
        return [each for each in self.made if each == "index"]

    def create_collection(self, name: str, **_: object) -> None:
        self._be_late()

    def create_index(self, name: str, indexes: object, **_: object) -> None:
        self._be_late()

    def _be_late(self) -> None:
        if self.steps:
            self.made.append(self.steps.pop(0))
        raise MilvusException(1, "it exists already")

    def create_schema(self, **_: object) -> MagicMock:
        return MagicMock()

    prepare_index_params = create_schema


def test_machines_that_begin_at_once_on_an_empty_milvus_do_not_fail_each_other() -> None:
    client = RacedClient()
    have_states(client)
    assert client.made == ["collection", "index"]
    have_states(RacedClient(steps=[], made=["collection", "index"]))
    with pytest.raises(IndexUnavailable, match="no note"):
        have_states(RacedClient(steps=[]))


def test_what_a_machine_left_that_died_while_it_began_is_completed(store: StatementStore, tmp_path: Path) -> None:
    """A collection without an index can never be loaded."""
    from pymilvus import DataType, MilvusClient

    uri = str(tmp_path / "lite.db")
    client = MilvusClient(uri)
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.VARCHAR, max_length=200, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
    schema.add_field("collection", DataType.VARCHAR, max_length=200)
    schema.add_field("former", DataType.VARCHAR, max_length=200)
    schema.add_field("sequence", DataType.INT64)
    schema.add_field("statements", DataType.INT64)
    schema.add_field("is_whole", DataType.BOOL)
    client.create_collection(STATES, schema=schema)
    assert client.list_indexes(STATES) == []
    store.put_many(numbered(3))
    index = open_index(store, uri)
    index.update()
    assert_equals_truth(index, store)
    assert len(client.list_indexes(STATES)) == 1
    client.close()
    index.close()


def test_a_milvus_that_lost_everything_is_filled_again(index: LiveIndex, store: StatementStore) -> None:
    """Without a start of ours: somebody gave it an empty disk."""
    collections = index.engine.collections
    for name in (index.engine.view(store.checkpoint).state.collection, STATES):
        collections.drop(name)
    assert not index.status().ready
    index.update()
    assert index.status().ready
    assert_equals_truth(index, store)


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A Milvus that several processes reach over the network."""
    with serving_milvus(tmp_path / "served.db", free_port()) as milvus:
        yield milvus.address


def test_a_milvus_that_hangs_is_said_and_used_again_when_it_goes_on(
    store: StatementStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_client, "STATE_SECONDS", 1)
    store.put_many(numbered(3))
    with serving_milvus(tmp_path / "served.db", free_port()) as served:
        index = open_index(store, served.address)
        index.update()
        served.process.send_signal(signal.SIGSTOP)
        until = time.monotonic() + 15  # a busy machine stops it a little later
        while (status := index.status()).ready:
            assert time.monotonic() < until, "a Milvus that hangs still counts as ready"
        assert status.reason == "Milvus does not answer in time: is it overloaded?"
        with pytest.raises(IndexUnavailable, match="Milvus"):
            index.update()
        served.process.send_signal(signal.SIGCONT)
        assert_equals_truth(index, store)
        index.close()


MACHINE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from conftest import WordEmbedder
import index.retrieval.builder
from index.pairs.rules import RulePairModel
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore
index.retrieval.builder.BATCH = 10
store = StatementStore.open(sys.argv[1])
embedder = WordEmbedder()
live = open_live_index(store, embedder, RulePairModel(embedder), Path("/nowhere"), None, sys.argv[2])
live.update()
print("begun", flush=True)
while True:
    live.rebuild() if "rebuild" in sys.argv else live.update()
"""


def test_machines_are_killed_while_they_write_and_the_index_equals_the_truth(
    store: StatementStore, database_url: str, server: str
) -> None:
    draw = random.Random(5)
    store.put_many(numbered(60))
    mine = open_index(store, server)
    for attempt in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", MACHINE, database_url, server, str(Path(__file__).parents[1]), ["update", "rebuild"][attempt % 2]],
            stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        store.put_many([make_statement(f"Attempt {attempt} adds a heron."), *numbered(15, start=200 + 100 * attempt)])
        store.delete(store.select(query=f"town{20 + attempt}", limit=1).statements[0].id)
        time.sleep(draw.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        mine.update()
        assert mine.status().ready
        assert mine.is_sound()
        assert_equals_truth(mine, store)
    mine.close()


def test_a_change_through_one_machine_is_found_through_the_other_and_embedded_once(
    store: StatementStore, server: str
) -> None:
    store.put_many(numbered(20))
    embedders = [WordEmbedder(), WordEmbedder()]
    here, there = (open_index(store, server, each) for each in embedders)
    here.update()
    there.update()
    created = store.create(make_statement("Llamas run the post office in Peru."))
    assert found(here, "llamas post office")[0] == created.claim_reviewed
    assert found(there, "llamas post office")[0] == created.claim_reviewed
    assert [each.encoded for each in embedders] == [21, 0]
    here.close()
    there.close()
