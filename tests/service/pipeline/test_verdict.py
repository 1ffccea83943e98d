"""The tables of the design, row by row, and how claims and pages are concluded from them."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from index.models import Difference, DifferenceKind, Match, NormalizedRating, PairJudgement, Rating, Stance, Statement
from service.conclusions import conclude, stance_of_page
from service.findings import Finding, SentenceFindings
from service.models import JudgedMatch, Mode, Shortfall, Verdict, VerdictCode
from service.pipeline.verdict import (
    ClaimDecision,
    Divided,
    aggregate_verdict,
    deciding_first,
    divide_findings,
    judge_claim,
    placed_findings,
    rejudge,
    required_confidence,
    shortfalls,
    surest,
)
from service.thresholds import DEFAULTS, Thresholds

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


def evidence(rating: R, stance: Stance = Stance.SUPPORTS, confidence: float = 1.0, sure: float = 1.0) -> Finding:
    return Finding(1, "a", rating, "x", 0.9, confidence, stance, sure, Mode.ASSERTED)


def checked(mode: Mode, code: VerdictCode, confidence: float = 0.8) -> ClaimDecision:
    return ClaimDecision(0, mode, Verdict(code, confidence))


def test_the_table_knows_every_rating() -> None:
    assert set(TABLE) == set(R)
    assert all(0 <= DEFAULTS.ratings.certainty(rating) <= 1 for rating in R)


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


@pytest.mark.parametrize(("rating", "stance", "mode"), list(itertools.product(R, Stance, Mode)))
def test_whoever_shows_evidence_takes_that_for_deciding_which_concludes_something(
    rating: R, stance: Stance, mode: Mode
) -> None:
    statement = Statement("Die Erde ist flach.", "https://a.example/1", Rating("x", normalized=rating))
    shown = JudgedMatch(Match(statement, 0.9, 0.9, True, PairJudgement(0.9, 0.0, 0.0, 1.0)), stance, 0.9)
    assert shown.decides is (conclude(rating, stance, mode) is not FOUND)


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


@pytest.mark.parametrize("rating", [R.MIXED, R.MISSING_CONTEXT])
def test_a_rating_between_true_and_false_is_as_certain_as_one_that_says_mostly(rating: R) -> None:
    assert judge_claim(Mode.ASSERTED, [evidence(rating, confidence=0.8)]).confidence == pytest.approx(0.72)


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


def test_the_houses_own_statement_comes_first_where_it_decides_as_others_do() -> None:
    theirs, ours = (
        evidence(R.FALSE, confidence=0.99),
        replace(evidence(R.FALSE, confidence=0.8), statement_key=2, own=True),
    )
    refuted = judge_claim(Mode.ASSERTED, [theirs, ours])
    assert deciding_first(refuted, Mode.ASSERTED, [theirs, ours]) == (ours, theirs)
    aside = replace(ours, stance=Stance.NEUTRAL)
    assert deciding_first(refuted, Mode.ASSERTED, [aside, theirs]) == (theirs, aside), "what decides comes before it"
    same = judge_claim(Mode.ASSERTED, [theirs, replace(ours, own=False)])
    assert refuted == same, "the verdict itself is the same whosever it is"


def test_the_houses_own_statement_is_not_cut_off_by_surer_ones() -> None:
    most = DEFAULTS.match.max_evidence
    others = [found(0.99 - n / 1000, n + 1) for n in range(most)]
    ours = replace(found(0.9, 99), own=True)
    assert divided(sentence(*others, ours)).evidence == (*others[:-1], ours)


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
def test_a_page_is_judged_by_the_first_row_that_applies(claims: list[ClaimDecision], verdict: VerdictCode) -> None:
    assert aggregate_verdict(claims).code is verdict
    assert aggregate_verdict(claims[::-1]).code is verdict


def test_a_page_is_as_sure_as_its_surest_deciding_claim() -> None:
    claims = [
        checked(Mode.ASSERTED, REFUTED, 0.4),
        checked(Mode.ASSERTED, REFUTED, 0.9),
        checked(Mode.ASSERTED, SUPPORTED),
    ]
    assert aggregate_verdict(claims) == Verdict(REFUTED, 0.9, 1)


@pytest.mark.parametrize(
    ("claims", "alike"),
    [
        ([(Mode.ASSERTED, [R.SATIRE])], R.SATIRE),
        ([(Mode.ASSERTED, [R.ALTERED_MEDIA]), (Mode.ASSERTED, [R.ALTERED_MEDIA, R.ALTERED_MEDIA])], R.ALTERED_MEDIA),
        ([(Mode.ASSERTED, [R.SATIRE, R.UNPROVEN])], R.SATIRE),
        ([(Mode.ASSERTED, [R.SATIRE]), (Mode.QUOTED, [R.FALSE])], R.SATIRE),
        ([(Mode.ASSERTED, [R.SATIRE]), (Mode.ASSERTED, [R.FALSE])], None),
        ([(Mode.ASSERTED, [R.SATIRE, R.FALSE])], None),
        ([(Mode.ASSERTED, [R.SATIRE]), (Mode.ASSERTED, [R.ALTERED_MEDIA])], None),
        ([(Mode.ASSERTED, [R.FALSE])], None),
        ([(Mode.QUOTED, [R.SATIRE])], None),
    ],
)
def test_what_alone_refutes_a_page_is_named_where_it_has_words_of_its_own(
    claims: list[tuple[Mode, list[R]]], alike: R | None
) -> None:
    decided = [
        ClaimDecision(0, mode, Verdict(REFUTED, 0.8), tuple(evidence(rating) for rating in ratings))
        for mode, ratings in claims
    ]
    assert aggregate_verdict(decided).alike is alike


def test_a_page_without_evidence_is_as_open_as_its_doubtful_claim() -> None:
    claims = [checked(Mode.ASSERTED, NOT_ENOUGH, 0.9), checked(Mode.ASSERTED, NOT_ENOUGH, 0.3)]
    assert aggregate_verdict(claims) == Verdict(NOT_ENOUGH, 0.3)


def test_nothing_to_check_is_as_sure_as_its_best_sentence_is_poor() -> None:
    assert aggregate_verdict([], highest_checkworthiness=0.4) == Verdict(VerdictCode.NOTHING_TO_CHECK, 0.6)


# ---------------------------------------------------------------- which findings count

OTHER_NUMBER = (Difference(DifferenceKind.NUMBER, "1", "2"),)


def found(confidence: float, key: int = 1, **fields: object) -> Finding:
    near = Finding(key, f"s{key}", R.FALSE, "Falsch", 0.9, confidence, Stance.SUPPORTS, 0.9, Mode.ASSERTED)
    return replace(near, **fields)  # type: ignore[arg-type]


def sentence(*findings: Finding, words: int = 10, **fields: object) -> SentenceFindings:
    plain = SentenceFindings(0, 60, 0.9, True, Mode.ASSERTED, words, False, True, findings)
    return replace(plain, **fields)  # type: ignore[arg-type]


def divided(sentence: SentenceFindings, minimum: float = 0.7) -> Divided:
    return divide_findings(sentence, minimum, DEFAULTS)


def test_what_fell_short_is_a_candidate_and_what_is_far_is_nothing() -> None:
    far, near, sure = found(0.01, 1), found(0.4, 2), found(0.9, 3)
    assert divided(sentence(far, near, sure)) == Divided((sure,), (near,), 3)


def test_what_looks_near_at_all_is_a_candidate() -> None:
    assert divided(sentence(found(0.04, 1), found(0.06, 2))).candidates == (found(0.06, 2),)


@pytest.mark.parametrize("confidence", [0.85, 0.99])
def test_a_short_sentence_of_a_page_only_suggests(confidence: float) -> None:
    one = found(confidence, shared=1.0)
    assert divided(sentence(one, words=5)) == Divided((), (one,), 1)
    assert divided(sentence(one, words=8)) == Divided((one,), (), 1)


@pytest.mark.parametrize(
    ("confidence", "shared", "omits", "counts"),
    [(0.95, 0.4, False, True), (0.94, 1.0, False, False), (0.99, 0.3, False, False), (0.99, 1.0, True, False)],
)
def test_a_short_text_counts_where_it_is_surely_the_statement_itself(
    confidence: float, shared: float, omits: bool, counts: bool
) -> None:
    short = sentence(found(confidence, shared=shared, omits=omits), words=5, alone=True)
    assert len(divided(short).evidence) == counts


def test_there_is_an_end_to_evidence_and_candidates() -> None:
    many = divided(sentence(*(found(0.9, n) for n in range(20)), *(found(0.5, 50 + n) for n in range(20))))
    assert (len(many.evidence), len(many.candidates), many.compared) == (5, 3, 40)


@pytest.mark.parametrize(
    ("words", "confidence", "reasons"),
    [
        (10, 0.4, (Shortfall.CONFIDENCE, Shortfall.DIFFERENCE)),
        (5, 0.85, (Shortfall.SHORT, Shortfall.DIFFERENCE)),
        (5, 0.4, (Shortfall.CONFIDENCE, Shortfall.SHORT, Shortfall.DIFFERENCE)),
    ],
)
def test_a_candidate_says_why_it_is_no_evidence(words: int, confidence: float, reasons: tuple[Shortfall, ...]) -> None:
    near = found(confidence, differences=OTHER_NUMBER)
    assert shortfalls(sentence(near, words=words), near, 0.7, DEFAULTS.short) == reasons


def test_a_statement_found_twice_is_kept_where_it_is_surest() -> None:
    alone, around = found(0.4), found(0.8, around=True)
    assert surest([alone, found(0.6, 2), around], 0.7) == [around, found(0.6, 2)]


def test_what_a_sentence_surely_says_is_not_read_again_with_what_stands_around_it() -> None:
    alone, around = found(0.75), found(0.99, around=True, stance=Stance.REFUTES)
    assert surest([alone, around], 0.7) == [alone]
    assert surest([alone, around], 0.8) == [around]


def test_a_question_that_leaves_it_open_is_read_as_what_it_asks_about() -> None:
    question, about = found(0.99, stance=Stance.NEUTRAL, mode=Mode.ASKED), found(0.9, around=True, mode=Mode.ASKED)
    assert surest([question, about], 0.7) == [about]
    assert surest([question, about], 0.95) == [question]
    assert (
        surest([replace(question, mode=Mode.ASSERTED), replace(about, mode=Mode.ASSERTED)], 0.7)[0].confidence == 0.99
    )


def test_what_stands_around_a_sentence_denies_no_twin_of_what_it_surely_says() -> None:
    alone, twin = found(0.99), found(0.75, 2, around=True, stance=Stance.REFUTES)
    assert surest([alone, twin], 0.7) == [alone]
    assert surest([found(0.6), twin], 0.7) == [twin, found(0.6)], "what it says by itself is not sure"
    surer = found(0.995, 2, around=True, stance=Stance.REFUTES)
    assert surest([alone, surer], 0.7) == [surer, alone]
    other = found(0.75, 2, around=True, stance=Stance.REFUTES, rating=NormalizedRating.TRUE)
    assert surest([alone, other], 0.7) == [alone, other]


def test_the_more_claims_the_surer_a_match_must_be() -> None:
    def least(confidence: float, claims: int) -> float:
        return required_confidence(claims, matching(confidence))

    few = DEFAULTS.growth.few_claims
    assert least(0.7, 0) == least(0.7, few) == pytest.approx(0.7)
    assert least(0.5, 32 * few) == pytest.approx(16 / 17)  # 32 times the claims, 16 times the odds
    assert [least(sure, 50) for sure in (0.0, 1.0)] == [0.0, 1.0]
    some = [least(0.7, claims) for claims in range(few, 60)]
    assert some == sorted(set(some))


def matching(min_confidence: float) -> Thresholds:
    return replace(DEFAULTS, match=replace(DEFAULTS.match, min_confidence=min_confidence))


# ---------------------------------------------------------------- a check as a whole


def test_a_check_is_judged_anew_under_other_thresholds() -> None:
    page = [sentence(found(0.8)), sentence(found(0.4, stance=Stance.REFUTES))]
    assert rejudge(page, DEFAULTS).verdict == Verdict(REFUTED, pytest.approx(0.72), 0)
    assert rejudge(page, matching(0.81)).verdict == Verdict(NOT_ENOUGH, pytest.approx(0.2))
    assert rejudge(page, matching(0.3)).claims[1].verdict.code is SUPPORTED


def test_other_certainty_and_growth_and_counts_of_words_decide_otherwise() -> None:
    unsure = replace(DEFAULTS, ratings=replace(DEFAULTS.ratings, false=0.1))
    assert rejudge([sentence(found(0.8))], unsure).verdict == Verdict(REFUTED, pytest.approx(0.072), 0)
    crowd = [sentence(found(0.8))] * 9
    assert rejudge(crowd, DEFAULTS).verdict.code is NOT_ENOUGH
    assert rejudge(crowd, replace(DEFAULTS, growth=replace(DEFAULTS.growth, few_claims=9))).verdict.code is REFUTED
    short = replace(DEFAULTS, short=replace(DEFAULTS.short, words=3))
    assert rejudge([sentence(found(0.8), words=4)], DEFAULTS).verdict.code is NOT_ENOUGH
    assert rejudge([sentence(found(0.8), words=4)], short).verdict.code is REFUTED


def test_a_doubtful_sentence_is_a_claim_where_there_is_evidence() -> None:
    doubtful = sentence(found(0.8), is_claim=False, checkworthiness=0.4)
    assert rejudge([doubtful], DEFAULTS).verdict.code is REFUTED
    assert rejudge([doubtful], matching(0.9)).verdict == Verdict(VerdictCode.NOTHING_TO_CHECK, 0.6)
    assert rejudge([replace(doubtful, alone=True)], matching(0.9)).verdict.code is NOT_ENOUGH


def test_a_claim_beyond_the_budget_is_open_and_does_not_make_others_surer() -> None:
    left = sentence(searched=False)
    decided = rejudge([*[left] * 30, sentence(found(0.72))], DEFAULTS)
    assert decided.verdict == Verdict(REFUTED, pytest.approx(0.648), 30)
    assert decided.claims[0] == ClaimDecision(0, Mode.ASSERTED, Verdict(NOT_ENOUGH, 0.0))
    poor = rejudge([replace(left, is_claim=False, checkworthiness=0.2)], DEFAULTS)
    assert (poor.claims, poor.verdict) == ((), Verdict(VerdictCode.NOTHING_TO_CHECK, 0.8))


def test_the_surest_evidence_tells_how_a_claim_is_put() -> None:
    own, other = found(0.9, 1, mode=Mode.ASSERTED), found(0.8, 2, mode=Mode.DENIED)
    assert rejudge([sentence(own, other, mode=Mode.DENIED)], DEFAULTS).claims[0].mode is Mode.ASSERTED
    assert rejudge([sentence(other, mode=Mode.DENIED)], DEFAULTS).claims[0].mode is Mode.DENIED
    assert rejudge([sentence(found(0.1), mode=Mode.QUOTED)], DEFAULTS).claims[0].mode is Mode.QUOTED


def test_what_is_kept_knows_its_claims_place_and_leaves_out_what_no_one_is_shown() -> None:
    page = [sentence(is_claim=False), sentence(found(0.05), found(0.04, 2))]
    kept = placed_findings(page, rejudge(page, DEFAULTS), DEFAULTS)
    assert [(each.claim, each.findings) for each in kept] == [(None, ()), (0, (found(0.05),))]
    assert rejudge(kept, DEFAULTS).verdict == rejudge(page, DEFAULTS).verdict
