"""Two sentences side by side: which words differ, so that a page can mark them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from index.models import Difference

PIECES = re.compile(r"\w+(?:[.,'’\-/]\w+)*[%‰€$]?|[^\w\s]+|\s+")
MIN_SHARED = 0.34  # below this share of common words everything differs, and marking it all would show nothing
MAX_WORDS = 200  # of a sentence: the comparison takes the cube of it where words repeat
MAX_PHRASE = 200  # characters of a named difference that is looked for


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a sentence; `differs` is true where the other sentence has other words."""

    text: str
    differs: bool


def contrast(
    claim: str, statement: str, differences: Sequence[Difference] = ()
) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both sentences cut into runs whose texts joined are the sentence again.

    Words differ by a word-wise comparison that ignores case; where both share too little for that (another language, a
    loose paraphrase), only the words of the `differences` that were found are marked.
    """
    left, right = PIECES.findall(claim), PIECES.findall(statement)
    marked_left, marked_right = _different_words(left, right)
    marked_left |= _named(left, [difference.claim for difference in differences])
    marked_right |= _named(right, [difference.statement for difference in differences])
    return _runs(left, marked_left), _runs(right, marked_right)


def _different_words(left: Sequence[str], right: Sequence[str]) -> tuple[set[int], set[int]]:
    places_left = [place for place, piece in enumerate(left) if _is_word(piece)]
    places_right = [place for place, piece in enumerate(right) if _is_word(piece)]
    if max(len(places_left), len(places_right)) > MAX_WORDS:
        return set(), set()
    matcher = SequenceMatcher(
        None,
        [left[place].casefold() for place in places_left],
        [right[place].casefold() for place in places_right],
        autojunk=False,
    )
    if matcher.ratio() < MIN_SHARED:
        return set(), set()
    marked_left, marked_right = set(places_left), set(places_right)
    for block in matcher.get_matching_blocks():
        marked_left -= set(places_left[block.a : block.a + block.size])
        marked_right -= set(places_right[block.b : block.b + block.size])
    return marked_left, marked_right


def _named(pieces: Sequence[str], phrases: Sequence[str]) -> set[int]:
    """The places of words that a named difference quotes."""
    text = "".join(pieces)
    quoted = bytearray(len(text))
    for phrase in {phrase.strip() for phrase in phrases}:
        if 0 < len(phrase) <= MAX_PHRASE:
            for found in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.IGNORECASE):
                quoted[found.start() : found.end()] = b"\1" * len(found[0])
    marked, start = set(), 0
    for place, piece in enumerate(pieces):
        end = start + len(piece)
        if _is_word(piece) and quoted.find(1, start, end) >= 0:
            marked.add(place)
        start = end
    return marked


def _runs(pieces: Sequence[str], marked: set[int]) -> tuple[Run, ...]:
    """Neighbouring pieces joined; the space between two marked words is marked with them."""

    def differs(place: int) -> bool:
        between = pieces[place].isspace() and place - 1 in marked and place + 1 in marked
        return place in marked or between

    runs = groupby(range(len(pieces)), differs)
    return tuple(Run("".join(pieces[place] for place in places), which) for which, places in runs)


def _is_word(piece: str) -> bool:
    return piece[0].isalnum() or piece[0] == "_"
