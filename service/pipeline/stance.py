"""Matches to evidence: where a claim stands towards each statement, and which matches may count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.models import Match
from index.pairs.dates import find_dates
from index.pairs.names import find_names
from index.pairs.quantities import find_quantities
from index.pairs.rules import OTHER_CLAIM
from index.pairs.words import content_words
from index.retrieval.search import searched_claim
from service.models import JudgedMatch, ScoredSentence, Shortfall

MAX_EVIDENCE = 5
MAX_CANDIDATES = 3
MIN_CANDIDATE_CONFIDENCE = 0.05

# Few words resemble many statements. On a page a short sentence only suggests. Where it is all that was handed over,
# it counts if it is surely the statement itself: nearly certain, most words shared, no number, date or name left out.
SHORT_WORDS = 8
MIN_SHORT_CONFIDENCE = 0.95
MIN_SHORT_SHARED = 0.5
STEM = 4  # letters: short words are compared, and their endings begin early


def divide_matches(
    claim: ScoredSentence, matches: Sequence[Match], alone: bool = False
) -> tuple[tuple[JudgedMatch, ...], tuple[JudgedMatch, ...]]:
    """The evidence for a claim and the candidates that fell short, each surest first.

    `alone`: the claim is, or is the best of, a short text that somebody handed over, rather than part of a page.
    """
    counted, short = [], []
    for match in sorted(matches, key=lambda match: -match.confidence):
        judged = match.judgement
        item = JudgedMatch(match, judged.stance, judged.stance_confidence, judged.differences)
        if match.is_match and may_count(claim, match, alone):
            counted.append(item)
        elif match.confidence >= MIN_CANDIDATE_CONFIDENCE:
            short.append(replace(item, shortfalls=shortfalls(claim, match, alone)))
    return tuple(counted[:MAX_EVIDENCE]), tuple(short[:MAX_CANDIDATES])


def may_count(claim: ScoredSentence, match: Match, alone: bool) -> bool:
    """Whether a match may be evidence; that of few words may mostly only suggest."""
    searched = max(claim.sentence.text, claim.query or "", key=len)
    return len(searched.split()) >= SHORT_WORDS or (alone and is_surely(claim.query or searched, match))


def is_surely(text: str, match: Match) -> bool:
    """Whether a few words are the statement itself, rather than a part of it or something like it."""
    statement = searched_claim(match.statement)
    mine, theirs = stems(text), stems(statement)
    shared = len(mine & theirs) >= MIN_SHORT_SHARED * max(len(mine), len(theirs), 1)
    return match.confidence >= MIN_SHORT_CONFIDENCE and shared and not leaves_out(text, statement)


def stems(text: str) -> frozenset[str]:
    """The first letters of a text's content words."""
    return frozenset(word[:STEM] for word in content_words(text))


def leaves_out(text: str, statement: str) -> bool:
    """Whether a statement names numbers, dates or names, of which the text has fewer."""
    return any(len(found(text)) < len(found(statement)) for found in (find_quantities, find_dates, find_names))


def shortfalls(claim: ScoredSentence, match: Match, alone: bool) -> tuple[Shortfall, ...]:
    """Why a match that is no evidence is none."""
    kinds = {difference.kind for difference in match.judgement.differences}
    reasons = {
        Shortfall.CONFIDENCE: not match.is_match,
        Shortfall.SHORT: not may_count(claim, match, alone),
        Shortfall.DIFFERENCE: bool(kinds & OTHER_CLAIM),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def suggestions(candidates: Sequence[JudgedMatch]) -> list[JudgedMatch]:
    """The candidates that may be meant: none that says something else of another number, date or name."""
    return [item for item in candidates if Shortfall.DIFFERENCE not in item.shortfalls]
