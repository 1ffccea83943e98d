"""How a candidate's place comes about, with known answers: from windows, from words, and from what is looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from index.models import Statement
from index.pairs.rules import RulePairModel
from index.retrieval.engine import Nearest, Query
from index.retrieval.search import StatementIndex, alike_from

from ..conftest import WordEmbedder, make_statement

TEXT = "The mayor sold the old bridge yesterday. A secret tunnel connects both islands there."


class FixedView:
    """Proposes the same statements for every query: for the whole text and each window a row of similarities."""

    checkpoint, is_whole = "fixed", True

    def __init__(
        self, similarities: Sequence[Sequence[float]], words: Sequence[float], vectors: np.ndarray | None = None
    ) -> None:
        self.similarities, self.words = np.array(similarities, np.float32), np.array(words, np.float32)
        self.statements = len(words)
        self.vectors = np.eye(len(words), dtype=np.float32) if vectors is None else vectors

    def propose(self, queries: Sequence[Query], pool: int) -> list[Nearest]:
        assert all(len(query.vectors) == len(self.similarities) for query in queries)
        keys = tuple(range(1, self.statements + 1))
        return [Nearest(keys, self.similarities, self.words, self.vectors) for _ in queries]


class Shelf:
    """Holds a statement for each key but some, and keeps how many were asked for each time."""

    def __init__(self, *gone: int) -> None:
        self.gone, self.asked = gone, list[int]()

    def __call__(self, keys: Sequence[int]) -> Mapping[int, Statement]:
        self.asked.append(len(keys))
        return {key: make_statement(f"Statement {key}.") for key in keys if key not in self.gone}


def index_of(view: FixedView, shelf: Shelf) -> StatementIndex:
    embedder = WordEmbedder(dimensions=8)
    return StatementIndex(embedder, RulePairModel(embedder), shelf, view, 0.5)  # type: ignore[arg-type]


def test_a_text_is_as_near_as_the_whole_and_its_nearest_window_on_average() -> None:
    view = FixedView([[0.80, 0.84, 0.76], [0.90, 0.78, 0.70], [0.70, 0.70, 0.92]], [0, 0, 0])
    (row,) = index_of(view, Shelf()).propose([TEXT], 3, whole=())
    assert {each.statement.claim_reviewed: each.pair.similarity for each in row} == pytest.approx(
        {"Statement 1.": 0.85, "Statement 2.": 0.81, "Statement 3.": 0.84}
    )
    assert [each.statement.claim_reviewed for each in row] == ["Statement 1.", "Statement 3.", "Statement 2."]


def test_shared_words_weigh_three_tenths_of_what_vectors_do() -> None:
    view = FixedView([[0.9, 0.8]] * 3, [0, 5])  # z-scores 1 and -1, and the other way round
    (row,) = index_of(view, Shelf()).propose([TEXT], 2, whole=())
    assert [each.score for each in row] == pytest.approx([0.7, -0.7])


def test_shared_words_decide_between_statements_that_are_about_as_near() -> None:
    view = FixedView([[0.85, 0.81, 0.84]] * 3, [0, 0, 3])
    (row,) = index_of(view, Shelf()).propose([TEXT], 1, whole=())
    assert [each.statement.claim_reviewed for each in row] == ["Statement 3."]


def test_a_few_more_are_looked_up_than_are_wanted_and_all_only_where_those_are_gone() -> None:
    view = FixedView([np.linspace(0.9, 0.7, 60).tolist()] * 3, [0.0] * 60)
    enough, short = Shelf(1, 2), Shelf(1, 2, 3, 4, 5)
    for shelf, first in ((enough, 3), (short, 6)):
        (row,) = index_of(view, shelf).propose([TEXT], 3, whole=())
        assert [each.statement.claim_reviewed for each in row] == [f"Statement {first + n}." for n in range(3)]
    assert enough.asked == [7]
    assert short.asked == [7, 60]


def test_what_many_have_checked_stands_out_from_what_others_say() -> None:
    """Thirty say the same: five of them stand before the others, and what all else stands out from are the others."""
    same, others = 30, 26
    vectors = np.eye(1 + others, dtype=np.float32)
    many = np.concatenate([np.repeat(vectors[:1], same, axis=0), vectors[1:]])
    others_near = np.linspace(0.86, 0.80, others)
    view = FixedView([[*np.linspace(0.95, 0.94, same), *others_near]] * 3, [0.0] * (same + others), many)
    (row,) = index_of(view, Shelf()).propose([TEXT], same + others, whole=())
    assert row[0].pair.background == pytest.approx(others_near[:15].mean())
    said = [int(each.statement.claim_reviewed.split()[1].strip(".")) for each in row]
    assert said == [1, 2, 3, 4, 5, *range(31, 57), *range(6, 31)]
    assert [each.repeats for each in row] == [False] * 31 + [True] * 25


def test_nothing_repeats_what_only_resembles_it() -> None:
    near = np.array([[1, 0, 0], [0.96, np.sqrt(1 - 0.96**2), 0], [0, 0, 1], [0.98, np.sqrt(1 - 0.98**2), 0]])
    assert alike_from(near, np.array([0.9, 0.8, 0.7, 0.6]), 0.97).tolist() == [0, 0, 0, 1]
    assert alike_from(near[[3, 0]], np.array([0.1, 0.2]), 0.97).tolist() == [1, 0], "by nearness, not by place"
    assert alike_from(np.zeros((2, 3)), np.array([0.1, 0.2]), 0.97).tolist() == [0, 0]
