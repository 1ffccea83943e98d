"""Whether a long post denies what a statement says: where it does not say so itself, its stance stays open."""

from __future__ import annotations

from dataclasses import replace

from index.models import Stance
from index.pairs.differences import clauses_about, negations
from index.thresholds import DENIALS, DenialThresholds
from service.findings import Finding
from service.models import Sentence
from service.pipeline.cue_words import find_denial


def settle_denial(
    finding: Finding, sentence: Sentence, statement: str, post: str | None, thresholds: DenialThresholds = DENIALS
) -> Finding:
    """A finding for a sentence; its stance is open where a long `post` (None: a page) denies in no words of its own.

    The pair model sees denials in long posts that are none, and a post that spreads something false must not be called
    supported: who sees that a fact-check exists reads it.
    """
    if post is None or finding.stance is not Stance.REFUTES or len(post.split()) < thresholds.long_words:
        return finding
    around = post[max(0, sentence.start - thresholds.near_characters) : sentence.end + thresholds.near_characters]
    if turns_round(sentence.text, statement) or find_denial(around):
        return finding
    return replace(finding, stance=Stance.NEUTRAL)


def turns_round(text: str, statement: str) -> bool:
    """Whether a text negates what it has in common with a statement that negates nothing."""
    return bool(negations(clauses_about(text, statement))) and not negations(statement)
