"""Two sides of a comparison that changed places: "imports more than it exports" beside "exports more than it imports".

Such texts consist of the same words, so they look like one claim. Where it is unsure, nothing was swapped: in German
the sides may stand in any order ("Gegen Bayern gewann der Verein").
"""

from __future__ import annotations

import re

from index.pairs.memory import remembered
from index.pairs.words import MAX_READ, content_words

PIVOT = re.compile(r"\b(?:than|als|gegen|against|beats?|defeat(?:s|ed)|überhol(?:t|te|ten)|schlägt|schlug)\b", re.I)


@remembered
def sides_swapped(claim: str, statement: str) -> bool:
    """Whether what stands before the turning point of one text stands behind that of the other, and the reverse."""
    here, there = _sides(claim[:MAX_READ]), _sides(statement[:MAX_READ])
    if here is None or there is None or here[0] != there[0]:
        return False
    (_, before, behind), (_, their_before, their_behind) = here, there
    mine, theirs = behind - before, their_behind - their_before
    changed = bool(mine and theirs) and mine != theirs and mine <= their_before and theirs <= before
    return changed and before - theirs == their_before - mine  # "shorter than" beside "longer than" says the same


def _sides(text: str) -> tuple[str, frozenset[str], frozenset[str]] | None:
    """The turning point of a text with the content words before and behind it; None where there is not just one."""
    points = list(PIVOT.finditer(text))
    if len(points) != 1:
        return None
    (point,) = points
    return point[0].lower(), content_words(text[: point.start()]), content_words(text[point.end() :])
