"""Pairs that a tiny network learns in a second."""

from __future__ import annotations

from training.pairs.corpus import LABELS
from training.pairs.examples import STANCES, Example

ASSERTED, DENIED, DIFFERENT = (LABELS.index(label) for label in ("asserted", "denied", "different"))
SUPPORTS, REFUTES, NEUTRAL = (STANCES.index(stance) for stance in ("supports", "refutes", "neutral"))
EXAMPLES = [
    example
    for animal in ("cat", "dog", "cow", "hen")
    for example in (
        Example(f"The {animal} sleeps.", "It sleeps.", ASSERTED, SUPPORTS, "paraphrase", "en", animal),
        Example(f"No, the {animal} never sleeps.", "It sleeps.", DENIED, REFUTES, "denial", "de", animal),
        Example("Bread costs five euros.", "It sleeps.", DIFFERENT, NEUTRAL, "unrelated", "en", animal),
    )
]
