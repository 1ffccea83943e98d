"""The budget of a check: how much of a text is looked at, and which of its sentences those are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from service.pipeline.sentences import Sentences
from service.thresholds import BUDGET, BudgetThresholds

MAX_LISTED = 5000  # sentences that are answered one by one, those beyond the budget weighed by their words alone


def choose_sentences(sentences: Sentences, budget: BudgetThresholds = BUDGET) -> list[int]:
    """The places of the sentences to look at, in order: all, or the first of a long text and the rest evenly."""
    everything = range(len(sentences))
    if fits(sentences, everything, budget):
        return list(everything)
    lead = leading(sentences, budget)
    rest = everything[len(lead) :]
    wanted = min(budget.max_sentences - len(lead), len(rest))
    while wanted > 0:
        chosen = [*lead, *(rest[number * len(rest) // wanted] for number in range(wanted))]
        if fits(sentences, chosen, budget):
            return chosen
        wanted = wanted * 9 // 10
    return lead


def fits(sentences: Sentences, places: Sequence[int], budget: BudgetThresholds) -> bool:
    """Whether so much can be looked at."""
    return len(places) <= budget.max_sentences and sum(map(sentences.length, places)) <= budget.max_characters


def leading(sentences: Sentences, budget: BudgetThresholds) -> list[int]:
    """The places at the beginning that have their share for certain; at least the first."""
    places = range(min(len(sentences), budget.max_sentences // budget.lead_share))
    most = budget.max_characters / budget.lead_share
    sizes = accumulate(map(sentences.length, places))
    return [place for place, size in zip(places, sizes, strict=True) if not place or size <= most]
