"""Matches to evidence: where a claim stands towards each statement, and which matches may count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.models import Match
from index.pairs.rules import OTHER_CLAIM
from index.pairs.words import content_words
from service.models import JudgedMatch, ScoredSentence, Shortfall

MAX_EVIDENCE = 5
MAX_CANDIDATES = 3
MIN_CANDIDATE_CONFIDENCE = 0.05

# Few words resemble many statements, so a short sentence counts only where it is surely the statement itself.
SHORT_WORDS = 8
MIN_SHORT_CONFIDENCE = 0.9
MIN_SHORT_CONTENT_WORDS = 3


def divide_matches(
    claim: ScoredSentence, matches: Sequence[Match]
) -> tuple[tuple[JudgedMatch, ...], tuple[JudgedMatch, ...]]:
    """The evidence for a claim and the candidates that fell short, each surest first."""
    counted, short = [], []
    for match in sorted(matches, key=lambda match: -match.confidence):
        judged = match.judgement
        item = JudgedMatch(match, judged.stance, judged.stance_confidence, judged.differences)
        if match.is_match and may_count(claim, match):
            counted.append(item)
        elif match.confidence >= MIN_CANDIDATE_CONFIDENCE:
            short.append(replace(item, shortfalls=shortfalls(claim, match)))
    return tuple(counted[:MAX_EVIDENCE]), tuple(short[:MAX_CANDIDATES])


def may_count(claim: ScoredSentence, match: Match) -> bool:
    """Whether a match may be evidence; that of a short sentence may mostly only suggest."""
    text = claim.query or claim.sentence.text
    if len(text.split()) >= SHORT_WORDS:
        return True
    return match.confidence >= MIN_SHORT_CONFIDENCE and len(content_words(text)) >= MIN_SHORT_CONTENT_WORDS


def shortfalls(claim: ScoredSentence, match: Match) -> tuple[Shortfall, ...]:
    """Why a match that is no evidence is none."""
    kinds = {difference.kind for difference in match.judgement.differences}
    reasons = {
        Shortfall.CONFIDENCE: not match.is_match,
        Shortfall.SHORT: not may_count(claim, match),
        Shortfall.DIFFERENCE: bool(kinds & OTHER_CLAIM),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)
