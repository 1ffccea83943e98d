"""Training examples from the families: their own pairs, pairs between their texts, and statements that search confuses.

Two targets a pair: what the claim does with the statement (a label), and the stance that follows. NO_TARGET where a
pair teaches nothing about one of them.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.retrieval.queries import clean_query
from training.pairs.corpus import LABELS, Family, Text
from training.pairs.light import denied, lightly_changed, reported, without_its_time
from training.pairs.reordered import names_in, said_in_another_order, with_names_swapped

STANCES = ("supports", "refutes", "neutral")
NO_TARGET = -100

_REFUTING = {"number", "date"}  # another number or date cannot be true beside the statement's own
_UNCLEAR = {"quote_debunk", "question", "name"}  # whether these entail or contradict is a matter of taste
_STANCE_OF_LABEL = {"asserted": "supports", "reported": "supports", "denied": "refutes", "different": "neutral"}
_STANCE_OF_NLI = {"entailment": "supports", "contradiction": "refutes", "neutral": "neutral"}

_PLAIN = {"paraphrase", "news", "translation", "post", "rescoped"}
POSTED = _PLAIN | {"negation", "denial", "attribution", "near_miss"}
TWIN = 0.91  # a foreign statement as near as this to a family's own may well make its claim
_HARD_NEGATIVES = 1
_LIGHT = 0.2  # share of the texts that are also shown all but unchanged
_NEAR_PREMISE = 2  # which of the nearest foreign premises: the very nearest may well decide too

_FRAMES = {
    "de": (
        "Behauptung: {}", "Ein Video zeige: {}", "Dieses Foto zeigt: {}", "In sozialen Netzwerken heißt es: „{}“",
        "Auf Facebook wird behauptet: {}", "Angeblich gilt: {}", "Ein Beitrag belege: „{}“",
    ),
    "en": (
        "Claim: {}", "A video shows: {}", "This photo shows: {}", "Posts on social media say: “{}”",
        "It is claimed on Facebook: {}", "Allegedly: {}", "A post proves: “{}”",
    ),
}  # fmt: skip

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Example:
    """One pair with its targets, and where it comes from."""

    claim: str
    statement: str
    label: int
    stance: int
    kind: str
    language: str
    family: str


def own_examples(families: Sequence[Family], encode: Encode, seed: int) -> list[Example]:
    """Every example of the families; foreign statements are mined among `families` alone."""
    draw = random.Random(seed)  # noqa: S311 - reproducible, not secret
    examples = [each for family in families for each in _statement_pairs(family)]
    examples += [each for family in families for each in _text_pairs(family, draw)]
    examples += [each for family in families for each in _posted_pairs(family, draw)]
    examples += [each for family in families for each in _framed_pairs(family, draw)]
    examples += _reordered_pairs(families, draw)
    examples += [each for family in families for each in _light_pairs(family, draw)]
    return examples + list(_mined_pairs(families, encode))


def _statement_pairs(family: Family) -> Iterator[Example]:
    for text in family.texts:
        for statement in family.statement.values():
            yield _example(text, statement, text.label, text.kind, family)


def _text_pairs(family: Family, draw: random.Random) -> Iterator[Example]:
    """Texts against a paraphrase or a negation of the statement, so that statements that deny are seen too."""
    for text in family.texts:
        if text.label not in ("asserted", "denied"):
            continue
        for kinds, same in ((_PLAIN - {"post", "news"}, "asserted"), ({"negation"}, "denied")):
            others = [other for other in family.texts if other.kind in kinds and other is not text]
            if others:
                label = "asserted" if text.label == same else "denied"
                yield _example(text, draw.choice(others).text, label, f"{text.kind} to {same}", family)


def _posted_pairs(family: Family, draw: random.Random) -> Iterator[Example]:
    """Texts amid the chatter of a post, which changes nothing about what they claim."""
    for text in family.texts:
        if text.kind in POSTED:
            posted = amid_chatter(text, draw)
            yield _example(posted, draw.choice(list(family.statement.values())), text.label, text.kind, family)


def _framed_pairs(family: Family, draw: random.Random) -> Iterator[Example]:
    """Texts against a statement as fact-checkers often put it: as something that is said or shown."""
    for text in family.texts:
        if text.label != "reported":
            language, statement = draw.choice(list(family.statement.items()))
            frame = draw.choice(_FRAMES[language])
            yield _example(text, frame.format(statement), text.label, text.kind, family)


def _reordered_pairs(families: Sequence[Family], draw: random.Random) -> list[Example]:
    """Sentences against themselves with names swapped (another claim), or said in another order (the same)."""
    names = names_in([text.text for family in families for text in family.texts if text.language == "en"])
    examples = []
    for family in families:
        sentences = [text for text in family.texts if text.kind in _PLAIN - {"post"}]
        sentences += [Text("paraphrase", language, "asserted", own) for language, own in family.statement.items()]
        for sentence in sentences:
            swapped = with_names_swapped(sentence.text, names, draw)
            reordered = said_in_another_order(sentence.text)
            for changed, label, kind in ((swapped, "different", "name"), (reordered, "asserted", "paraphrase")):
                if changed is not None:
                    examples.append(_example(replace(sentence, text=changed), sentence.text, label, kind, family))
    return examples


def _light_pairs(family: Family, draw: random.Random) -> Iterator[Example]:
    """Sentences beside themselves, all but unchanged, denied or reported; other claims changed as little."""
    own = [Text("light", language, "asserted", statement) for language, statement in family.statement.items()]
    for text in (*own, *family.texts):
        language, beside = text.language, partial(_example, statement=text.text, kind="light", family=family)
        if text.kind == "light" or draw.random() < _LIGHT:
            yield beside(replace(text, text=lightly_changed(text.text, language, draw)), label="asserted")
        for says, label in ((denied, "denied"), (reported, "reported")):
            if text.kind == "light" or (text.kind in _PLAIN and draw.random() < _LIGHT):
                said = says(lightly_changed(text.text, language, draw), language, draw)
                yield beside(replace(text, text=said), label=label)
        if text.label == "different" and draw.random() < _LIGHT:
            statement = draw.choice(list(family.statement.values()))
            changed = replace(text, text=lightly_changed(text.text, language, draw))
            yield _example(changed, statement, "different", text.kind, family)
        shorter = without_its_time(text.text, language) if text.label == "asserted" else None
        if shorter is not None:
            first, second = draw.sample((shorter, text.text), 2)
            yield replace(_example(replace(text, text=first), second, "asserted", "light", family), stance=NO_TARGET)


def amid_chatter(text: Text, draw: random.Random) -> Text:
    """The text with one to three lines of small talk around it."""
    small_talk = draw.sample(_chatter()[text.language], 3)
    before, after = draw.choice([(0, 1), (1, 0), (1, 1), (0, 2), (2, 1)])
    parts = [*small_talk[:before], text.text, *small_talk[before : before + after]]
    return replace(text, text=" ".join(parts))


@cache
def _chatter() -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("chatter.tsv").read_text(encoding="utf-8").splitlines():
        language, text = line.split("\t")
        lines.setdefault(language, []).append(text)
    return lines


def _mined_pairs(families: Sequence[Family], encode: Encode) -> Iterator[Example]:
    """Each text with the foreign statements that lie nearest to it."""
    pool = [(statement, family.id) for family in families for statement in family.statement.values()]
    vectors = encode([statement for statement, _ in pool])
    owners = np.array([owner for _, owner in pool])
    for family in families:
        own = vectors[owners == family.id]
        allowed = (own @ vectors.T).max(axis=0) < TWIN
        similarities = encode([clean_query(text.text) for text in family.texts]) @ vectors.T
        for text, row in zip(family.texts, similarities, strict=True):
            nearest = np.argsort(-np.where(allowed, row, -1))[:_HARD_NEGATIVES]
            for place in nearest[allowed[nearest]]:
                yield _example(text, pool[place][0], "different", "mined", family)


def _example(text: Text, statement: str, label: str, kind: str, family: Family) -> Example:
    stance = "refutes" if kind in _REFUTING else _STANCE_OF_LABEL[label]
    target = NO_TARGET if kind in _UNCLEAR else STANCES.index(stance)
    return Example(clean_query(text.text), statement, LABELS.index(label), target, kind, text.language, family.id)


def stance_examples(paths: Sequence[Path], encode: Encode) -> list[Example]:
    """Examples from further data (JSON lines with premise, hypothesis, label), which teach the stance alone.

    The data may know no `neutral`: each hypothesis is shown once more beside a premise that is near, but not its own.
    """
    examples = []
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row["label"] in _STANCE_OF_NLI:
                    stance = STANCES.index(_STANCE_OF_NLI[row["label"]])
                    pair = (str(row["premise"]), str(row["hypothesis"]))
                    examples.append(Example(*pair, NO_TARGET, stance, path.name, str(row.get("lang") or "en"), ""))
    return examples + (list(_beside_other_premises(examples, encode)) if examples else [])


def _beside_other_premises(examples: Sequence[Example], encode: Encode) -> Iterator[Example]:
    premises = encode([each.claim for each in examples])
    hypotheses = encode([each.statement for each in examples])
    similarities = hypotheses @ premises.T
    similarities[premises @ premises.T >= TWIN] = -1
    neutral = STANCES.index("neutral")
    for each, row in zip(examples, similarities, strict=True):
        if (row > -1).sum() > _NEAR_PREMISE:
            other = examples[int(np.argsort(-row)[_NEAR_PREMISE])].claim
            yield replace(each, claim=other, stance=neutral)
