"""The projection of token vectors: what it is drawn from, and that it learns."""

from __future__ import annotations

import random
from itertools import islice

import numpy as np
import pytest
import torch

from index.model.kept_tokens import TokenVectors
from index.retrieval.late_interaction import max_sim
from training.embedder.projection import Task, Tokens, draw_tasks, learn, loss_of, max_sims, read_tokens
from training.pairs.corpus import Family, Text

from ..index.conftest import WordEmbedder

FAMILIES = [
    Family(
        f"f{number}",
        "health",
        {"en": f"{thing} cures flu"},
        (Text("news", "en", "asserted", f"they say {thing} cures flu"), Text("date", "en", "different", f"{thing}!")),
    )
    for number, thing in enumerate(("garlic", "honey", "bleach"))
]


def tokens_of(*rows: list[float]) -> Tokens:
    return Tokens(torch.tensor(rows), torch.ones(len(rows)))


def all_tokens() -> dict[str, Tokens]:
    texts = {text.text for family in FAMILIES for text in family.texts} | {f.statement["en"] for f in FAMILIES}
    return read_tokens(WordEmbedder(), sorted(texts))


def test_a_text_stands_beside_its_own_statement_and_others_and_texts_of_others_follow_it() -> None:
    tokens = all_tokens()
    for task in islice(draw_tasks(FAMILIES, tokens, random.Random(1)), 20):
        (right,) = task.right
        assert not any(torch.equal(right.vectors, each.vectors) for each in task.wrong)
        assert len(task.wrong) == 2
        (own,) = [
            tokens[text.text].vectors
            for family in FAMILIES
            for text in family.texts
            if text.label != "different" and torch.equal(tokens[family.statement["en"]].vectors, right.vectors)
        ]
        assert torch.equal(task.text[: len(own)], own)
        assert len(task.text) > len(own)


def test_texts_that_say_something_else_are_not_drawn() -> None:
    tokens = all_tokens()
    del tokens["garlic!"], tokens["honey!"], tokens["bleach!"]
    assert len(list(islice(draw_tasks(FAMILIES, tokens, random.Random(1)), 50))) == 50


def test_texts_are_compared_as_the_search_compares_them() -> None:
    chance = np.random.default_rng(1)
    text, statement = (chance.normal(size=(count, 8)).astype(np.float32) for count in (6, 3))
    text, statement = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (text, statement))
    rarity = np.array([0.0, 2.0, 5.0], np.float32)
    (found,) = max_sims(
        torch.from_numpy(text), [Tokens(torch.from_numpy(statement), torch.from_numpy(rarity))], torch.eye(8)
    )
    own = TokenVectors(text, np.ones(6, np.float32))
    assert float(found) == pytest.approx(max_sim(TokenVectors(statement, rarity), own), abs=1e-5)


def test_what_tells_right_from_wrong_comes_to_weigh_more() -> None:
    # All tokens share the first direction; only the second tells the statements apart.
    right, wrong, text = tokens_of([0.9, 0.4, 0.0]), tokens_of([0.9, -0.4, 0.1]), torch.tensor([[0.9, 0.3, 0.3]])
    task = Task(text, [right], [wrong])

    def forever():  # type: ignore[no-untyped-def]
        while True:
            yield task

    learned = torch.from_numpy(learn(forever(), 3, steps=30))
    assert loss_of(task, learned) < loss_of(task, torch.eye(3))
    assert np.array_equal(learn(forever(), 3, steps=30), learned.numpy())
