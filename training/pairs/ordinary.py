"""Pairs that have nothing to do with each other: what a page is full of, beside the few claims that were fact-checked.

The sentences are those of training/sentences. Without such pairs a model that only knows families takes anything far
from them for the same claim.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from training.pairs.corpus import LABELS, Family, Part, Text, part_of
from training.pairs.examples import STANCES, TWIN, Encode, Example

SENTENCES = Path(__file__).parents[1] / "sentences"
RANDOM_STATEMENTS = 1  # a sentence, beside the nearest
TEXTS_OF_FAMILIES = 0.5  # share that is paired with a foreign statement by chance


def ordinary_sentences(*parts: Part) -> list[Text]:
    """The sentences of some parts, each by its text."""
    sentences = []
    for path in sorted(SENTENCES.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = line.split("\t")[2]
            if part_of(text) in parts:
                sentences.append(Text("ordinary", path.name[:2], "different", text))
    return sentences


def unrelated_examples(
    families: Sequence[Family], sentences: Sequence[Text], encode: Encode, seed: int
) -> Iterator[Example]:
    """Ordinary sentences beside the nearest statement and some others, and families' texts beside one of another."""
    draw = random.Random(seed)  # noqa: S311 - reproducible, not secret
    pool = [(statement, family.id) for family in families for statement in family.statement.values()]
    vectors = encode([statement for statement, _ in pool])
    texts = [(text, family.id) for family in families for text in family.texts if draw.random() < TEXTS_OF_FAMILIES]
    for near, some in ((True, [(sentence, "") for sentence in sentences]), (False, texts)):
        if not some:
            continue
        similarities = encode([text.text for text, _ in some]) @ vectors.T
        for (text, owner), row in zip(some, similarities, strict=True):
            allowed = [n for n in np.flatnonzero(row < TWIN).tolist() if pool[n][1] != owner]
            chosen = draw.sample(allowed, min(RANDOM_STATEMENTS if near else 1, len(allowed)))
            if near and allowed:
                chosen.append(max(allowed, key=lambda n: row[n]))
            for place in chosen:
                yield _different(text, pool[place][0], owner)


def _different(text: Text, statement: str, family: str) -> Example:
    stance = STANCES.index("neutral")
    return Example(text.text, statement, LABELS.index("different"), stance, "ordinary", text.language, family)
