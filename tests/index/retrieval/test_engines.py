"""One suite for both engines: the same answers, known beforehand, whatever changes and whoever writes."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexUnavailable
from index.pairs.rules import RulePairModel
from index.retrieval.engine import Nearest, Query
from index.retrieval.live_index import FEW, LiveIndex
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore

from ..conftest import WordEmbedder, make_statement, numbered
from .conftest import assert_equals_truth, found

KINDS = ["embedded", "milvus"]

CLAIMS = [
    ("de", "Die Häuser am Hafen wurden heimlich verkauft."),
    ("de", "Windräder töten jeden Vogel im Tal."),
    ("en", "The mayor sold the town bridge to a circus."),
    ("en", "Drinking sea water makes people taller."),
    ("fr", "Les vaccins contiennent des puces électroniques."),
    ("pl", "Szczepionki zawierają mikroczipy."),
    (None, "5G masts spread the flu."),
]

Opening = Callable[..., LiveIndex]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_index(kind: str, store: StatementStore, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Opening]:
    """Opens the store's index, as another process or machine would: nothing is shared but the engine."""
    uri = request.getfixturevalue("milvus_uri") if kind == "milvus" else ""
    opened: list[LiveIndex] = []

    def open_it(embedder: WordEmbedder | None = None, of: StatementStore = store) -> LiveIndex:
        embedder = embedder or WordEmbedder()
        pair_model = RulePairModel(embedder)
        opened.append(open_live_index(of, embedder, pair_model, tmp_path / "index", None, uri))
        return opened[-1]

    yield open_it
    for each in opened:
        each.close()


def fill(store: StatementStore) -> None:
    store.put_many([make_statement(claim, language=language) for language, claim in CLAIMS])


def propose(index: LiveIndex, *texts: str, pool: int = 3) -> list[Nearest]:
    vectors = index.embedder.encode_queries(texts)
    return index.current().view.propose(
        [Query(text, row[None]) for text, row in zip(texts, vectors, strict=True)], pool
    )


def best_words(index: LiveIndex, text: str) -> list[int]:
    """The keys that share words with a text, most first."""
    (near,) = propose(index, text, pool=len(CLAIMS))
    order = np.argsort(-near.words, kind="stable")
    return [near.keys[place] for place in order if near.words[place] > 0]


# ---------------------------------------------------------------- known answers


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Haus", [1]), ("HÄUSERN am Hafen", [1]), ("haus hafen", [1]), ("Vögel", [2]), ("Vogel", [2]), ("selling bridges", [3]),
        ("vaccin", [5]), ("szczepionki", [6]), ("5g", [7]), ("the", [7]), ("bridge sea", [3, 4]), ("Zeppelin", []),
    ],
)  # fmt: skip
def test_words_are_found_in_their_forms(open_index: Opening, store: StatementStore, text: str, keys: list[int]) -> None:
    fill(store)
    index = open_index()
    index.update()
    assert sorted(best_words(index, text)) == keys


def test_more_words_and_rarer_ones_weigh_more(open_index: Opening, store: StatementStore) -> None:
    store.put_many([make_statement(claim) for claim in (
        "A bridge.", "A bridge burned.", "A bridge and a bridge and a boat.", "The boat burned the llama.", "Bridges.",
    )])  # fmt: skip
    index = open_index()
    index.update()
    assert best_words(index, "llama bridge")[0] == 4
    assert best_words(index, "bridge burned")[0] == 2
    (near,) = propose(index, "llama bridge", pool=5)
    assert len(set(near.words)) > 3, "scores, not just order"


def test_vectors_are_measured_as_exactly_as_they_are_kept(open_index: Opening, store: StatementStore) -> None:
    fill(store)
    index = open_index()
    index.update()
    embedder = WordEmbedder()
    windows = ["sea water", "the town bridge", "people drink"]
    (near,) = index.current().view.propose([Query("sea water", embedder.encode_queries(windows))], 2)
    truth = embedder.encode_queries(windows) @ embedder.encode_statements([claim for _, claim in CLAIMS]).T
    assert near.similarities.shape == (3, len(near.keys))
    assert np.allclose(near.similarities, truth[:, [key - 1 for key in near.keys]], atol=1e-3)
    assert {4, 3} <= set(near.keys)
    assert list(near.keys) == sorted(near.keys)


