"""Which statements are one cluster: read both ways where they are near, and never merged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.models import Pair, PairJudgement, Statement
from index.pairs.rules import RulePairModel
from index.retrieval.clusters import cluster_of, clustered, places_of_first
from index.retrieval.opening import open_live_index
from index.retrieval.search import StatementIndex
from index.store.statements import StatementStore
from index.thresholds import SEARCH

from ..conftest import WordEmbedder, make_statement

CLAIM = "The mayor of Ulm secretly sold the old town bridge to a travelling circus"
TWIN = "The mayor of Ulm has secretly sold the old town bridge to a travelling circus"
NEAR = "The mayor of Ulm sold the old town bridge to a travelling circus by night and fog"
OTHER = "Drinking warm sea water makes children grow taller"


class ReadsOdds:
    """A pair model that reads: what it says of a pair is looked up, and what it was asked is kept."""

    model_id = calibration_id = "odds"
    min_confidence = 0.5
    is_reader, ranks = True, False

    def __init__(self, odds: Callable[[Pair], float | None]) -> None:
        self.odds, self.read = odds, list[Pair]()

    def judge(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        self.read += pairs
        return [PairJudgement(0.5, 0.2, 0.2, 0.6, odds=self.odds(pair)) for pair in pairs]

    def estimate(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        return [PairJudgement(0.5, 0.2, 0.2, 0.6) for _ in pairs]


def built(store: StatementStore, folder: Path, claims: Sequence[str]) -> tuple[StatementIndex, list[Statement]]:
    store.put_many([make_statement(claim) for claim in claims])
    embedder = WordEmbedder(dimensions=256)
    live = open_live_index(store, embedder, RulePairModel(embedder), folder / "index")
    live.update()
    made = {each.claim_reviewed: each for each in store.select().statements}
    return live.current(), [made[claim] for claim in claims]


def read_as(index: StatementIndex, odds: Callable[[Pair], float | None]) -> tuple[StatementIndex, ReadsOdds]:
    model = ReadsOdds(odds)
    return replace(index, pair_model=model, thresholds=replace(SEARCH, same_claim_from=0.8)), model


def test_what_is_read_as_one_claim_both_ways_is_one_cluster(store: StatementStore, tmp_path: Path) -> None:
    index, made = built(store, tmp_path, [CLAIM, OTHER, NEAR])
    index, model = read_as(index, lambda _: SEARCH.same_claim_odds)
    assert clustered(index, [made]) == [[0, 1, 0]]
    assert {(pair.claim, pair.statement) for pair in model.read} == {(CLAIM, NEAR), (NEAR, CLAIM)}, "the other is far"


def test_one_way_alone_is_not_enough(store: StatementStore, tmp_path: Path) -> None:
    index, made = built(store, tmp_path, [CLAIM, NEAR])
    index, _ = read_as(index, lambda pair: 9.0 if pair.claim == CLAIM else SEARCH.same_claim_odds - 0.01)
    assert clustered(index, [made]) == [[0, 1]]


def test_nearly_the_same_words_need_no_reading(store: StatementStore, tmp_path: Path) -> None:
    index, made = built(store, tmp_path, [CLAIM, TWIN, NEAR])
    index, model = read_as(index, lambda _: None)
    assert clustered(index, [made]) == [[0, 0, 2]]
    assert not any({pair.claim, pair.statement} == {CLAIM, TWIN} for pair in model.read)


def test_a_model_that_does_not_read_links_only_those(store: StatementStore, tmp_path: Path) -> None:
    index, made = built(store, tmp_path, [CLAIM, TWIN, NEAR])
    assert clustered(index, [made]) == [[0, 0, 2]]
    assert cluster_of(index, made[1]) == [made[0]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("In Ulm 40 ducks drowned in the fountain of the town hall", "In Ulm 90 ducks drowned in the fountain of the town hall"),
        ("The vaccine causes cancer in mice and in men", "The vaccine causes no cancer in mice and in men"),
    ],
)  # fmt: skip
def test_another_number_or_a_negation_makes_two_claims(
    store: StatementStore, tmp_path: Path, one: str, other: str
) -> None:
    index, made = built(store, tmp_path, [one, other])
    index, _ = read_as(index, lambda _: 9.0)
    assert clustered(index, [made]) == [[0, 1]]


def test_a_statement_has_those_that_say_the_same_the_nearest_first(store: StatementStore, tmp_path: Path) -> None:
    index, made = built(store, tmp_path, [NEAR, CLAIM, OTHER, TWIN])
    index, _ = read_as(index, lambda _: 9.0)
    assert [each.claim_reviewed for each in cluster_of(index, made[1])] == [TWIN, NEAR]
    assert cluster_of(index, made[2]) == []


def test_what_the_index_does_not_hold_has_no_cluster(store: StatementStore, tmp_path: Path) -> None:
    index, made = built(store, tmp_path, [CLAIM, TWIN])
    unknown = replace(made[0], key=99)
    assert not np.any(index.vectors([99]))
    assert cluster_of(index, unknown) == []
    assert clustered(index, [[unknown, made[0]]]) == [[0, 1]]


def test_no_chain_leads_from_one_claim_to_another() -> None:
    row = [replace(make_statement(f"claim {key}"), key=key) for key in (1, 2, 3)]
    assert places_of_first(row, {(1, 2), (2, 3)}) == [0, 0, 2]
    assert places_of_first(row, {(1, 2), (1, 3)}) == [0, 0, 0]


def test_headings_that_say_nothing_are_no_cluster(store: StatementStore, tmp_path: Path) -> None:
    index, (heading, _) = built(store, tmp_path, ["PolitiFact", "PolitiFact."])
    assert cluster_of(index, heading) == []
