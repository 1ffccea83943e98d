"""Why a result would be another, from what was found then and what is found now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.models import NormalizedRating, Stance
from service.findings import Finding, Mode, SentenceFindings
from service.flips import Reason, ReasonCode
from service.pipeline.reasons import MOST_REASONS, reasons_of
from service.pipeline.revising import FoundNow
from service.pipeline.verdict import rejudge
from service.thresholds import DEFAULTS

FOUND = Finding(7, "a", NormalizedRating.FALSE, "x", 0.9, 0.8, Stance.SUPPORTS, 0.9, Mode.ASSERTED)
WEAK, OTHER = replace(FOUND, confidence=0.6), replace(FOUND, statement_key=8, statement_id="b")


def sentence(*found: Finding) -> list[SentenceFindings]:
    return [SentenceFindings(0, 9, 0.9, True, Mode.ASSERTED, 12, False, True, found, 0)]


def reasons(then: tuple[Finding, ...], now: tuple[Finding, ...], known=(7, 8), ruled_out=()) -> tuple[Reason, ...]:
    before, after = rejudge(sentence(*then), DEFAULTS), rejudge(sentence(*now), DEFAULTS)
    found = FoundNow(tuple(sentence(*now)), frozenset(ruled_out))
    return reasons_of(before, after, sentence(*then), found, known)


@pytest.mark.parametrize(
    ("then", "now", "code"),
    [
        ((), (FOUND,), ReasonCode.NEWLY_FOUND),
        ((WEAK,), (FOUND,), ReasonCode.MATCH_CHANGED),
        ((FOUND,), (WEAK,), ReasonCode.MATCH_CHANGED),
        ((FOUND,), (), ReasonCode.MATCH_CHANGED),
        ((FOUND,), (replace(FOUND, stance=Stance.REFUTES),), ReasonCode.MATCH_CHANGED),
        ((FOUND,), (replace(FOUND, rating=NormalizedRating.TRUE),), ReasonCode.RATING_CHANGED),
    ],
)
def test_each_reason_names_its_statement(then, now, code: ReasonCode) -> None:
    assert reasons(then, now) == (Reason(code, "a"),)


def test_what_was_deleted_and_what_was_ruled_out_is_told_apart_from_what_is_no_longer_near() -> None:
    assert reasons((FOUND,), (), known=()) == (Reason(ReasonCode.STATEMENT_GONE, "a"),)
    assert reasons((FOUND,), (), ruled_out=[(0, 7)]) == (Reason(ReasonCode.RULED_OUT, "a"),)


def test_the_same_evidence_leaves_only_the_policy() -> None:
    assert reasons((FOUND,), (FOUND,)) == (Reason(ReasonCode.POLICY),)


def test_several_are_named_but_not_more_than_people_read() -> None:
    assert [each.statement for each in reasons((FOUND,), (OTHER,))] == ["a", "b"]
    many = tuple(replace(FOUND, statement_key=key, statement_id=str(key)) for key in range(9, 9 + MOST_REASONS))
    assert len(reasons((FOUND,), many)) == MOST_REASONS
