"""What is shown of a decision: the claims with their statements, and hints."""

from __future__ import annotations

from datetime import date

import pytest

from index.models import Difference, DifferenceKind, Match, NormalizedRating, PairJudgement, Rating, Statement
from service.findings import SentenceFindings
from service.models import CheckedClaim, Considered, Hint, Mode, Offer, ScoredSentence, Sentence, Shortfall
from service.pipeline.checked import show_claims
from service.pipeline.stance import find_for
from service.pipeline.verdict import rejudge
from service.thresholds import DEFAULTS, SHORT

TEXT = "Seit dem 1. Mai zahlt die Stadt Ulm jedem Einwohner 500 Euro im Monat."


def match(confidence: float, key: int = 1, rated_on: date | None = None, *differences: Difference) -> Match:
    rating = Rating("Falsch", normalized=NormalizedRating.FALSE)
    statement = Statement(f"Satz {key}", f"https://a.example/{key}", rating, date_published=rated_on, key=key)
    return Match(statement, 0.93, confidence, False, PairJudgement(confidence, 0.9, 0.0, 0.1, differences))


def claim(text: str = TEXT, **fields: object) -> ScoredSentence:
    return ScoredSentence(Sentence(text, 0, len(text)), 0.9, True, **fields)  # type: ignore[arg-type]


def shown(considered: Considered, published: date | None = None, suggests: bool = False) -> CheckedClaim:
    findings = [find_for(considered, lambda _: None, "a post" if suggests else None, SHORT)]
    decision = rejudge(findings, DEFAULTS)
    (one,) = show_claims(decision, [considered], findings, DEFAULTS, published, suggests)
    return one


def test_a_claim_is_shown_with_what_decides_and_with_what_fell_short_and_why() -> None:
    number = Difference(DifferenceKind.NUMBER, "500", "50")
    item = shown(Considered(claim(), [Offer(match(0.4, 2, None, number)), Offer(match(0.9))]))
    assert [(each.match.statement.key, each.match.is_match) for each in item.evidence] == [(1, True)]
    (near,) = item.candidates
    assert (near.match.statement.key, near.match.is_match, near.differences) == (2, False, (number,))
    assert near.shortfalls == (Shortfall.CONFIDENCE, Shortfall.DIFFERENCE)
    assert item.compared == 2
    assert item.claim.is_claim


@pytest.mark.parametrize(("year", "hints"), [(2021, ()), (2025, (Hint.OLDER_STATEMENT,)), (None, ())])
def test_a_fact_check_much_older_than_the_page_is_hinted_at(year: int | None, hints: tuple[Hint, ...]) -> None:
    published = date(year, 6, 1) if year else None
    item = shown(Considered(claim(), [Offer(match(0.9, 1, date(2021, 5, 3)))]), published)
    assert item.claim.hints == hints


def test_a_claim_beyond_the_budget_says_that_it_was_not_searched() -> None:
    item = shown(Considered(claim(hints=(Hint.OPINION,)), None))
    assert (item.claim.hints, item.evidence, item.compared) == ((Hint.OPINION, Hint.NOT_SEARCHED), (), 0)


def test_a_cue_that_belongs_to_the_statement_is_gone_with_the_mode() -> None:
    denied = claim("The moon landing is a hoax, says everyone who was ever there.", mode=Mode.DENIED, cue="is a hoax")
    hoax = Statement("It is a hoax.", "https://a.example/1", Rating("False", normalized=NormalizedRating.FALSE), key=1)
    item = shown(Considered(denied, [Offer(Match(hoax, 0.9, 0.9, False, PairJudgement(0.9, 0.9, 0.0, 0.1)))]))
    assert (item.claim.mode, item.claim.cue) == (Mode.ASSERTED, None)
    kept = shown(Considered(denied, [Offer(match(0.9))]))
    assert (kept.claim.mode, kept.claim.cue) == (Mode.DENIED, "is a hoax")


def test_what_may_be_meant_is_suggested_of_few_words_without_evidence() -> None:
    number = Difference(DifferenceKind.NUMBER, "500", "50")
    few = claim("Ulm zahlt jedem.")
    assert shown(Considered(few, [Offer(match(0.5))]), suggests=True).claim.hints == (Hint.SUGGESTION,)
    assert shown(Considered(few, [Offer(match(0.5))])).claim.hints == ()
    assert shown(Considered(few, [Offer(match(0.5, 1, None, number))]), suggests=True).claim.hints == ()
    assert shown(Considered(claim(), [Offer(match(0.9))]), suggests=True).claim.hints == ()


def test_nothing_is_shown_of_a_page_without_claims() -> None:
    empty: list[SentenceFindings] = []
    assert show_claims(rejudge(empty, DEFAULTS), [], empty, DEFAULTS, None, True) == []
