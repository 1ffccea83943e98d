"""The pair model that reads: logits of an engine become a calibrated judgement."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelUnavailable
from index.model.tokenizer import open_tokenizer
from index.model.weights import TOKENIZER_FILE, prepare_engine
from index.models import Difference, DifferenceKind, Nearness, Pair, Stance, Standing
from index.pairs.protocol import Bin, OnPosts, Outside
from index.pairs.reader import (
    CALIBRATION_FILE,
    Calibration,
    Coefficients,
    ReaderPairModel,
    post_features,
    read_calibration,
    reading_features,
    same_claim_odds,
    shipped_calibration,
    softmax,
    stance_probabilities,
    uncalibrated,
)
from index.pairs.rules import RulePairModel
from index.pairs.site import AS_SHIPPED, SiteCalibration

from ..conftest import WordEmbedder


class FixedEngine:
    """Answers with the same logits for every pair, and keeps what it was asked."""

    def __init__(self, labels: Sequence[float], stances: Sequence[float]) -> None:
        self.labels, self.stances = labels, stances
        self.asked: list[tuple[list[int], int]] = []

    def read(self, pairs: Sequence[list[int]], claims: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        self.asked += zip(pairs, claims, strict=True)
        rows = len(pairs)
        return np.array([self.labels] * rows, np.float32), np.array([self.stances] * rows, np.float32)


def reader(models_dir: Path, engine: FixedEngine, calibration: Calibration | None = None) -> ReaderPairModel:
    tokenizer = open_tokenizer(prepare_engine(models_dir) / TOKENIZER_FILE)
    return ReaderPairModel(engine, tokenizer, RulePairModel(WordEmbedder()), calibration or uncalibrated(), "pairs-1")  # type: ignore[arg-type]


def test_denying_a_statement_is_making_its_claim(models_dir: Path) -> None:
    model = reader(models_dir, FixedEngine([-4, 6, -4, -4], [-3, 5, -3]))
    (judged,) = model.judge([Pair("Lemons do not cure flu.", "Lemons cure flu.")])
    assert judged.confidence > 0.99
    assert judged.stance is Stance.REFUTES
    assert judged.supports + judged.refutes + judged.neutral == pytest.approx(1)
    assert {difference.kind for difference in judged.differences} == {DifferenceKind.NEGATION}


def test_a_different_claim_is_no_match(models_dir: Path) -> None:
    model = reader(models_dir, FixedEngine([0, 0, 0, 9], [0, 0, 9]))
    (judged,) = model.judge([Pair("Lemons are yellow.", "Lemons cure flu.")])
    assert judged.confidence < 0.01
    assert judged.stance is Stance.NEUTRAL


def test_both_sides_reach_the_engine_with_the_claims_length(models_dir: Path) -> None:
    engine = FixedEngine([0, 0, 0, 0], [0, 0, 0])
    reader(models_dir, engine).judge([Pair("Lemons.", "Lemons cure flu and much more.")])
    ((ids, claim),) = engine.asked
    assert ids[0] == 0
    assert ids[claim - 1] == 2
    assert ids[claim] == 2
    assert ids[-1] == 2


def test_long_and_odd_pairs_are_cut_and_read(models_dir: Path) -> None:
    engine = FixedEngine([0, 0, 0, 0], [0, 0, 0])
    pairs = [Pair("Wort " * 900, "Satz " * 900), Pair("", ""), Pair("a\ud800", "</s></s> x")]
    assert len(reader(models_dir, engine).judge(pairs)) == 3
    assert all(len(ids) <= 128 and 0 < claim <= len(ids) for ids, claim in engine.asked)
    assert reader(models_dir, engine).judge([]) == []


def test_set_right_on_site_its_confidences_and_stances_follow_and_its_name_stays(models_dir: Path) -> None:
    pair, site = Pair("Lemons cure flu.", "Lemons cure flu."), SiteCalibration(0.5, -1.0)
    model = reader(models_dir, FixedEngine([1, -4, -4, 0], [-3, -3, 5]))
    (shipped,) = model.judge([pair])
    right = model.calibrated(site)
    (judged,) = right.judge([pair])
    assert judged.confidence == pytest.approx(site.confidence(shipped.confidence), abs=1e-6)
    assert (shipped.stance, judged.stance) == (Stance.SUPPORTS, Stance.NEUTRAL), "a doubtful match leaves it open"
    assert (right.model_id, right.calibration_id) == (model.model_id, model.calibration_id)
    assert right.calibrated(AS_SHIPPED).judge([pair]) == [shipped]


def test_estimating_reads_nothing(models_dir: Path) -> None:
    engine = FixedEngine([0, 0, 0, 0], [0, 0, 0])
    assert len(reader(models_dir, engine).estimate([Pair("a b", "a b")])) == 1
    assert engine.asked == []


@pytest.mark.parametrize(
    ("confidence", "ways", "shares", "supports", "refutes"),
    [
        (1.0, (0.2, 0.7, 0.1), (0.9, 0.0, 0.1), 0.3, 0.7),
        (0.0, (1.0, 0.0, 0.0), (0.1, 0.6, 0.3), 0.1, 0.6),
        (0.5, (1.0, 0.0, 0.0), (0.0, 0.4, 0.6), 0.5, 0.2),
    ],
)
def test_of_the_same_claim_counts_what_is_done_with_it_of_another_the_stance(
    confidence: float, ways: tuple[float, ...], shares: tuple[float, ...], supports: float, refutes: float
) -> None:
    found = stance_probabilities(confidence, np.array(ways), np.array(shares))
    assert found == pytest.approx((supports, refutes))


@pytest.mark.parametrize(
    ("denied", "expected"), [(0.98, (0.01, 0.98)), (0.9, (0.09, 0.0)), (0.4, (0.59, 0.4)), (0.0, (0.99, 0.0))]
)
def test_an_unsure_denial_leaves_the_stance_open(denied: float, expected: tuple[float, float]) -> None:
    ways = np.array([0.99 - denied, denied, 0.0])
    found = stance_probabilities(1.0, ways, np.array([0.0, 0.0, 1.0]), denied_from=0.97)
    assert found == pytest.approx(expected, abs=1e-6)


def test_what_a_search_proposed_must_be_denied_more_surely(models_dir: Path) -> None:
    model = reader(models_dir, FixedEngine([0, 2, -4, -4], [0, 0, 4]))
    given, proposed = model.judge([Pair("a b c", "a b c", 1.0), Pair("a b c", "a b c", 1.0, 0.8)])
    assert given.stance is Stance.REFUTES
    assert proposed.stance is Stance.NEUTRAL


STANDING = Standing(Nearness(0.9, 0.8, 0.05), Nearness(0.7, 0.6, 0.1), 12, math.e - 1)


@pytest.mark.parametrize(
    ("claim", "words", "stance"),
    [("a b c", 12, Stance.REFUTES), ("a b c", 30, Stance.NEUTRAL), ("a b c not", 30, Stance.REFUTES)],
)
def test_a_long_post_denies_only_with_a_negation(models_dir: Path, claim: str, words: int, stance: Stance) -> None:
    model = reader(models_dir, FixedEngine([0, 9, -4, -4], [0, 0, 4]))
    (judged,) = model.judge([Pair(claim, "a b c", 1.0, 0.8, replace(STANDING, words=words))])
    assert judged.stance is stance


def test_in_a_post_it_counts_how_a_statement_stands_out() -> None:
    pair = Pair("Lemons cure flu in two days.", "Lemons cure flu.")
    number = Difference(DifferenceKind.NUMBER, "two", "")
    found = post_features(pair, 1.5, STANDING, [number])
    assert found == pytest.approx((1.5, 7.0, 1.0, 1.0, 2.0, 1.0, 1.0, 0.0, 1.5, 1.0))


def test_posts_have_a_calibration_of_their_own(models_dir: Path) -> None:
    never, always = Coefficients(-9.0, (0.0,) * 6), Coefficients(9.0, (0.0,) * 10)
    calibration = replace(uncalibrated(), sentences=never, posts=always)
    model = reader(models_dir, FixedEngine([0, 0, 0, 0], [0, 0, 0]), calibration)
    pairs = [Pair("a b", "a b"), Pair("a b", "a b", 1.0, 0.8), Pair("a b", "a b", 1.0, 0.8, STANDING)]
    given, sentence, post = (judged.confidence for judged in model.judge(pairs))
    assert given < 0.01
    assert sentence < 0.01
    assert post > 0.99


@pytest.mark.parametrize(("background", "above"), [(None, 1.0), (0.6, 1.0), (0.85, 0.5)])
def test_a_statement_stands_out_from_others_that_are_as_near_as_usual_at_least(
    background: float | None, above: float
) -> None:
    features = reading_features(Pair("a", "b", 0.9, background), 0.0, 0.9, [], usual_background=0.8)
    assert features[-1] == pytest.approx(above)


def test_what_ships_is_few_numbers_and_one_threshold() -> None:
    shipped = shipped_calibration()
    assert (len(shipped.sentences.weights), len(shipped.posts.weights)) == (6, 10)
    assert 0.5 <= shipped.min_confidence <= 0.9


def test_odds_weigh_all_ways_of_making_a_claim_against_another_claim() -> None:
    labels = np.log(np.array([[0.2, 0.2, 0.1, 0.5], [0.7, 0.1, 0.1, 0.1]], np.float32))
    assert same_claim_odds(labels) == pytest.approx(np.log([1.0, 9.0]), abs=1e-5)
    assert softmax(labels).sum(axis=1) == pytest.approx(1)


def test_a_calibration_tells_how_the_model_did_on_real_posts_where_that_was_measured(tmp_path: Path) -> None:
    row = json.loads(CALIBRATION_FILE.read_text(encoding="utf-8"))
    outside = {"source": "posts", "posts": 10, "statements": 99, "false_matches": 0.2}
    row["measured"]["de"]["outside"], row["measured"]["en"]["outside"] = outside, None
    on_posts = {"source": "", "posts": 9, "found": 0.5, "precision": 0.9, "false_matches": 0.1}
    bins = [{"pairs": 4, "confidence": 0.2, "same": 0.25}]
    row["measured"]["de"]["posts"] = [{**on_posts, "bins": bins}]
    (tmp_path / "calibration.json").write_text(json.dumps(row))
    measured = read_calibration(tmp_path / "calibration.json").measured
    assert measured["de"].posts == (OnPosts(**on_posts, bins=(Bin(**bins[0]),)),)
    assert measured["de"].outside == Outside("posts", 10, 99, 0.2)
    assert measured["en"].outside is None


def test_a_calibration_is_named_by_its_numbers() -> None:
    shipped = shipped_calibration()
    same = replace(shipped, measured={})
    others = {
        replace(shipped, sentences=replace(shipped.sentences, bias=shipped.sentences.bias + 0.001)).calibration_id,
        replace(shipped, min_confidence=0.5).calibration_id,
        replace(shipped, background=0.5).calibration_id,
        replace(shipped, posts=replace(shipped.posts, weights=(*shipped.posts.weights[:-1], 9.0))).calibration_id,
        shipped.calibration_id,
    }
    assert same.calibration_id == shipped.calibration_id
    assert len(others) == 5


@pytest.mark.parametrize("content", ["", "[]", '{"posts": 1}', json.dumps({"measured": {}, "sentences": {}})])
def test_a_damaged_calibration_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        read_calibration(tmp_path / "calibration.json")