def test_vectors_are_given_by_key_and_zeros_for_what_is_not_there(open_index: Opening, store: StatementStore) -> None:
    fill(store)
    index = open_index()
    index.update()
    rows = index.current().vectors([3, 99, 1])
    expected = index.embedder.encode_statements([CLAIMS[2][1], CLAIMS[0][1]])
    assert rows.shape == (3, index.embedder.dimensions)
    assert rows[[0, 2]] == pytest.approx(expected, abs=0.001)
    assert not rows[1].any()
    assert index.current().vectors([]).shape == (0, index.embedder.dimensions)


def test_only_so_many_are_proposed_a_side(open_index: Opening, store: StatementStore) -> None:
    store.put_many(numbered(50))
    index = open_index()
    index.update()
    (near,) = propose(index, "town7 town8 rubber ducks", pool=5)
    assert 5 <= len(near.keys) <= 10
    assert {8, 9} <= set(near.keys)
    assert (near.words > 0).sum() == 5
    (near,) = propose(index, "town7", pool=1000)
    assert len(near.keys) == 50


@pytest.mark.parametrize("texts", [[], [""], ["🤡"], ["a" * 5000], ["\ud800 x"], ['"[(+-*:^~'], ["the of and", "Haus"]])
def test_texts_of_any_kind_are_looked_up(open_index: Opening, store: StatementStore, texts: Sequence[str]) -> None:
    fill(store)
    index = open_index()
    index.update()
    assert [len(near.keys) > 0 for near in propose(index, *texts)] == [True] * len(texts)


@pytest.mark.parametrize("claim", ["🤡", "the", "x" * 70_000, "word " * 30_000, "中国的疫苗", "a\0b", "''\"\\"])
def test_statements_of_any_kind_are_taken(open_index: Opening, store: StatementStore, claim: str) -> None:
    store.put_many([make_statement(claim), *numbered(3)])
    index = open_index()
    index.update()
    assert index.current().statements == 4
    assert 1 in propose(index, claim, pool=4)[0].keys


# ---------------------------------------------------------------- changes


def test_nothing_was_built_yet(open_index: Opening) -> None:
    with pytest.raises(IndexUnavailable, match="not built yet"):
        open_index().current()


def test_an_empty_store_is_an_empty_index(open_index: Opening) -> None:
    index = open_index()
    index.update()
    assert index.status().ready
    assert index.current().search(["anything"], 5) == [[]]


def test_changes_are_found_at_once_and_what_they_replace_is_not(open_index: Opening, store: StatementStore) -> None:
    store.put_many(numbered(20))
    index = open_index()
    index.update()
    created = store.create(make_statement("Llamas run the post office in Peru."))
    assert found(index, "llamas post office")[0] == "Llamas run the post office in Peru."
    store.revise(created.id, make_statement("Alpacas guard the bank of Lima."))
    assert found(index, "alpacas guard bank")[0] == "Alpacas guard the bank of Lima."
    assert best_words(index, "llamas") == []
    store.delete(created.id)
    assert created.key not in propose(index, "alpacas guard bank", pool=30)[0].keys
    assert_equals_truth(index, store)
    store.create(make_statement("Llamas run the post office in Peru."))
    assert found(index, "llamas post office")[0] == "Llamas run the post office in Peru."
    assert_equals_truth(index, store)


@pytest.mark.parametrize("seed", range(2))
def test_after_any_changes_it_equals_the_truth(open_index: Opening, store: StatementStore, seed: int) -> None:
    draw = random.Random(seed)
    store.put_many(numbered(30))
    index, other = open_index(), open_index()
    index.update()
    for step in range(8):
        ids = [statement.id for statement in store.select(limit=50).statements]
        store.put_many(numbered(draw.randrange(4), start=100 + 10 * step))
        for id in draw.sample(ids, 3):
            store.delete(id)
        store.revise(ids[0], make_statement(f"Revision {step} speaks of otters.")) if store_has(store, ids[0]) else None
        assert_equals_truth(draw.choice([index, other]), store)
    assert_equals_truth(other, store)
    assert_equals_truth(index, store)


