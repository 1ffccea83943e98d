"""Decisions to the claims that are shown: each with its statements, the one that decides first, and with hints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from index.models import Match
from service.findings import Finding, SentenceFindings
from service.models import CheckedClaim, Considered, Hint, JudgedMatch, ScoredSentence, Shortfall
from service.pipeline.verdict import ClaimDecision, Decision, shortfalls
from service.thresholds import Thresholds


def show_claims(
    decision: Decision,
    considered: Sequence[Considered],
    findings: Sequence[SentenceFindings],
    thresholds: Thresholds,
    published: date | None = None,
    suggests: bool = False,
) -> list[CheckedClaim]:
    """The claims of a decision, in order. `published` is when the page was.

    `suggests`: of a few words that are surely no statement, those near are suggested.
    """
    shown = []
    for decided in decision.claims:
        each, found = considered[decided.place], findings[decided.place]
        claim, minimum = as_decided(each.claim, decided, found), decision.min_confidence
        matches = {(offer.match.statement.key, offer.around): offer.match for offer in each.offers or ()}
        evidence = tuple(judged(finding, matches, minimum) for finding in decided.evidence)
        candidates = tuple(
            judged(finding, matches, minimum, shortfalls(found, finding, minimum, thresholds.short))
            for finding in decided.candidates
        )
        if evidence and is_older(evidence[0], published, thresholds):
            claim = hinted(claim, Hint.OLDER_STATEMENT)
        shown.append(CheckedClaim(claim, decided.verdict, evidence, candidates, decided.compared))
    if not suggests or any(item.evidence for item in shown):
        return shown
    return [
        replace(item, claim=hinted(item.claim, Hint.SUGGESTION)) if suggestions(item.candidates, thresholds) else item
        for item in shown
    ]


def as_decided(claim: ScoredSentence, decided: ClaimDecision, found: SentenceFindings) -> ScoredSentence:
    """The sentence as the claim it is, however doubtful it was, put as it is beside its evidence."""
    if not found.searched:
        claim = hinted(claim, Hint.NOT_SEARCHED)
    if decided.mode is not claim.mode:
        claim = replace(claim, mode=decided.mode, cue=None)
    return replace(claim, is_claim=True)


def judged(
    finding: Finding, matches: Mapping[tuple[int, bool], Match], minimum: float, why: tuple[Shortfall, ...] = ()
) -> JudgedMatch:
    """A finding with the statement that it is of, and why it is no evidence."""
    match = replace(matches[finding.statement_key, finding.around], is_match=finding.confidence >= minimum)
    return JudgedMatch(match, finding.stance, finding.stance_confidence, finding.differences, why)


def hinted(claim: ScoredSentence, hint: Hint) -> ScoredSentence:
    """A claim with one more hint."""
    return replace(claim, hints=(*claim.hints, hint))


def is_older(item: JudgedMatch, published: date | None, thresholds: Thresholds) -> bool:
    """Whether a fact-check is so much older than the page that it may speak of another event."""
    rated, after = item.match.statement.date_published, timedelta(days=thresholds.claims.old_after_days)
    return rated is not None and published is not None and published - rated > after


def suggestions(candidates: Sequence[JudgedMatch], thresholds: Thresholds) -> list[JudgedMatch]:
    """The candidates that may be meant: none that is foreign, or says something of another number, date or name."""
    least = thresholds.short.min_suggested
    return [
        item for item in candidates if Shortfall.DIFFERENCE not in item.shortfalls and item.match.confidence >= least
    ]
