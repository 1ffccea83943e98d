"""Invisible characters: they neither split words nor hide them, whatever they were put there for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

# Soft hyphens, zero-width blanks, marks of direction, the byte order mark, tags. The two joiners shape letters in
# Arabic and Indic scripts and hold emoji together, so they are dropped between Latin letters alone.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]+|(?<=[A-Za-z\u00c0-\u024f])[\u200c\u200d]+(?=[A-Za-z\u00c0-\u024f])"
)


def visible_text(text: str) -> str:
    """A text without its invisible characters."""
    return INVISIBLE.sub("", text)


def places_of_visible(text: str) -> Callable[[int], int]:
    """Maps an offset into `visible_text(text)` to the offset of that character in `text`."""
    kept, dropped = [0], [0]
    for found in INVISIBLE.finditer(text):
        kept.append(found.start() - dropped[-1])
        dropped.append(dropped[-1] + len(found[0]))
    return lambda place: place + dropped[bisect_right(kept, place) - 1]


def places_in_visible(text: str) -> Callable[[int], int]:
    """Maps an offset into `text` to the offset of that place in `visible_text(text)`."""
    starts, ends, dropped = [0], [0], [0]
    for found in INVISIBLE.finditer(text):
        starts.append(found.start())
        ends.append(found.end())
        dropped.append(dropped[-1] + len(found[0]))

    def place_of(place: int) -> int:
        last = bisect_right(starts, place) - 1
        return place - dropped[last] if place >= ends[last] else starts[last] - dropped[last - 1]

    return place_of
