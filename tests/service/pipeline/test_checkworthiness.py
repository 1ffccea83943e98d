"""What makes a sentence worth checking: its features, one by one, and how they add up. (Which sentences become claims:
test_claims.py; how well: tests/quality.)"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from service.pipeline.checkworthiness import (
    MAX_FEATURES,
    MIN_WEIGHT,
    WORDING,
    encoder_of,
    feature_names,
    feature_vector,
    patterns,
    read_weights,
    shares,
    strongest,
    weigh_sentences,
    words_of,
)
from service.thresholds import CLAIMS

PLAIN = "Der Zoll hat im Jahr 2017 mehr als 300 Kisten beschlagnahmt."


def features(text: str) -> dict[str, float]:
    return dict(zip(feature_names(), feature_vector(text).tolist(), strict=True))


def test_there_is_a_weight_for_each_feature_and_one_before_all() -> None:
    weights = read_weights()
    assert len(weights.features) == len(weights.with_embedding) == len(feature_names()) + 1
    assert weights.embedding.shape == (384,)


def test_lengths_and_ends_are_features() -> None:
    short, long, plain = features("Das ist wahr."), features("wort " * 40), features(PLAIN)
    assert (short["few words"], long["few words"]) == (pytest.approx(5 / 8), 0.0)
    assert (short["many words"], long["many words"]) == (pytest.approx(3 / 30), 1.0)
    assert (plain["no full stop"], long["no full stop"]) == (0.0, 1.0)


@pytest.mark.parametrize("end", [".", "!", "?", ":", "…", ".“", '."', ".)", ". "])
def test_a_closing_mark_hides_no_stop(end: str) -> None:
    assert features(f"Der Zoll hat 300 Kisten{end}")["no full stop"] == 0.0


def test_a_feature_of_words_is_there_or_not() -> None:
    assert {value for name, value in features(PLAIN).items() if name in patterns()} == {0.0, 1.0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Zitronen heilen Diabetes.", 3), ("Zitronen heilen!", 2), ("5G tötet Vögel", 3), ("1 2 3 4", 0),
        ("a b c d", 0), ("", 0),
    ],
)  # fmt: skip
def test_only_words_of_two_letters_count_and_below_the_least_a_sentence_is_worth_nothing(text: str, words: int) -> None:
    assert words_of(text) == words
    for least in (2, 3, 4):
        (worth,) = weigh_sentences([text], thresholds=replace(CLAIMS, min_words=least))
        assert (worth.score > 0) is (words >= least), least


def test_log_odds_become_probabilities_and_never_overflow() -> None:
    assert shares(np.array([0.0, 1000.0, -1000.0])).tolist() == pytest.approx([0.5, 1.0, 0.0])


def test_the_features_that_moved_a_score_most_are_named_in_order() -> None:
    parts = np.zeros(len(feature_names()) + 1)
    parts[[0, 3, 5]] = [0.5, -2.004, MIN_WEIGHT - 0.01]
    parts[-1] = 1.25
    names = feature_names()
    assert [(each.name, each.weight) for each in strongest(parts)] == [
        (names[3], -2.0),
        (WORDING, 1.25),
        (names[0], 0.5),
    ]
    assert len(strongest(np.ones(len(parts)))) == MAX_FEATURES


def test_no_sentences_have_no_scores() -> None:
    assert weigh_sentences([]) == []


def test_only_the_places_that_may_be_encoded_are() -> None:
    asked: list[list[str]] = []

    def encode(texts):
        asked.append(list(texts))
        return np.zeros((len(texts), 384), np.float32)

    other = "Die Stadt hat 2019 genau 40 Brücken verkauft."
    both = weigh_sentences([PLAIN, other], encode, {1})
    assert [len(texts) for texts in asked] == [1]
    assert "40 Brücken" in asked[0][0]
    assert both[0] == weigh_sentences([PLAIN])[0]


def test_vectors_of_another_embedder_mean_nothing_to_the_weights() -> None:
    class Named:
        def __init__(self, model_id: str) -> None:
            self.model_id = model_id

        def encode_queries(self, texts):
            return texts

    assert encoder_of(Named("multilingual-e5-small@abc")) is not None
    assert encoder_of(Named("all-MiniLM-L6-v2")) is None
