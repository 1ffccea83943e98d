"""Findings: what the search brought for the sentences of a check, as the rows that a verdict is concluded from.

Replay, correction and statistics read them; nothing of them has to be parsed out of what was shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from index.models import Difference, NormalizedRating, Stance

VECTOR = np.dtype("<f2")  # half the room of what was compared, and similarities differ in the fourth place


class Mode(StrEnum):
    """How a page puts a claim."""

    ASSERTED = "asserted"
    DENIED = "denied"
    REPORTED = "reported"
    QUOTED = "quoted"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement beside a sentence of a check, with all that tells whether it counts and for what."""

    statement_key: int
    statement_id: str
    rating: NormalizedRating  # both as they were when the check was made
    rating_words: str
    similarity: float
    confidence: float
    stance: Stance
    stance_confidence: float
    mode: Mode  # how the page puts the sentence, read beside this statement
    differences: tuple[Difference, ...] = ()
    around: bool = False  # it was found with the text around the sentence
    # Measured of few words that were handed over alone: the share of words that are the statement's too, and whether
    # the statement names numbers, dates or names that they leave out.
    shared: float = 0.0
    omits: bool = False
    own: bool = False  # a statement of this house: it comes first where it decides as others do


@dataclass(frozen=True, slots=True)
class SentenceFindings:
    """A sentence of a check that was searched, or would have been with more budget, and what was found for it.

    Where a page has none, its most check-worthy sentence stands for it, with `searched` false.
    """

    start: int
    end: int
    checkworthiness: float
    is_claim: bool  # by its check-worthiness alone
    mode: Mode
    words: int  # of the longest text that it was searched with
    alone: bool  # it is part of a short text that somebody handed over
    searched: bool
    findings: tuple[Finding, ...] = ()
    claim: int | None = None  # its place among the claims that are shown
    vector: bytes = b""  # of the text searched first, by the check's embedder: 16-bit floats, little-endian
    farthest: float = 0.0  # similarity of the farthest statement that was proposed for that text; 0: all were
