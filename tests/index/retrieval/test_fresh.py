"""Some statements alone: what a search gives of them, each text looked up once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from index.models import Match
from index.pairs.site import SiteCalibration
from index.retrieval.fresh import FreshIndex
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore

from ..conftest import WordEmbedder, make_statement
from .test_search import CLAIMS, LikesTunnels

TUNNEL, BRIDGE = "a tunnel between two islands", "the town bridge and the mayor"


@pytest.fixture
def model() -> LikesTunnels:
    return LikesTunnels()


@pytest.fixture
def fresh(store: StatementStore, tmp_path: Path, model: LikesTunnels) -> Iterator[FreshIndex]:
    """Of five statements those about the bridge and the tunnel are fresh."""
    store.put_many([make_statement(claim) for claim in CLAIMS])
    live = open_live_index(store, WordEmbedder(dimensions=256), model, tmp_path / "index")
    live.update()
    keys = [each.key for each in store.select().statements if "tunnel" in each.claim_reviewed or "bridge" in each.claim_reviewed]  # fmt: skip
    yield FreshIndex.of(live.current(), keys)
    live.close()


def said(rows: Sequence[Sequence[Match]]) -> list[list[tuple[Any, ...]]]:
    return [[(match.statement.key, match.confidence, match.similarity) for match in row] for row in rows]


def test_it_gives_what_the_index_gives_of_these_statements(fresh: FreshIndex) -> None:
    index = super(FreshIndex, fresh)
    texts = [TUNNEL, BRIDGE]
    assert len(fresh.search(texts, 3)[0]) == 2
    assert said(fresh.search(texts, 3)) == said(index.search(texts, 3, among=fresh.keys))


def test_a_text_is_looked_up_once_however_often_it_is_asked_for(fresh: FreshIndex, model: LikesTunnels) -> None:
    fresh.look_up([(TUNNEL, True), (BRIDGE, True), (TUNNEL, True)], 3)
    read = len(model.read)
    assert len({pair.claim for pair in model.read}) == 2
    (first,), (again,) = fresh.search([TUNNEL], 3), fresh.search([TUNNEL], 3)
    assert (said([again]), len(model.read)) == (said([first]), read)


def test_fewer_statements_can_be_asked_for_than_were_looked_up(fresh: FreshIndex) -> None:
    ((best, *_),) = fresh.search([TUNNEL], 3)
    (others,) = fresh.search([TUNNEL], 3, among=fresh.keys - {best.statement.key})
    assert [match.statement.claim_reviewed for match in others] == [CLAIMS[1]]


def test_a_text_that_stands_for_itself_is_another_than_a_sentence_of_a_page(fresh: FreshIndex) -> None:
    fresh.search([TUNNEL], 3, whole=())
    fresh.search([TUNNEL], 3)
    assert {(text, alone) for _, text, alone, _ in fresh.found} == {(TUNNEL, False), (TUNNEL, True)}


def test_confidences_that_are_set_right_are_found_anew(fresh: FreshIndex) -> None:
    (shipped,) = fresh.search([TUNNEL], 3)
    (doubtful,) = fresh.calibrated(SiteCalibration(1.0, -2.0)).search([TUNNEL], 3)
    assert doubtful[0].statement == shipped[0].statement
    assert doubtful[0].judgement.confidence < shipped[0].judgement.confidence
    assert fresh.search([TUNNEL], 3) == [shipped]
