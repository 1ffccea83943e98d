"""The budget of a check: how much of a text is looked at, and which of its sentences those are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from service.models import Sentences

# A check of a megabyte, whatever it is made of, is to end within 10 s on two cores. Encoding is what takes the time: at
# worst (letters at random, in which each two are a token) .18 ms a character of processor time, so 7 s for so many. Of
# 181 real pages one has more (53,372 characters, 796 sentences), the next 20,477; half have 25 sentences.
MAX_SENTENCES = 600
MAX_CHARACTERS = 40_000
LEAD_SHARE = 6  # one part in so many goes to the beginning: headline, lead and what follows
MAX_LISTED = 5000  # sentences that are answered one by one, those beyond the budget weighed by their words alone


def choose_sentences(sentences: Sentences) -> list[int]:
    """The places of the sentences to look at, in order: all, or the first of a long text and the rest evenly."""
    everything = range(len(sentences))
    if fits(sentences, everything):
        return list(everything)
    lead = leading(sentences)
    rest = everything[len(lead) :]
    wanted = min(MAX_SENTENCES - len(lead), len(rest))
    while wanted > 0:
        chosen = [*lead, *(rest[number * len(rest) // wanted] for number in range(wanted))]
        if fits(sentences, chosen):
            return chosen
        wanted = wanted * 9 // 10
    return lead


def fits(sentences: Sentences, places: Sequence[int]) -> bool:
    """Whether so much can be looked at."""
    return len(places) <= MAX_SENTENCES and sum(map(sentences.length, places)) <= MAX_CHARACTERS


def leading(sentences: Sentences) -> list[int]:
    """The places at the beginning that have their share for certain; at least the first."""
    places = range(min(len(sentences), MAX_SENTENCES // LEAD_SHARE))
    sizes = accumulate(map(sentences.length, places))
    return [
        place for place, size in zip(places, sizes, strict=True) if not place or size <= MAX_CHARACTERS / LEAD_SHARE
    ]
