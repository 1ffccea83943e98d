"""Claims to matches: one search for all claims of a page."""

from __future__ import annotations

from collections.abc import Sequence

from index.models import Match
from index.search import StatementIndex
from service.models import Claim

CANDIDATES = 8  # statements asked for a claim: more never matched, and each pair costs reading


def find_evidence(index: StatementIndex, claims: Sequence[Claim]) -> list[list[Match]]:
    """The nearest statements of each claim, best first. Raises StoreUnavailable."""
    return index.search([searched_text(claim) for claim in claims], limit=CANDIDATES)


def searched_text(claim: Claim) -> str:
    """What is searched for a claim."""
    return claim.query or claim.sentence.text
