"""Passages: read once, and their windows pooled from the tokens of their sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model.embedder import Embedder, default_embedder
from index.model.kept_tokens import TokenVectors
from index.model.passages import Passage, Reading, encode_separately, in_chunks, joined
from index.model.weights import MAX_TOKENS

MARK, RIGHT, UP, LEFT = [0.6, 0.8], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]
WALL = "Mexico has agreed to pay for the wall."
POST = Passage(
    f"Share this before it is deleted! {WALL} Good morning to all of you.",
    ("Share this before it is deleted!", WALL, "Good morning to all of you."),
    ((1, 2), (0, 2), (1, 3)),
)


@pytest.fixture(scope="module")
def embedder(models_dir: Path) -> Embedder:
    return default_embedder(models_dir)


def reading(*rows: tuple[list[float], int]) -> Reading:
    return Reading([np.array(vector, np.float32) for vector, _ in rows], [length for _, length in rows])


def tokens(*rows: list[float]) -> TokenVectors:
    return TokenVectors(np.array(rows, np.float32), np.ones(len(rows), np.float32))


def test_the_texts_of_a_passage_are_the_whole_and_its_windows() -> None:
    assert POST.texts() == [
        POST.text, WALL, f"Share this before it is deleted! {WALL}", f"{WALL} Good morning to all of you.",
    ]  # fmt: skip


def test_a_window_is_the_middle_of_its_sentences_by_their_lengths() -> None:
    passage = Passage("a. b c. d.", ("a.", "b c.", "d."), ((0, 1), (2, 3), (0, 2), (1, 3)))
    sentences = reading((RIGHT, 1), (UP, 3), (UP, 9))
    read = joined(passage, reading((MARK, 13)), [tokens(RIGHT, UP, UP)], sentences)
    assert read.vectors == pytest.approx(np.array([MARK, RIGHT, UP, [10**-0.5, 3 * 10**-0.5], UP]), abs=1e-6)
    assert read.tokens is not None
    assert (len(read.tokens.vectors), len(read.tokens.rarity)) == (3, 3)


def test_what_was_read_in_several_chunks_is_one_passage() -> None:
    passage = Passage("a b c. d.", ("a b c.", "d."))
    read = joined(passage, reading((RIGHT, 3), (UP, 1)), [tokens(RIGHT, RIGHT, RIGHT), tokens(UP)], reading())
    assert read.vectors == pytest.approx(np.array([[3 * 10**-0.5, 10**-0.5]]), abs=1e-6)
    assert read.tokens is not None
    assert read.tokens.vectors.tolist() == [RIGHT, RIGHT, RIGHT, UP]


def test_sentences_that_cancel_each_other_out_have_no_direction() -> None:
    read = joined(Passage("a b", ("a", "b"), ((0, 2),)), reading((UP, 2)), [tokens(UP)], reading((RIGHT, 1), (LEFT, 1)))
    assert read.vectors.tolist() == [UP, [0.0, 0.0]]


@given(st.lists(st.integers(0, 30), max_size=12), st.integers(1, 20))
def test_chunks_hold_every_sentence_in_order_and_fit(lengths: list[int], room: int) -> None:
    sentences = [[number] * length for number, length in enumerate(lengths)]
    chunks = in_chunks(sentences, room)
    assert all(len(each) <= room for each in chunks)
    assert [token for each in chunks for token in each] == [token for each in sentences for token in each[:room]]
    starts = [
        next(len(sentence[:room]) for sentence in sentences if sentence and sentence[0] == each[0])
        for each in chunks[1:]
    ]
    assert all(len(before) + start > room for before, start in zip(chunks, starts, strict=False))


def test_the_shipped_models_whole_is_what_it_makes_of_the_text(embedder: Embedder) -> None:
    (read,) = embedder.encode_passages([POST])
    alone = embedder.encode_queries(POST.texts())
    assert read.vectors.shape == alone.shape
    assert float(read.vectors[0] @ alone[0]) > 0.999
    assert np.linalg.norm(read.vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-3)
    assert read.tokens is not None
    (tokens,) = embedder.encode_tokens([POST.text])
    assert (read.tokens.rarity > 0).tolist() == (tokens.rarity > 0).tolist()


def test_the_shipped_models_windows_find_their_own_sentences(embedder: Embedder) -> None:
    (read,) = embedder.encode_passages([POST])
    alone = embedder.encode_queries(POST.texts())
    assert float(read.vectors[1] @ alone[1]) > 0.999
    assert min(float(pooled @ read_alone) for pooled, read_alone in zip(read.vectors[2:], alone[2:], strict=True)) > 0.9
    wall, greeting = embedder.encode_statements(["Mexico will pay for the wall", "Good morning everybody"])
    assert int((read.vectors @ wall).argmax()) == 1
    assert int((read.vectors[1:] @ greeting).argmax()) == 2


def test_what_stands_behind_the_first_tokens_is_read_as_well(embedder: Embedder) -> None:
    sentences = tuple(f"Sentence number {n} says nothing that matters to anybody here." for n in range(80))
    passage = Passage(" ".join([*sentences, WALL]), (*sentences, WALL), ((0, 1), (80, 81)))
    (read,) = embedder.encode_passages([passage])
    assert read.tokens is not None
    assert len(read.tokens.vectors) > MAX_TOKENS
    first, last = read.vectors[1:] @ embedder.encode_statements([WALL])[0]
    assert last > first + 0.05


def test_an_encoder_of_texts_reads_each_window_by_itself(embedder: Embedder) -> None:
    read = encode_separately(embedder.encode_queries, [POST, Passage("One.", ("One.",))])
    assert [each.vectors.shape[0] for each in read] == [4, 1]
    assert read[0].vectors == pytest.approx(embedder.encode_queries(POST.texts()), abs=0.01)
    assert encode_separately(embedder.encode_queries, []) == []