def store_has(store: StatementStore, id: str) -> bool:
    return id in {statement.id for statement in store.select(limit=100).statements}


def test_a_rebuild_gives_the_same_answers(open_index: Opening, store: StatementStore) -> None:
    fill(store)
    index = open_index()
    index.update()
    store.delete(store.select(limit=1).statements[0].id)
    store.put_many([make_statement("Bridges are made of cheese.")])
    before = propose(index, "the bridge in the town", "Hafenhäuser")
    index.rebuild()
    after = propose(index, "the bridge in the town", "Hafenhäuser")
    assert [near.keys for near in after] == [near.keys for near in before]
    assert all(np.allclose(a.similarities, b.similarities, atol=1e-5) for a, b in zip(after, before, strict=True))
    assert_equals_truth(index, store)
    assert_equals_truth(open_index(), store)
    store.put_many(numbered(2))
    assert_equals_truth(index, store)


# ---------------------------------------------------------------- several who write


def test_what_one_applied_another_does_not_apply_again(open_index: Opening, store: StatementStore) -> None:
    store.put_many(numbered(FEW + 10))
    open_index().update()
    embedder = WordEmbedder()
    other = open_index(embedder)
    other.update()
    assert other.current().statements == FEW + 10
    assert embedder.encoded == 0
    assert_equals_truth(other, store)


def test_one_who_waits_for_another_finds_nothing_left_to_do(open_index: Opening, store: StatementStore) -> None:
    """The store went on while it waited: it builds upon what the other wrote, and not from nothing."""
    store.put_many(numbered(10))
    first, embedder = open_index(), WordEmbedder()
    first.update()
    second = open_index(embedder)
    waiting = threading.Thread(target=second.update)
    with first.engine.writing(store.checkpoint) as writer:
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        store.put_many(numbered(10, start=50))
        first._builder._fill(writer, None)
    waiting.join(20)
    assert embedder.encoded == 0
    assert_equals_truth(second, store)


def test_while_one_writes_others_answer_and_do_not_wait(open_index: Opening, store: StatementStore) -> None:
    index, other = open_index(), open_index()
    index.update()
    assert other.current().statements == 0
    with index.engine.writing(store.checkpoint) as writer:
        assert writer is not None
        store.put_many(numbered(3))
        assert other.current().statements == 0
        assert other.status().behind == 3
        assert other.status().ready
    assert other.current().statements == 3


def test_an_engine_that_breaks_off_midway_is_mended_by_the_next(
    open_index: Opening, store: StatementStore, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    store.put_many(numbered(10))
    index = open_index()
    index.update()
    store.put_many([*numbered(3, start=20), replace(numbered(1)[0], headline="changed")])
    store.delete(store.select(query="town5").statements[0].id)

    def break_off(*_: object, **__: object) -> None:
        raise IndexUnavailable("The plug was pulled.")

    if kind == "milvus":
        monkeypatch.setattr(index.engine.collections, "put_state", break_off)  # rows are there, nobody knows
    else:
        monkeypatch.setattr(index.engine.generations, "publish", break_off)
    with pytest.raises(IndexUnavailable, match="plug"):
        index.update()
    assert_equals_truth(open_index(), store)


def test_a_rebuild_that_breaks_off_leaves_what_was(
    open_index: Opening, store: StatementStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_many(numbered(10))
    index = open_index()
    index.update()
    before = index.current().view

    def fail(_: object) -> None:
        raise IndexUnavailable("The plug was pulled.")

    monkeypatch.setattr(index._builder, "_embed", fail)
    with pytest.raises(IndexUnavailable, match="plug"):
        index.rebuild()
    assert open_index().current().view.checkpoint == before.checkpoint
    monkeypatch.undo()
    index.rebuild()
    assert_equals_truth(open_index(), store)


def test_another_model_is_another_index(open_index: Opening, store: StatementStore) -> None:
    store.put_many(numbered(5))
    open_index().update()
    other = open_index(WordEmbedder("other words", 32))
    with pytest.raises(IndexUnavailable):
        other.current()
    other.update()
    assert other.status().ready
    assert len(other.current().search(["town3"], 5)[0]) == 5
