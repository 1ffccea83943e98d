"""RulePairModel: known answers about confidence and stance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.models import Pair, Stance
from index.pairs.rules import RulePairModel
from index.pairs.words import UNKNOWN, content_words, main_language, shared_words


class CountingEmbedder:
    """Every text the same direction, so every similarity is 1; counts what it was asked."""

    model_id, dimensions = "counting", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return np.tile(np.array([[1.0, 0.0]], np.float32), (len(texts), 1))

    encode_statements = encode_queries


STATEMENT = "Die Masernimpfung löst bei Kindern Autismus aus."


@pytest.fixture
def model() -> RulePairModel:
    return RulePairModel(CountingEmbedder())


def judge(model: RulePairModel, claim: str, similarity: float = 0.95, statement: str = STATEMENT):
    return model.judge([Pair(claim, statement, similarity)])[0]


def test_a_measured_similarity_is_not_measured_again(model: RulePairModel) -> None:
    judge(model, STATEMENT)
    assert model._embedder.asked == []
    model.judge([Pair("a b c", "d e f"), Pair("x", "y", 0.5)])
    assert model._embedder.asked == ["a b c", "d e f"]


def test_no_pairs_no_judgements(model: RulePairModel) -> None:
    assert model.judge([]) == model.estimate([]) == []


@pytest.mark.parametrize(
    ("claim", "stance"),
    [
        ("Die Masernimpfung löst bei Kindern Autismus aus.", Stance.SUPPORTS),
        ("Die Masernimpfung löst bei Kindern keinen Autismus aus.", Stance.REFUTES),
        ("Es ist falsch, dass die Masernimpfung bei Kindern Autismus auslöst.", Stance.REFUTES),
        ("Es ist falsch, dass die Masernimpfung bei Kindern keinen Autismus auslöst.", Stance.SUPPORTS),
    ],
)
def test_the_stance_of_a_sure_match(model: RulePairModel, claim: str, stance: Stance) -> None:
    judged = judge(model, claim)
    assert judged.stance is stance
    assert judged.confidence >= model.min_confidence


def test_another_number_is_another_claim(model: RulePairModel) -> None:
    judged = judge(model, "Die Preise stiegen um 10 Prozent.", 0.97, "Die Preise stiegen um 30 Prozent.")
    assert judged.stance is Stance.NEUTRAL
    assert judged.confidence < model.min_confidence


def test_a_far_sentence_is_no_match_and_neutral(model: RulePairModel) -> None:
    judged = judge(model, "Der Zug nach Bremen hat Verspätung.", 0.78)
    assert judged.confidence < 0.2
    assert judged.stance is Stance.NEUTRAL


def test_confidence_grows_with_similarity_and_shared_words(model: RulePairModel) -> None:
    near = judge(model, STATEMENT, 0.95).confidence
    assert near > judge(model, STATEMENT, 0.85).confidence
    assert near > judge(model, "Kinder werden durch den Piks krank im Kopf.", 0.95).confidence


@pytest.mark.parametrize("similarity", [0.0, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("claim", ["", STATEMENT, "Nein.", "10 % weniger", "x" * 5000])
def test_probabilities_sum_to_one(model: RulePairModel, claim: str, similarity: float) -> None:
    judged = judge(model, claim, similarity)
    assert judged.supports + judged.refutes + judged.neutral == pytest.approx(1)
    assert min(judged.supports, judged.refutes, judged.neutral, judged.confidence) >= 0


def test_content_words_are_stems_without_function_words() -> None:
    assert content_words("Die Impfungen und der Impfstoff") == {"impfun", "impfst"}


def test_shared_words_are_those_of_the_shorter_side() -> None:
    assert shared_words("Der Kanzler wohnt in Bonn.", "Der Kanzler wohnt seit Jahren allein in Bonn am Rhein.") == 1
    assert shared_words("Der Hund bellt.", "Die Katze schläft.") == 0


def test_words_of_two_languages_say_nothing() -> None:
    assert shared_words("Der Hund bellt in der Nacht.", "The dog barks at night.") == UNKNOWN
    assert shared_words("", "Der Hund bellt.") == UNKNOWN


@pytest.mark.parametrize(
    ("text", "language"),
    [("Der Hund ist auf der Wiese.", "de"), ("The dog is on the meadow.", "en"), ("Berlin 2021", None)],
)
def test_the_language_with_most_function_words(text: str, language: str | None) -> None:
    assert main_language(text) == language
