"""Evidence: what is searched for a claim, and to which claim a match of several sentences belongs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest

from index.models import Match, PairJudgement, Rating, Statement
from service.models import ScoredSentence, Sentence
from service.pipeline.evidence import FEW_CLAIMS, find_matches, required_confidence, searched_texts


class KnowingIndex:
    """Answers each text with the confidences it was given for statements, by their keys."""

    min_confidence = 0.7

    def __init__(self, found: dict[str, dict[int, float]]) -> None:
        self.found = found
        self.asked: list[str] = []
        self.whole: set[str] = set()
        self.statements: dict[int, str] = {}

    def search(self, texts: Sequence[str], limit: int, max_reads: int, whole: Collection[str]) -> list[list[Match]]:
        self.asked += texts
        self.whole |= set(whole)
        return [
            [matched(key, sure, self.statements.get(key)) for key, sure in self.found.get(text, {}).items()]
            for text in texts
        ]


def matched(key: int, confidence: float, text: str | None = None) -> Match:
    statement = Statement(text or f"statement {key}", f"https://a.example/{key}", Rating("False"), key=key)
    return Match(
        statement, 0.9, confidence, confidence >= 0.7, PairJudgement(confidence, confidence, 0, 1 - confidence)
    )


def claim(text: str, query: str | None = None) -> ScoredSentence:
    return ScoredSentence(Sentence(text, 0, len(text)), 0.9, True, query=query)


def keys(index: KnowingIndex, *claims: ScoredSentence) -> list[list[tuple[int, float]]]:
    found = find_matches(index, claims, "a post")  # type: ignore[arg-type]
    return [[(match.statement.key, match.confidence) for match in row] for row in found]


def test_a_sentence_is_searched_with_its_surroundings_and_instead_of_what_it_leaves_open() -> None:
    assert searched_texts(claim("Milk is blue.")) == ["Milk is blue."]
    assert searched_texts(claim("Milk is blue.", "Hear! Milk is blue.")) == ["Milk is blue.", "Hear! Milk is blue."]
    assert searched_texts(claim("She paints milk.", "Ann paints milk.")) == ["Ann paints milk."]


A, B, C = (f"{word} two three four five six seven eight" for word in ("Apples", "Bees", "Cows"))
AB, BC, ABC = f"{A} {B}", f"{B} {C}", f"{A} {B} {C}"


def test_each_statement_is_found_once_as_sure_as_any_text_makes_it() -> None:
    index = KnowingIndex({A: {1: 0.3, 2: 0.8}, AB: {1: 0.9, 3: 0.5}})
    assert keys(index, claim(A, AB)) == [[(1, 0.9), (2, 0.8), (3, 0.5)]]
    assert index.asked == [A, AB]


def test_what_only_surroundings_match_belongs_to_the_sentence_where_it_is_surest() -> None:
    index = KnowingIndex({AB: {1: 0.8}, ABC: {1: 0.9}, BC: {1: 0.9}, C: {2: 0.2}})
    assert keys(index, claim(A, AB), claim(B, ABC), claim(C, BC)) == [[], [(1, 0.9)], [(2, 0.2)]]


def test_what_a_whole_post_matches_belongs_to_the_sentence_that_has_most_of_its_words() -> None:
    index = KnowingIndex({"Hear! Milk is blue.": {1: 0.9}})
    index.statements[1] = "All milk is blue."
    assert keys(index, claim("Hear!", "Hear! Milk is blue."), claim("Milk is blue.", "Hear! Milk is blue.")) == [
        [],
        [(1, 0.9)],
    ]
    assert index.asked == ["Hear!", "Hear! Milk is blue.", "Milk is blue."]


def test_a_sentence_keeps_what_it_matches_itself() -> None:
    index = KnowingIndex({A: {1: 0.6}, AB: {1: 0.7}, B: {1: 0.8}, BC: {1: 0.9}})
    assert keys(index, claim(A, AB), claim(B, BC)) == [[(1, 0.6)], [(1, 0.8)]]


def test_what_a_sentence_says_by_itself_is_not_read_again_with_its_surroundings() -> None:
    index = KnowingIndex({A: {1: 0.75, 2: 0.6}, AB: {1: 0.99, 2: 0.9}})
    assert keys(index, claim(A, AB)) == [[(2, 0.9), (1, 0.75)]]


@pytest.mark.parametrize(("post", "own"), [(None, []), ("a post", [1])])
def test_a_few_words_say_something_with_those_around_them_or_in_a_post_as_the_statement_itself(
    post: str | None, own: list[int]
) -> None:
    index = KnowingIndex(
        {"Milk is blue.": {1: 0.99, 5: 0.99}, f"Milk is blue. {B}": {2: 0.6}, A: {3: 0.8}, AB: {4: 0.5}}
    )
    index.statements |= {1: "Milk is blue.", 5: "In May 2021 milk was blue in five towns."}
    found = find_matches(index, [claim("Milk is blue.", f"Milk is blue. {B}"), claim(A, AB)], post)  # type: ignore[arg-type]
    assert [[match.statement.key for match in row] for row in found] == [[*own, 2], [3, 4]]


def test_a_question_is_searched_with_what_it_asks_about_too() -> None:
    assert searched_texts(claim("Is it true that milk is blue?", "milk is blue")) == [
        "Is it true that milk is blue?", "milk is blue",
    ]  # fmt: skip


@pytest.mark.parametrize(("post", "whole"), [("a b", {"a b"}), (None, set())])
def test_only_a_post_as_a_whole_is_judged_as_one(post: str | None, whole: set[str]) -> None:
    index = KnowingIndex({"a": {1: 0.6}, "a b": {1: 0.7}})
    find_matches(index, [claim("a", "a b")], post)  # type: ignore[arg-type]
    assert index.whole == whole


def test_without_claims_nothing_is_found() -> None:
    assert keys(KnowingIndex({})) == []


def test_the_more_claims_the_surer_a_match_must_be() -> None:
    assert required_confidence(0.7, 0) == required_confidence(0.7, FEW_CLAIMS) == pytest.approx(0.7)
    assert required_confidence(0.5, 32 * FEW_CLAIMS) == pytest.approx(16 / 17)  # 32 times the claims, 16 times the odds
    assert [required_confidence(sure, 50) for sure in (0.0, 1.0)] == [0.0, 1.0]
    some = [required_confidence(0.7, claims) for claims in range(FEW_CLAIMS, 60)]
    assert some == sorted(set(some))


def test_what_matches_in_a_post_is_only_a_candidate_on_a_long_page() -> None:
    index = KnowingIndex({"a": {1: 0.8, 2: 0.99}})
    (few, *_), (many, *_) = (find_matches(index, [claim("a"), *[claim("b")] * rest]) for rest in (1, 30))  # type: ignore[arg-type]
    assert [match.is_match for match in few] == [True, True]
    assert [(match.statement.key, match.is_match) for match in many] == [(2, True), (1, False)]
