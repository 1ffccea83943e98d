"""Sixty pairs that say the same but for an amount: equal in other words, or another one. amounts.jsonl is written for this.

"Over 300" and "320" count as equal: nobody can say that they differ.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.models import DifferenceKind, PairJudgement, Stance
from index.pairs.amounts import amounts_differ
from index.pairs.protocol import Pair
from index.pairs.reader import ReaderPairModel

PAIRS = [json.loads(line) for line in (Path(__file__).parent / "amounts.jsonl").read_text("utf-8").splitlines()]
LANGUAGES = ("de", "en")


@pytest.fixture(scope="session")
def judged(model: ReaderPairModel) -> list[PairJudgement]:
    """The judgement of each pair."""
    return model.judge([Pair(each["claim"], each["statement"]) for each in PAIRS])


def of(judged: list[PairJudgement], language: str, *, equal: bool) -> list[tuple[str, PairJudgement]]:
    """The claims of a language, with equal or with other amounts, and their judgements."""
    both = zip(PAIRS, judged, strict=True)
    found = [(each["claim"], one) for each, one in both if (each["language"], each["equal"]) == (language, equal)]
    assert len(found) == 15
    return found


@pytest.mark.parametrize("each", PAIRS, ids=lambda each: f"{each['claim']} {each['statement']}")
def test_amounts_differ_where_nobody_could_mean_the_same(each: dict[str, object]) -> None:
    assert amounts_differ(str(each["claim"]), str(each["statement"])) is not each["equal"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_amount_supports_nothing_and_the_difference_is_told(judged: list[PairJudgement], language: str) -> None:
    for claim, judgement in of(judged, language, equal=False):
        assert judgement.stance is not Stance.SUPPORTS, claim
        assert DifferenceKind.NUMBER in {difference.kind for difference in judgement.differences}, claim


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_equal_amount_in_other_words_supports(judged: list[PairJudgement], language: str) -> None:
    supports = [claim for claim, one in of(judged, language, equal=True) if one.stance is Stance.SUPPORTS]
    assert len(supports) >= 13, supports
