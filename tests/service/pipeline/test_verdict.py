"""The tables of the design, row by row, and how claims and pages are concluded from them."""

from __future__ import annotations

import itertools

import pytest

from index.models import Match, NormalizedRating, PairJudgement, Rating, Stance, Statement
from service.models import CheckedClaim, JudgedMatch, Mode, ScoredSentence, Sentence, Verdict, VerdictCode
from service.pipeline.verdict import (
    RATING_CERTAINTY,
    aggregate_verdict,
    conclude,
    deciding_first,
    judge_claim,
    stance_of_page,
)

REFUTED, SUPPORTED = VerdictCode.REFUTED, VerdictCode.SUPPORTED
CONFLICTING, NOT_ENOUGH = VerdictCode.CONFLICTING_EVIDENCE, VerdictCode.NOT_ENOUGH_EVIDENCE
FOUND = VerdictCode.FACT_CHECK_FOUND
R = NormalizedRating

# rating -> (where the page supports the statement, where it refutes it)
TABLE = {
    R.FALSE: (REFUTED, SUPPORTED),
    R.MOSTLY_FALSE: (REFUTED, SUPPORTED),
    R.ALTERED_MEDIA: (REFUTED, SUPPORTED),
    R.SATIRE: (REFUTED, SUPPORTED),
    R.TRUE: (SUPPORTED, REFUTED),
    R.MOSTLY_TRUE: (SUPPORTED, REFUTED),
    R.MIXED: (CONFLICTING, CONFLICTING),
    R.MISSING_CONTEXT: (CONFLICTING, CONFLICTING),
    R.UNPROVEN: (FOUND, FOUND),
    R.UNMAPPED: (FOUND, FOUND),
}


def evidence(rating: R, stance: Stance = Stance.SUPPORTS, confidence: float = 1.0, sure: float = 1.0) -> JudgedMatch:
    statement = Statement("Die Erde ist flach.", "https://a.example/1", Rating("x", normalized=rating))
    judged = PairJudgement(confidence, 0.0, 0.0, 1.0)
    return JudgedMatch(Match(statement, 0.9, confidence, True, judged), stance, sure)


def checked(mode: Mode, code: VerdictCode, confidence: float = 0.8) -> CheckedClaim:
    return CheckedClaim(ScoredSentence(Sentence("Ein Satz.", 0, 9), 0.9, True, mode), Verdict(code, confidence))


def test_the_table_knows_every_rating() -> None:
    assert set(TABLE) == set(R) == set(RATING_CERTAINTY)


@pytest.mark.parametrize(("rating", "mode"), list(itertools.product(R, Mode)))
def test_a_claim_that_supports_a_statement(rating: R, mode: Mode) -> None:
    supports, refutes = TABLE[rating]
    assert conclude(rating, Stance.SUPPORTS, mode) is (refutes if mode is Mode.DENIED else supports)


@pytest.mark.parametrize(("rating", "mode"), list(itertools.product(R, Mode)))
def test_a_claim_that_refutes_a_statement(rating: R, mode: Mode) -> None:
    assert conclude(rating, Stance.REFUTES, mode) is TABLE[rating][1]


@pytest.mark.parametrize(("rating", "mode"), list(itertools.product(R, Mode)))
def test_neutral_never_counts(rating: R, mode: Mode) -> None:
    assert conclude(rating, Stance.NEUTRAL, mode) is FOUND


@pytest.mark.parametrize("mode", Mode)
def test_only_denial_turns_what_the_page_says(mode: Mode) -> None:
    assert stance_of_page(Stance.SUPPORTS, mode) is (Stance.REFUTES if mode is Mode.DENIED else Stance.SUPPORTS)
    assert stance_of_page(Stance.REFUTES, mode) is Stance.REFUTES


def test_a_claim_without_evidence_is_as_open_as_its_nearest_candidate_is_far() -> None:
    assert judge_claim(Mode.ASSERTED, ()) == Verdict(NOT_ENOUGH, 1.0)
    assert judge_claim(Mode.ASSERTED, (), [evidence(R.FALSE, confidence=0.25)]) == Verdict(NOT_ENOUGH, 0.75)


def test_confidence_is_match_times_stance_times_rating() -> None:
    assert judge_claim(Mode.ASSERTED, [evidence(R.FALSE, confidence=0.8, sure=0.5)]) == Verdict(REFUTED, 0.4)
    mostly = judge_claim(Mode.ASSERTED, [evidence(R.MOSTLY_FALSE, confidence=0.8, sure=0.5)])
    assert mostly.confidence == pytest.approx(0.36)


def test_statements_that_agree_strengthen_each_other() -> None:
    both = judge_claim(Mode.ASSERTED, [evidence(R.FALSE, confidence=0.5), evidence(R.SATIRE, confidence=0.5)])
    assert both.code is REFUTED
    assert both.confidence == pytest.approx(1 - 0.5 * 0.55)


def test_statements_that_disagree_conflict_as_strongly_as_the_weaker_side() -> None:
    both = judge_claim(Mode.ASSERTED, [evidence(R.FALSE, confidence=0.9), evidence(R.TRUE, confidence=0.6)])
    assert both == Verdict(CONFLICTING, 0.6)


