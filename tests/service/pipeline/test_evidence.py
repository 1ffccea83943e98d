"""Evidence: what is searched for a claim, and to which claim a match of several sentences belongs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from index.model.embedder import Vectors
from index.models import Match, PairJudgement, Rating, Statement
from service.models import Mode, ScoredSentence, Sentence
from service.pipeline.evidence import find_matches, searched_texts
from service.pipeline.stance import consider, find_all
from service.pipeline.verdict import required_confidence, surest
from service.thresholds import DEFAULTS


class KnowingIndex:
    """Answers each text with the confidences it was given for statements, by their keys."""

    min_confidence = 0.7

    def __init__(self, found: dict[str, dict[int, float]]) -> None:
        self.found = found
        self.asked: list[str] = []
        self.whole: set[str] = set()
        self.statements: dict[int, str] = {}
        self.limits = (0, 0)

    def search(
        self, texts: Sequence[str], limit: int, max_reads: int, whole: Collection[str], among: Collection[int] | None
    ) -> list[list[Match]]:
        assert among is None
        self.asked += texts
        self.limits = (limit, max_reads)
        self.whole |= set(whole)
        return [
            [matched(key, sure, self.statements.get(key)) for key, sure in self.found.get(text, {}).items()]
            for text in texts
        ]


class NoVectors:
    """Knows no text from another."""

    model_id, dimensions = "none", 1

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.zeros((len(texts), 1), np.float32)

    encode_statements = encode_queries


def matched(key: int, confidence: float, text: str | None = None) -> Match:
    statement = Statement(text or f"statement {key}", f"https://a.example/{key}", Rating("False"), key=key)
    return Match(
        statement, 0.9, confidence, confidence >= 0.7, PairJudgement(confidence, confidence, 0, 1 - confidence)
    )


def claim(text: str, query: str | None = None) -> ScoredSentence:
    return ScoredSentence(Sentence(text, 0, len(text)), 0.9, True, query=query)


def keys(index: KnowingIndex, *claims: ScoredSentence) -> list[list[tuple[int, float]]]:
    offers = find_matches(index, claims, "a post")  # type: ignore[arg-type]
    minimum = required_confidence(len(claims), DEFAULTS)
    found = find_all(consider(claims, offers, (), claims), lambda _: None, "a post", NoVectors())
    kept = [surest(sentence.findings, minimum) for sentence in found]
    return [[(finding.statement_key, finding.confidence) for finding in row] for row in kept]


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
    assert [[(offer.match.statement.key, offer.around) for offer in row] for row in found] == [
        [*((key, False) for key in own), (2, True)],
        [(3, False), (4, True)],
    ]


def test_a_question_is_searched_with_what_it_asks_about_too() -> None:
    assert searched_texts(claim("Is it true that milk is blue?", "milk is blue")) == [
        "Is it true that milk is blue?", "milk is blue",
    ]  # fmt: skip


@pytest.mark.parametrize(("mode", "around"), [(Mode.ASKED, [False, True]), (Mode.ASSERTED, [False])])
def test_a_question_that_leaves_it_open_is_found_as_what_it_asks_about(mode: Mode, around: list[bool]) -> None:
    question, about = "Not sure whether milk is blue in towns", "milk is blue in towns"
    index = KnowingIndex({question: {1: 0.99}, about: {1: 0.9}})
    answer = index.search

    def open_question(texts: Sequence[str], *rest: Any, **named: Any) -> list[list[Match]]:
        undecided = PairJudgement(0.99, 0, 0, 1)
        found = dict(zip(texts, answer(texts, *rest, **named), strict=True))
        return [
            [replace(match, judgement=undecided) for match in row] if text == question else row
            for text, row in found.items()
        ]

    index.search = open_question  # type: ignore[method-assign]
    (row,) = find_matches(index, [replace(claim(question, about), mode=mode)])  # type: ignore[arg-type]
    assert [offer.around for offer in row] == around


@pytest.mark.parametrize(("post", "whole"), [("a b", {"a b"}), (None, set())])
def test_only_a_post_as_a_whole_is_judged_as_one(post: str | None, whole: set[str]) -> None:
    index = KnowingIndex({"a": {1: 0.6}, "a b": {1: 0.7}})
    find_matches(index, [claim("a", "a b")], post)  # type: ignore[arg-type]
    assert index.whole == whole


def test_how_many_statements_are_asked_for_and_read_are_thresholds() -> None:
    index, match = KnowingIndex({}), DEFAULTS.match
    find_matches(index, [claim("a")])  # type: ignore[arg-type]
    assert index.limits == (8, 32) == (match.candidates, match.reads)
    find_matches(index, [claim("a")], None, replace(DEFAULTS, match=replace(match, candidates=3, reads=5)))  # type: ignore[arg-type]
    assert index.limits == (3, 5)


def test_without_claims_nothing_is_found() -> None:
    assert keys(KnowingIndex({})) == []
