"""Token by token: how near a text comes to a statement, and what stands out from what."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.model.embedder import default_embedder
from index.model.kept_tokens import TokenVectors
from index.retrieval.late_interaction import max_sim, stand_out

from ..conftest import WordEmbedder

RIGHT, UP, LEFT = [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]
WALL = "Mexico will pay for the wall, says the president."
POST = (
    "Folks, I was at the market on Saturday and you would not believe the prices. But listen to what the president told "
    "us at the rally yesterday: they are going to pay for our wall, all of it! My neighbour says so too. Share this."
)


def tokens(vectors: list[list[float]], rarity: list[float]) -> TokenVectors:
    return TokenVectors(np.array(vectors, np.float32), np.array(rarity, np.float32))


def test_each_token_of_a_statement_looks_for_its_nearest_in_the_text() -> None:
    statement = tokens([RIGHT, UP], [1.0, 1.0])
    assert max_sim(statement, tokens([UP, LEFT, RIGHT], [1.0, 1.0, 1.0])) == pytest.approx(1.0)
    assert max_sim(statement, tokens([UP], [1.0])) == pytest.approx(0.5)
    assert max_sim(statement, tokens([LEFT], [1.0])) == pytest.approx(-0.5)


def test_rare_tokens_weigh_more_and_marks_nothing() -> None:
    text = tokens([UP], [1.0])
    assert max_sim(tokens([RIGHT, UP], [1.0, 3.0]), text) == pytest.approx(0.75)
    assert max_sim(tokens([RIGHT, UP], [0.0, 3.0]), text) == pytest.approx(1.0)
    assert max_sim(tokens([RIGHT], [0.0]), text) == 0.0


def test_what_a_text_says_besides_takes_nothing_away() -> None:
    embedder = WordEmbedder()
    statement, *texts = embedder.encode_tokens(
        [
            "a tunnel connects the islands",
            "A tunnel connects the islands",
            "Hello! A tunnel connects the islands. Nice weather, too.",
        ]
    )
    short, long = (max_sim(statement, text) for text in texts)
    assert short == pytest.approx(long, abs=1e-3)


def test_the_shipped_model_finds_a_statement_within_a_post(models_dir: Path) -> None:
    embedder = default_embedder(models_dir)
    (own,) = embedder.encode_tokens([POST])
    statements = [WALL, "Mexico will host the next summit of presidents.", "Garlic cures the common cold."]
    right, wrong, far = (max_sim(each, own) for each in embedder.encode_tokens(statements, keep=True))
    assert right > wrong > far
    assert right - wrong > 0.02


def test_the_shipped_model_knows_which_words_say_something(models_dir: Path) -> None:
    (found,) = default_embedder(models_dir).encode_tokens(["the vaccine"])
    first, last = found.rarity[:4], found.rarity[-1]  # <s> query :
    the, vaccine = found.rarity[4], found.rarity[5:-1].sum()
    assert not first.any()  # the mark that opens a text, and what e5 reads before it
    assert last == 0
    assert 0 < the < vaccine / 3
    assert found.content == pytest.approx(the + vaccine)
    assert np.linalg.norm(found.vectors, axis=1) == pytest.approx(1.0, abs=1e-4)


def test_a_value_stands_out_from_those_that_are_hardly_meant() -> None:
    values = [0.9, 0.5, 0.6, 0.7, 0.4]
    first, *_, last = stand_out(values, values, slice(1, 4), 0.0, 0.01)
    assert (first.value, first.others) == (0.9, pytest.approx(0.6))
    assert first.above == pytest.approx(0.3)
    assert first.deviations == pytest.approx(0.3 / np.std([0.7, 0.6, 0.5]))
    assert last.above == pytest.approx(-0.2)


def test_others_that_are_all_alike_are_no_reason_to_be_sure() -> None:
    first, *_ = stand_out([0.51], [0.51, 0.5, 0.5, 0.5], slice(1, 4), 0.0, 0.01)
    assert first.deviations == pytest.approx(1.0)


def test_among_few_statements_others_count_as_near_as_usual() -> None:
    first, *_ = stand_out([0.9], [0.9, 0.3, 0.3, 0.3], slice(1, 4), 0.7, 0.01)
    assert first.others == pytest.approx(0.7)
    assert first.above == pytest.approx(0.2)