def test_undecided_statements_do_not_disagree_with_anything() -> None:
    rest = [evidence(R.UNMAPPED), evidence(R.UNPROVEN), evidence(R.TRUE, Stance.NEUTRAL)]
    assert judge_claim(Mode.ASSERTED, [evidence(R.FALSE, confidence=0.7), *rest]) == Verdict(REFUTED, 0.7)


def test_matches_that_decide_nothing_are_a_fact_check_found_as_surely_as_the_surest_matches() -> None:
    rest = [evidence(R.UNMAPPED, confidence=0.8), evidence(R.FALSE, Stance.NEUTRAL, confidence=0.95)]
    assert judge_claim(Mode.ASSERTED, rest) == Verdict(FOUND, 0.95)


def test_what_decides_stands_first_however_sure_another_match_is() -> None:
    true, false = evidence(R.TRUE, confidence=0.99, sure=0.5), evidence(R.FALSE, confidence=0.9, sure=0.9)
    neutral = evidence(R.FALSE, Stance.NEUTRAL, confidence=1.0)
    disputed = judge_claim(Mode.ASSERTED, [neutral, true, false])
    assert disputed.code is CONFLICTING
    assert deciding_first(disputed, Mode.ASSERTED, [neutral, true, false]) == (false, true, neutral)
    refuted = judge_claim(Mode.ASSERTED, [neutral, false])
    assert deciding_first(refuted, Mode.ASSERTED, [neutral, false]) == (false, neutral)
    open_ = evidence(R.UNPROVEN, confidence=0.8)
    assert deciding_first(Verdict(FOUND, 1.0), Mode.ASSERTED, [open_, neutral]) == (neutral, open_)


def test_a_denied_falsehood_is_supported() -> None:
    assert judge_claim(Mode.DENIED, [evidence(R.FALSE)]) == Verdict(SUPPORTED, 1.0)


@pytest.mark.parametrize(
    ("claims", "verdict"),
    [
        ([], VerdictCode.NOTHING_TO_CHECK),
        ([checked(Mode.ASSERTED, NOT_ENOUGH)], NOT_ENOUGH),
        ([checked(Mode.ASSERTED, REFUTED), checked(Mode.ASSERTED, SUPPORTED)], REFUTED),
        ([checked(Mode.DENIED, REFUTED), checked(Mode.ASSERTED, CONFLICTING)], REFUTED),
        ([checked(Mode.ASSERTED, CONFLICTING), checked(Mode.ASSERTED, SUPPORTED)], CONFLICTING),
        ([checked(Mode.QUOTED, CONFLICTING), checked(Mode.QUOTED, REFUTED)], CONFLICTING),
        ([checked(Mode.DENIED, SUPPORTED), checked(Mode.QUOTED, REFUTED)], SUPPORTED),
        ([checked(Mode.QUOTED, REFUTED), checked(Mode.ASSERTED, NOT_ENOUGH)], VerdictCode.MENTIONS_REFUTED),
        ([checked(Mode.ASKED, REFUTED)], VerdictCode.MENTIONS_REFUTED),
        ([checked(Mode.ASKED, REFUTED), checked(Mode.ASSERTED, REFUTED)], REFUTED),
        ([checked(Mode.ASKED, SUPPORTED)], SUPPORTED),
        ([checked(Mode.REPORTED, REFUTED)], VerdictCode.MENTIONS_REFUTED),
        ([checked(Mode.REPORTED, SUPPORTED)], SUPPORTED),
        ([checked(Mode.QUOTED, REFUTED), checked(Mode.ASSERTED, FOUND)], VerdictCode.MENTIONS_REFUTED),
        ([checked(Mode.QUOTED, FOUND), checked(Mode.ASSERTED, NOT_ENOUGH)], FOUND),
    ],
)
def test_a_page_is_judged_by_the_first_row_that_applies(claims: list[CheckedClaim], verdict: VerdictCode) -> None:
    assert aggregate_verdict(claims).code is verdict
    assert aggregate_verdict(claims[::-1]).code is verdict


def test_a_page_is_as_sure_as_its_surest_deciding_claim() -> None:
    claims = [
        checked(Mode.ASSERTED, REFUTED, 0.4),
        checked(Mode.ASSERTED, REFUTED, 0.9),
        checked(Mode.ASSERTED, SUPPORTED),
    ]
    assert aggregate_verdict(claims) == Verdict(REFUTED, 0.9, 1)


def test_a_page_without_evidence_is_as_open_as_its_doubtful_claim() -> None:
    claims = [checked(Mode.ASSERTED, NOT_ENOUGH, 0.9), checked(Mode.ASSERTED, NOT_ENOUGH, 0.3)]
    assert aggregate_verdict(claims) == Verdict(NOT_ENOUGH, 0.3)


def test_nothing_to_check_is_as_sure_as_its_best_sentence_is_poor() -> None:
    assert aggregate_verdict([], highest_checkworthiness=0.4) == Verdict(VerdictCode.NOTHING_TO_CHECK, 0.6)
