"""What of a pair is read: equal amounts in the same words, and no denials that the model would lose count of."""

from __future__ import annotations

from dataclasses import dataclass

from index.models import DifferenceKind
from index.pairs.amounts import amounts_differ
from index.pairs.denials import loses_count, what_is_denied
from index.pairs.differences import NEGATION, find_differences
from index.pairs.memory import remembered
from index.pairs.opposites import says_the_opposite
from index.pairs.quantities import find_quantities
from index.pairs.swapped import sides_swapped
from index.pairs.words import MAX_READ, STEM, WORD, content_words

# Part of the name of each model that reads pairs: raised whenever a pair comes before it in other words, or other
# differences are seen in it, for what was sure of one reading is not comparable with what is sure of the next.
# tests/index/pairs/readings.json tells when; scripts/note_readings.py writes it.
READING = 3
MIN_STEM = 3  # letters that two forms of a word have in common at least: "ban", "bans"
# Where one side alone negates, less is no support. A choice: it is harmful to call true what is rated false, and a
# match that stays open is still shown.
SURELY = 0.6
MIN_WORDS = 2  # that say something: fewer are the same by chance


@dataclass(frozen=True, slots=True)
class PlainPair:
    """A claim and a statement as they are read; `turned`: one of them without a denial, so that the stance turns."""

    claim: str
    statement: str
    turned: bool = False


def plain_pair(claim: str, statement: str) -> PlainPair:
    """A pair as it is read. Texts that are too long to be compared stay as they are."""
    if max(len(claim), len(statement)) > MAX_READ:
        return PlainPair(claim, statement)
    turned = False
    if loses_count(claim, statement):
        here, there = what_is_denied(claim), what_is_denied(statement)
        claim, statement, turned = here.text, there.text, (here.times + there.times) % 2 == 1
    return PlainPair(amounts_as_in(statement, claim), statement, turned)


def amounts_as_in(statement: str, claim: str) -> str:
    """A claim whose amounts are in the statement's words where both are the same: "three quarters" as "75 percent"."""
    theirs = find_quantities(statement)
    for mine in find_quantities(claim) if theirs else ():
        same = next((each for each in theirs if each.unit == mine.unit and each.agrees(mine)), None)
        if same and same.words.lower() != mine.words.lower():
            claim = replaced(claim, mine.words, same.words)
    return claim


def replaced(text: str, words: str, others: str) -> str:
    """A text with other words where some first stand as words of their own."""
    place = text.find(words)
    while place >= 0:
        before, after = text[:place], text[place + len(words) :]
        if not (before[-1:].isalnum() or after[:1].isalnum()):
            return before + others + after
        place = text.find(words, place + 1)
    return text


def settle_stance(pair: PlainPair, supports: float, refutes: float) -> tuple[float, float]:
    """Supports and refutes of the given pair, from what the model says of the plain one.

    Where both sides consist of the same words, one negation more turns the sentence round, and without one and without
    any difference nothing is refuted: the model is not always sure of that. What says the opposite in words of its own
    ("still counts" beside "is invalid") supports nothing; whether it refutes stays open. Of another amount nothing is
    supported, and whoever denies another amount refutes nothing.
    """
    if same_words(pair.claim, pair.statement):
        kinds = {difference.kind for difference in find_differences(pair.claim, pair.statement)}
        kinds.discard(DifferenceKind.ATTRIBUTION)
        if kinds == {DifferenceKind.NEGATION} and supports > refutes:
            supports, refutes = refutes, supports
        elif not kinds and refutes > supports and in_same_order(pair.claim, pair.statement):
            refutes = 0.0
    if not pair.turned and supports > refutes and is_other(pair, supports):
        supports = 0.0
    if amounts_differ(pair.claim, pair.statement):
        supports, refutes = 0.0, 0.0 if pair.turned else refutes
    return (refutes, supports) if pair.turned else (supports, refutes)


def is_other(pair: PlainPair, supports: float) -> bool:
    """Whether a pair that is taken for one claim is two: opposites, swapped sides, or perhaps a denial."""
    if says_the_opposite(pair.claim, pair.statement) or sides_swapped(pair.claim, pair.statement):
        return True
    negated = any(each.kind is DifferenceKind.NEGATION for each in find_differences(pair.claim, pair.statement))
    return negated and supports < SURELY


def same_words(claim: str, statement: str) -> bool:
    """Whether two texts consist of the same words, whatever their forms and negations."""
    here, there = _words_said(claim[:MAX_READ]), _words_said(statement[:MAX_READ])
    return min(len(here), len(there)) >= MIN_WORDS and all(
        any(same_stem(word, other) for other in others)
        for words, others in ((here, there), (there, here))
        for word in words
    )


def in_same_order(claim: str, statement: str) -> bool:
    """Whether the words of two texts come in the same order: what changes places changes what is said."""
    here, there = (WORD.findall(text[:MAX_READ].lower()) for text in (claim, statement))
    return len(here) == len(there) and all(
        same_stem(word[:STEM], other[:STEM]) for word, other in zip(here, there, strict=True)
    )


def same_stem(word: str, other: str) -> bool:
    """Whether two stems are the same, or one is the beginning of the other."""
    shorter, longer = sorted((word, other), key=len)
    return shorter == longer or (len(shorter) >= MIN_STEM and longer.startswith(shorter))


@remembered
def _words_said(text: str) -> frozenset[str]:
    return content_words(NEGATION.sub(" ", text))
