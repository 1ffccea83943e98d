"""Whether two sentences name different amounts of the same: "three quarters" and "50 percent", "7 days" and "14 days".

Stricter than what is reported as a difference: of "more than half" and "60 percent" nobody can say that they differ.
Where several amounts of a kind meet, they differ only if none goes with another.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.models import DifferenceKind
from index.pairs.differences import clauses_about, find_differences
from index.pairs.quantities import Quantity, find_quantities
from index.pairs.words import MAX_READ, STEM

BEFORE = 30  # characters before an amount that may say that it is none exactly
ABOUT = 0.1  # of an amount: what "about" and "nearly" leave open. A choice.
ARTICLE = r"\s+(?:d(?:ie|er|en|as|em)\s+|the\s+|an?\s+)?$"
AT_LEAST = re.compile(
    r"\b(?:mehr als|über|mindestens|wenigstens|ab|more than|over|at least|above|no fewer than|no less than)" + ARTICLE,
    re.I,
)
AT_MOST = re.compile(
    r"\b(?:weniger als|unter|höchstens|maximal|bis zu|nicht mehr als|less than|fewer than|under|below|at most|up to|"
    r"no more than)" + ARTICLE,
    re.I,
)
ROUGHLY = re.compile(
    r"\b(?:rund|etwa|ungefähr|circa|ca\.|gut|knapp|fast|beinahe|annähernd|about|around|roughly|some|approximately|nearly|"
    r"almost|close to)" + ARTICLE,
    re.I,
)
OR_MORE = re.compile(r"\s*(?:oder|und|or|and)\s(?:mehr|more|over|darüber)\b", re.I)
OR_LESS = re.compile(r"\s*(?:oder|or)\s(?:weniger|less|fewer)\b", re.I)


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity with what its surroundings leave open: it lies between two values."""

    quantity: Quantity
    least: float
    most: float

    def agrees(self, other: Amount) -> bool:
        """Whether both may be the same amount."""
        overlap = self.least <= other.most and other.least <= self.most
        return overlap or self.quantity.agrees(other.quantity)


def amounts_differ(claim: str, statement: str) -> bool:
    """Whether of some kind both name as many amounts, and none of the one goes with any of the other.

    Then `find_differences` names a difference of numbers too.
    """
    if not any(difference.kind is DifferenceKind.NUMBER for difference in find_differences(claim, statement)):
        return False
    claim, statement = claim[:MAX_READ], statement[:MAX_READ]
    here, there = (amounts_of(clauses_about(text, other)) for text, other in ((claim, statement), (statement, claim)))
    return any(
        len(mine) == len(there[kind]) and not any(one.agrees(other) for one in mine for other in there[kind])
        for kind, mine in here.items()
        if kind in there
    )


def amounts_of(text: str) -> Mapping[str, list[Amount]]:
    """The amounts in a text by their kind: shares, money, or what is counted."""
    found: dict[str, list[Amount]] = {}
    for quantity in find_quantities(text):
        place = text.find(quantity.words)
        if place < 0:
            continue
        before, after = text[max(0, place - BEFORE) : place], text[place + len(quantity.words) :]
        kind = quantity.unit or counted_noun(after)
        if kind:
            found.setdefault(kind, []).append(Amount(quantity, *bounds(quantity.value, before, after)))
    return found


def bounds(value: float, before: str, after: str) -> tuple[float, float]:
    """Between which values an amount lies, by the words before and after it."""
    if AT_MOST.search(before) or OR_LESS.match(after):
        return -math.inf, value
    if AT_LEAST.search(before) or OR_MORE.match(after):
        return value, math.inf
    room = ABOUT * abs(value) if ROUGHLY.search(before) else 0.0
    return value - room, value + room


def counted_noun(after: str) -> str:
    """The beginning of the word that a number counts; "" where there is none."""
    noun = re.match(r"\s*+(?:-\s*+)?([^\W\d_]{3,})", after)
    return noun[1][:STEM].lower() if noun else ""
