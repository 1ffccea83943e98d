"""Where a sentence stands towards a statement, and what is measured and kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from index.model.embedder import Vectors
from index.models import Difference, DifferenceKind, Match, NormalizedRating, PairJudgement, Rating, Stance, Statement
from service.findings import VECTOR, Finding
from service.models import Considered, Mode, Offer, ScoredSentence, Sentence
from service.pipeline.stance import consider, find, find_all, searched_words
from service.thresholds import SHORT

LONG = "Die Masernimpfung löst bei vielen Kindern in Europa Autismus aus."
SHORT_TEXT = "Die Masernimpfung löst Autismus aus."


class Lengths:
    """The vector of a text is its length."""

    model_id, dimensions = "lengths", 2

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.array([[len(text), 0.5] for text in texts], np.float32)

    encode_statements = encode_queries


def claim(text: str, query: str | None = None, start: int = 0, **fields: object) -> ScoredSentence:
    return ScoredSentence(Sentence(text, start, start + len(text)), 0.9, True, query=query, **fields)  # type: ignore[arg-type]


def match(confidence: float, statement: str = "Satz 1") -> Match:
    judged = PairJudgement(confidence, 0.7, 0.1, 0.2, (Difference(DifferenceKind.NUMBER, "1", "2"),))
    rating = Rating("Falsch!", normalized=NormalizedRating.FALSE)
    return Match(Statement(statement, "https://a.example/1", rating, id="s1", key=7), 0.9, confidence, True, judged)


def test_a_finding_holds_the_statement_its_rating_and_how_the_claim_stands() -> None:
    difference = Difference(DifferenceKind.NUMBER, "1", "2")
    assert find(claim(LONG), match(0.85), Mode.QUOTED, around=True) == Finding(
        7, "s1", NormalizedRating.FALSE, "Falsch!", 0.9, 0.85, Stance.SUPPORTS, 0.7, Mode.QUOTED, (difference,), True
    )


@pytest.mark.parametrize(
    ("text", "alone", "measured"),
    [(SHORT_TEXT, True, (1.0, False)), (SHORT_TEXT, False, (0.0, False)), (LONG, True, (0.0, False))],
)
def test_few_words_alone_are_measured(text: str, alone: bool, measured: tuple[float, bool]) -> None:
    found = find(claim(text), match(0.99, SHORT_TEXT), Mode.ASSERTED, alone=alone)
    assert (found.shared, found.omits) == measured


def test_a_number_that_few_words_leave_out_is_noted() -> None:
    found = find(claim("Impfung löst Autismus aus"), match(0.99, f"2019: {SHORT_TEXT}"), Mode.ASSERTED, alone=True)
    assert found.omits


def test_the_words_are_those_of_the_longest_text_searched() -> None:
    assert searched_words(claim("Sie lügt.")) == 2
    assert searched_words(claim("Sie lügt.", "Unfassbar! Sie lügt immer wieder.")) == 5
    assert searched_words(claim("Stimmt es, dass sie lügt?", "sie lügt")) == 5


def test_all_that_was_searched_or_left_is_considered_in_the_order_of_the_page() -> None:
    first, second, third = (claim(LONG, start=place) for place in (0, 100, 200))
    offers = [[Offer(match(0.9))], []]
    found = consider([first, third], offers, [second], [first, second, third])
    assert found == [Considered(first, offers[0]), Considered(second, None), Considered(third, [])]


def test_where_nothing_is_worth_searching_the_best_sentence_stands_for_the_page() -> None:
    poor, best = (
        ScoredSentence(Sentence("Na ja.", place, place + 6), worth, False) for place, worth in ((0, 0.1), (9, 0.2))
    )
    assert consider([], [], [], [poor, best]) == [Considered(best, None)]
    assert consider([], [], [], []) == []


def test_each_searched_sentence_has_its_vector_and_how_it_is_put_beside_each_statement() -> None:
    denied = claim("The moon landing is a hoax.", mode=Mode.DENIED, cue="is a hoax")
    offers = [Offer(match(0.9, "It is a hoax.")), Offer(match(0.8, "Men landed."), around=True)]
    left = claim(LONG, start=50)
    found, unsearched = find_all(
        [Considered(denied, offers), Considered(left, None)], own_voice, None, Lengths(), SHORT
    )
    assert [(each.mode, each.around) for each in found.findings] == [(Mode.ASSERTED, False), (Mode.DENIED, True)]
    assert (found.mode, found.searched, found.start, found.end) == (Mode.DENIED, True, 0, 27)
    assert np.frombuffer(found.vector, VECTOR).tolist() == [27.0, 0.5]
    assert (unsearched.searched, unsearched.vector, unsearched.findings) == (False, b"", ())


def own_voice(_statement: str) -> str | None:
    return None


def test_what_a_page_reviews_itself_is_not_asserted_and_what_else_it_says_is() -> None:
    offers = [Offer(match(0.9, "The moon landing is a hoax.")), Offer(match(0.9, "The earth is flat."))]
    (found,) = find_all(
        [Considered(claim("The moon landing is a hoax, and the earth is flat."), offers)],
        lambda statement: "ClaimReview" if "moon" in statement else None,
        None,
        Lengths(),
    )
    assert [each.mode for each in found.findings] == [Mode.REPORTED, Mode.ASSERTED]


def test_on_a_page_that_is_a_fact_check_nothing_is_asserted_by_a_statement_that_says_the_same() -> None:
    denied = claim("The moon landing is a hoax.", mode=Mode.DENIED, cue="is a hoax")
    (found,) = find_all(
        [Considered(denied, [Offer(match(0.9, "It is a hoax."))])], lambda _: "Faktencheck", None, Lengths(), SHORT
    )
    assert [each.mode for each in found.findings] == [Mode.DENIED]


def test_how_far_the_farthest_proposed_statement_was_is_kept_where_others_were_left_out() -> None:
    near = [Offer(replace(match(0.9), similarity=0.9 - n / 100)) for n in range(8)]
    around = Offer(replace(match(0.9), similarity=0.5), around=True)
    whole, few = find_all(
        [Considered(claim(LONG), [*near, around]), Considered(claim(LONG), near[:7])], own_voice, None, Lengths()
    )
    assert (whole.farthest, few.farthest) == (near[-1].match.similarity, 0.0)
