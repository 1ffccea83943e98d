"""Few words resemble many statements: decides whether a short text is surely a statement itself."""

from __future__ import annotations

from index.models import Match
from index.pairs.dates import find_dates
from index.pairs.names import find_names
from index.pairs.quantities import find_quantities
from index.pairs.words import content_words
from index.retrieval.search import searched_claim
from service.thresholds import SHORT, ShortThresholds


def is_surely(text: str, match: Match, short: ShortThresholds = SHORT) -> bool:
    """Whether a few words are the statement itself, rather than a part of it or something like it."""
    statement = searched_claim(match.statement)
    shared = share_of_words(text, statement, short)
    return is_sure(match.confidence, shared, short) and not leaves_out(text, statement)


def is_sure(confidence: float, shared: float, short: ShortThresholds) -> bool:
    """Whether a few words match nearly certainly, and share most words."""
    return confidence >= short.min_confidence and shared >= short.min_shared


def share_of_words(text: str, statement: str, short: ShortThresholds) -> float:
    """The share of the longer side's content words that the other has too, by their first letters."""
    mine, theirs = (frozenset(word[: short.stem] for word in content_words(each)) for each in (text, statement))
    return len(mine & theirs) / max(len(mine), len(theirs), 1)


def leaves_out(text: str, statement: str) -> bool:
    """Whether a statement names numbers, dates or names, of which the text has fewer."""
    return any(len(found(text)) < len(found(statement)) for found in (find_quantities, find_dates, find_names))
