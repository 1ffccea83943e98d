"""Claims that were asked about and that nobody verified, put together where they say the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# Similarity from which two sentences may say the same nearly word for word: as `same_statement` of the search, by the
# same model. A choice; their words must be nearly the same as well (negatives.py), so that no number or name differs.
SAME_CLAIM = 0.97
# Callers, or pages that the service itself fetched, that must have had just these words before anybody sees them. What
# one person handed over, however often, is no matter of others.
MIN_APART = 2


class AskedState(StrEnum):
    """Whether somebody put a cluster aside."""

    OPEN = "open"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class AskedClaim:
    """A cluster of claims: words that several had, and how many checks had them or nearly the same.

    `callers` are keys, all that call without one counted as one; `pages` those that the service fetched.
    """

    id: str
    claim: str
    language: str | None
    checks: int
    callers: int
    pages: int
    asked_on: date  # by the newest check
    state: AskedState


@dataclass(frozen=True, slots=True)
class AskedPage:
    """Some clusters, those that most checks had first; `next_cursor` asks for more."""

    claims: tuple[AskedClaim, ...]
    next_cursor: str | None


def wording_of(text: str) -> str:
    """Names the words of a sentence, case and spaces folded, by a digest."""
    return hashlib.sha256(" ".join(text.casefold().split()).encode("utf-8", "replace")).hexdigest()[:32]
