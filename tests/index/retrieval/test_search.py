"""Searching: always so many matches, the best first, from both sides, judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.models import Pair, PairJudgement
from index.pairs.protocol import Measured, PairModel
from index.pairs.rules import RulePairModel
from index.pairs.site import SiteCalibrated, SiteCalibration
from index.retrieval.opening import open_live_index
from index.retrieval.search import StatementIndex
from index.store.statements import StatementStore
from index.thresholds import SEARCH

from ..conftest import WordEmbedder, make_statement

CLAIMS = [
    "Windmills kill every bird in the valley.",
    "The mayor sold the town bridge to a circus.",
    "Drinking sea water makes people taller.",
    "A secret tunnel connects the two islands.",
    "Schools will close on all Mondays from May.",
]


class LikesTunnels:
    """A pair model that ranks: whatever speaks of tunnels is certain, all else is not."""

    model_id = calibration_id = "tunnels"
    min_confidence = 0.5
    is_reader = ranks = True
    measured: Mapping[str, Measured] = {}

    def __init__(self) -> None:
        self.read: list[Pair] = []

    def calibrated(self, site: SiteCalibration) -> PairModel:
        return SiteCalibrated(self, site)  # type: ignore[return-value]

    def judge(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        self.read += pairs
        return [PairJudgement(0.9 if "tunnel" in pair.statement else 0.1, 0.8, 0.1, 0.1) for pair in pairs]

    def estimate(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        return [PairJudgement(0.2 + (pair.similarity or 0.0) / 2, 0.0, 0.0, 1.0) for pair in pairs]


def build(store: StatementStore, folder: Path, claims: Sequence[str]) -> StatementIndex:
    store.put_many([make_statement(claim) for claim in claims])
    embedder = WordEmbedder(dimensions=256)
    live = open_live_index(store, embedder, RulePairModel(embedder), folder / "index")
    live.update()
    return live.current()


@pytest.fixture
def index(store: StatementStore, tmp_path: Path) -> StatementIndex:
    return build(store, tmp_path, CLAIMS)


def with_model(index: StatementIndex, model: LikesTunnels) -> StatementIndex:
    return StatementIndex(**{**index.__dict__, "pair_model": model, "min_confidence": model.min_confidence})


@pytest.mark.parametrize("limit", [1, 3, 5, 50])
def test_there_are_always_so_many_matches(index: StatementIndex, limit: int) -> None:
    results = index.search(["sea water", "nothing of the kind", "💥", ""], limit)
    assert [len(matches) for matches in results] == [min(limit, 5)] * 4


def test_the_best_comes_first_and_says_how_similar_it_is(index: StatementIndex) -> None:
    (matches,) = index.search(["drinking sea water makes people taller"], 5)
    assert matches[0].statement.claim_reviewed == CLAIMS[2]
    assert matches[0].similarity == pytest.approx(1, abs=1e-3)
    assert matches[0].is_match
    assert not matches[1].is_match
    assert all(0 <= match.similarity <= 1 for match in matches)


def test_a_claim_inside_a_long_post_is_found_by_its_window(index: StatementIndex) -> None:
    post = (
        "Good morning my friends! What a lovely day to be alive. I had coffee with my aunt. "
        "She says a secret tunnel connects the two islands. Then we went shopping for shoes. Have fun today!"
    )
    (matches,) = index.search([post], 2)
    assert matches[0].statement.claim_reviewed == CLAIMS[3]


def test_many_texts_give_what_each_gives_alone(index: StatementIndex) -> None:
    texts = ["windmills and birds", "the bridge was sold", "schools close. mondays are free."]
    together = index.search(texts, 3)
    alone = [index.search([text], 3)[0] for text in texts]
    assert [[m.statement.key for m in row] for row in together] == [[m.statement.key for m in row] for row in alone]


def test_no_texts_give_no_results(index: StatementIndex) -> None:
    assert index.search([], 3) == []


def test_a_pair_model_that_ranks_orders_the_matches_and_reads_them_once(index: StatementIndex) -> None:
    model = LikesTunnels()
    (matches,) = with_model(index, model).search(["the town bridge"], 3)
    assert matches[0].statement.claim_reviewed == CLAIMS[3]
    assert [match.is_match for match in matches] == [True, False, False]
    assert len(model.read) == 5


def test_without_rerank_the_pair_model_only_estimates(index: StatementIndex) -> None:
    model = LikesTunnels()
    (matches,) = with_model(index, model).search(["the town bridge"], 3, rerank=False)
    assert matches[0].statement.claim_reviewed == CLAIMS[1]
    assert all(match.confidence >= 0.2 for match in matches)
    assert model.read == []


def test_of_many_pairs_only_the_most_promising_are_read(index: StatementIndex) -> None:
    model = LikesTunnels()
    found = with_model(index, model).search(["a tunnel connects islands", "sea water makes taller"], 5, max_reads=2)
    assert sorted(pair.statement for pair in model.read) == sorted([CLAIMS[3], CLAIMS[2]])
    assert [match.confidence for match in found[0]] == [0.9, 0.02, 0.02, 0.02, 0.02]


class OnlyReads(LikesTunnels):
    """The same model beside the search instead of in its place."""

    ranks = False


def test_what_is_read_moves_a_likely_statement_up_and_leaves_the_rest_as_found(index: StatementIndex) -> None:
    text = "the town bridge and a secret tunnel"
    (found,) = index.search([text], 5, rerank=False)
    before = [match.statement.claim_reviewed for match in found]
    (matches,) = with_model(index, OnlyReads()).search([text], 5)
    assert before[:2] == [CLAIMS[1], CLAIMS[3]]
    assert [match.statement.claim_reviewed for match in matches] == [CLAIMS[3], CLAIMS[1], *before[2:]]


def test_what_is_read_does_not_outweigh_a_far_better_find(index: StatementIndex) -> None:
    (matches,) = with_model(index, OnlyReads()).search([CLAIMS[1]], 5)
    assert matches[0].statement.claim_reviewed == CLAIMS[1]


def test_the_best_of_those_read_comes_first_even_where_only_one_is_wanted(index: StatementIndex) -> None:
    (matches,) = with_model(index, OnlyReads()).search(["the town bridge and a secret tunnel"], 1)
    assert [match.statement.claim_reviewed for match in matches] == [CLAIMS[3]]


def test_a_model_that_reads_without_ranking_reads_the_most_promising_few(store: StatementStore, tmp_path: Path) -> None:
    many = build(
        store, tmp_path, [f"A secret tunnel connects island {n} with the coast." for n in range(SEARCH.reads + 4)]
    )
    model = OnlyReads()
    with_model(many, model).search(["a tunnel connects islands"], limit=SEARCH.reads + 4)
    assert len(model.read) == SEARCH.reads


def test_what_is_read_for_a_text_does_not_depend_on_the_texts_beside_it(store: StatementStore, tmp_path: Path) -> None:
    many = build(
        store, tmp_path, [f"A secret tunnel connects island {n} with the coast." for n in range(SEARCH.reads + 4)]
    )
    near, far = "A secret tunnel connects island 1 with the coast.", "the coast has a tunnel"
    alone = {}
    for text in (near, far):
        model = OnlyReads()
        with_model(many, model).search([text], limit=SEARCH.reads + 4)
        alone[text] = list(model.read)
    model = OnlyReads()
    with_model(many, model).search([near, far], limit=SEARCH.reads + 4)
    assert model.read == alone[near] + alone[far]
    assert len(alone[far]) == SEARCH.reads


def test_the_search_keeps_to_the_thresholds_that_it_was_given(index: StatementIndex) -> None:
    model, text = OnlyReads(), "the town bridge and a secret tunnel"
    two = replace(with_model(index, model), thresholds=replace(SEARCH, reads=2))
    two.search([text], 5)
    assert len(model.read) == 2
    hopeless = replace(with_model(index, OnlyReads()), thresholds=replace(SEARCH, read_from=1.0, unread_confidence=0.1))
    assert {match.confidence for match in hopeless.search([text], 5)[0]} == {0.1}
    unmoved = replace(with_model(index, OnlyReads()), thresholds=replace(SEARCH, read_weight=0.0))
    found, ranked = index.search([text], 5, rerank=False), unmoved.search([text], 5)
    assert [match.statement for match in ranked[0]] == [match.statement for match in found[0]]


def test_what_the_estimate_gives_no_hope_is_not_read(index: StatementIndex) -> None:
    class Hopeless(LikesTunnels):
        def estimate(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
            return [PairJudgement(0.05, 0.0, 0.0, 1.0) for _ in pairs]

    model = Hopeless()
    (matches,) = with_model(index, model).search(["the town bridge"], 3)
    assert model.read == []
    assert {match.confidence for match in matches} == {0.02}


def test_what_a_publisher_puts_around_a_claim_is_not_compared(store: StatementStore, tmp_path: Path) -> None:
    found = build(store, tmp_path, ["Fact check: The town bridge is a tunnel | Example Checks", *CLAIMS])
    model = LikesTunnels()
    (matches,) = with_model(found, model).search(["The town bridge is a tunnel"], 1)
    assert matches[0].similarity == pytest.approx(1, abs=1e-3)
    assert matches[0].statement.claim_reviewed.startswith("Fact check:")
    assert "The town bridge is a tunnel" in {pair.statement for pair in model.read}


def test_a_statement_that_says_nothing_is_never_found_and_others_move_up(store: StatementStore, tmp_path: Path) -> None:
    found = build(store, tmp_path, ["Tunnel", *CLAIMS])
    (matches,) = found.search(["Tunnel"], len(CLAIMS) + 1)
    assert sorted(match.statement.claim_reviewed for match in matches) == sorted(CLAIMS)


def test_a_pair_carries_how_similar_others_are(index: StatementIndex, store: StatementStore) -> None:
    model = LikesTunnels()
    with_model(index, model).search(["the town bridge"], 3)
    assert {pair.background for pair in model.read} == {None}  # five statements: there are no others


@pytest.mark.parametrize(("words", "whole"), [(10, True), (61, False)])
def test_a_short_text_is_read_as_a_whole(index: StatementIndex, words: int, whole: bool) -> None:
    model = LikesTunnels()
    text = "A secret tunnel connects the two islands. " + " ".join(f"Word{n}" for n in range(words - 7))
    with_model(index, model).search([text], 1)
    assert (model.read[0].claim == text) is whole


FILLER = " ".join(f"Word{n}" for n in range(40))


@pytest.fixture
def crowded(store: StatementStore, tmp_path: Path) -> StatementIndex:
    """Enough statements for one to stand out from."""
    return build(store, tmp_path, [*(f"The council of town {n} bans ducks." for n in range(12)), *CLAIMS])


@pytest.mark.parametrize(("words", "is_post"), [(7, False), (8, True), (70, True)])
def test_of_a_post_each_pair_carries_how_it_stands_out(crowded: StatementIndex, words: int, is_post: bool) -> None:
    model = LikesTunnels()
    text = "A secret tunnel connects the two islands. " + " ".join(f"Word{n}" for n in range(words - 7))
    with_model(crowded, model).search([text], 1)
    assert {pair.standing is not None for pair in model.read} == {is_post}
    surroundings = with_model(crowded, LikesTunnels()).propose([text], 1, whole=())
    assert surroundings[0][0].pair.standing is None


def test_nothing_is_compared_token_by_token_where_nothing_is_read(crowded: StatementIndex) -> None:
    crowded.embedder.encode_tokens = None  # type: ignore[assignment] - whoever calls it fails
    assert with_model(crowded, LikesTunnels()).search([FILLER], 1, rerank=False)


def test_the_statement_that_a_post_holds_word_by_word_stands_first(crowded: StatementIndex) -> None:
    post = f"{FILLER}. By the way, {CLAIMS[0]} The council of town 3 met."
    (row,) = crowded.propose([post], 10)
    standings = [each.pair.standing for each in row]
    assert row[0].statement.claim_reviewed == CLAIMS[0]
    assert standings[0] is not None
    assert standings[0].max_sim.value == max(each.max_sim.value for each in standings if each)
    assert standings[0].max_sim.deviations > 1
    assert [each.score for each in row] == sorted((each.score for each in row), reverse=True)


def test_among_few_statements_none_stands_out(index: StatementIndex) -> None:
    (row,) = index.propose([f"A secret tunnel connects the two islands. {FILLER}."], 3)
    assert {each.pair.standing for each in row} == {None}


def test_more_than_are_compared_are_still_found(store: StatementStore, tmp_path: Path) -> None:
    many = build(store, tmp_path, [f"A secret tunnel connects island {n} with the coast." for n in range(30)])
    (row,) = many.propose([f"A secret tunnel connects island 7 with the coast. {FILLER}."], 28)
    assert len({each.statement.key for each in row}) == 28
    assert [each.pair.standing is not None for each in row] == [True] * SEARCH.compared + [False] * 8


def test_among_some_statements_only_those_are_read_and_given_that_would_have_been_found(index: StatementIndex) -> None:
    model = LikesTunnels()
    searched = with_model(index, model)
    (found,) = searched.search(["A secret tunnel connects the two islands."], limit=5)
    keys = [match.statement.key for match in found]
    model.read.clear()
    (some,) = searched.search(["A secret tunnel connects the two islands."], limit=5, among={keys[0], keys[2], 99})
    assert some == [found[0], found[2]]
    assert {pair.statement for pair in model.read} == {match.statement.claim_reviewed for match in some}
    assert searched.search(["A secret tunnel connects the two islands."], among=set()) == [[]]
