"""What is said when, as one text, and where in it each piece stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from service.pipeline.timed.formats import Spoken
from service.timed import Cue

PAUSE_SECONDS = 3.0  # after which a new paragraph begins
ENDS = re.compile(r"[.!?…][\"“”»«')\]]*(?=\s|$)")
# Recognised speech has no full stops: then a pause ends a sentence, or so many words do. Choices: a sentence that is
# spoken has some 15 words, and whoever breathes between two is silent for about half a second.
WORDS_A_STOP = 40
BREATH_SECONDS = 0.7
MOST_WORDS = 20


def written_down(spoken: Sequence[Spoken]) -> tuple[str, tuple[Cue, ...]]:
    """The text and its cues."""
    unstopped = has_no_stops(spoken)
    pieces: list[str] = []
    cues: list[Cue] = []
    length = words = 0
    for before, one in pairwise([None, *spoken]):
        if one is None:
            continue
        gap = gap_of(before, one) if before else 0.0
        ends = unstopped and (gap >= BREATH_SECONDS or words + len(one.text.split()) > MOST_WORDS)
        new = one.turns or gap >= PAUSE_SECONDS or ends
        between = "" if before is None else "\n\n" if new else " "
        words = len(one.text.split()) + (0 if new else words)
        start = length + len(between)
        length = start + len(one.text)
        pieces += [between, one.text]
        cues.append(Cue(start, length, round(one.seconds, 3)))
    return "".join(pieces), tuple(cues)


def gap_of(before: Spoken, one: Spoken) -> float:
    """The silence between two pieces, in seconds; none where nobody says when the first one ends."""
    return one.seconds - before.end if before.end is not None else 0.0


def has_no_stops(spoken: Sequence[Spoken]) -> bool:
    """Whether what is said was written down without full stops."""
    text = " ".join(one.text for one in spoken)
    return len(text.split()) > WORDS_A_STOP * (1 + len(ENDS.findall(text)))
