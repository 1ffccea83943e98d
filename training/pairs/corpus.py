"""The pair corpus: families of texts around one statement, read from disk and turned into labelled pairs.

A family (one JSON object a line in families/*.jsonl) has a `statement` in one or two languages and about twelve
`texts`, each with a `kind`, a `language` and a `label`. README.md beside this file is the datasheet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

FAMILIES = Path(__file__).parent / "families"

Row = TypeVar("Row")

FIRST_FAMILIES = ("l1", "w1")  # how the ids of the first 165 begin

LABELS = ("asserted", "denied", "reported", "different")
LABEL_OF_KIND = {
    "paraphrase": "asserted",
    "news": "asserted",
    "post": "asserted",
    "translation": "asserted",
    "rescoped": "asserted",
    "negation": "denied",
    "denial": "denied",
    "attribution": "reported",
    "quote_debunk": "reported",
    "question": "reported",
    "number": "different",
    "date": "different",
    "name": "different",
    "near_miss": "different",
    "unrelated": "different",
}


class Part(StrEnum):
    """What a row of the corpus is for; the hash of its name alone decides, so that new rows move no old ones."""

    CHOOSE = "choose"  # among epochs
    CALIBRATE = "calibrate"
    JUDGE = "judge"  # nothing was fitted to it, and nothing is chosen by it
    LEARN = "learn"


ENDS = {
    Part.CHOOSE: 0.03,
    Part.CALIBRATE: 0.09,
    Part.JUDGE: 0.15,
}  # shares of all hashes; what lies beyond is learned from


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a family."""

    kind: str
    language: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Family:
    """A statement (by language) and the texts written around it."""

    id: str
    topic: str
    statement: dict[str, str]
    texts: tuple[Text, ...]

    @property
    def part(self) -> Part:
        """By its id."""
        return part_of(self.id)


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A claim, a statement, and what the claim does with it; `kind` says how the claim was made."""

    claim: str
    statement: str
    label: str
    kind: str
    claim_language: str
    statement_language: str
    family: str


def read_families(folder: Path = FAMILIES) -> list[Family]:
    """All families, in the order of the files. Raises ValueError naming file and line where one is malformed."""
    return read_rows(folder, _family)


def read_rows(folder: Path, make: Callable[[dict[str, Any]], Row]) -> list[Row]:
    """What `make` makes of every line of a folder's files. Raises ValueError naming file and line where it cannot."""
    rows = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                try:
                    rows.append(make(json.loads(line)))
                except (AttributeError, KeyError, TypeError, ValueError) as error:
                    raise ValueError(f"{path.name}:{number}: {error!r}") from None
    return rows


def _family(row: dict[str, Any]) -> Family:
    texts = tuple(Text(t["kind"], t["language"], t["label"], t["text"]) for t in row["texts"])
    for text in texts:
        if LABEL_OF_KIND[text.kind] != text.label:
            raise ValueError(f"{row['id']}: a text of kind {text.kind} is labelled {text.label}")
    return Family(row["id"], row["topic"], dict(row["statement"]), texts)


def digest(folder: Path = FAMILIES, files: str = "*.jsonl") -> str:
    """SHA-256 over the corpus files, so that a model can name the data that made it."""
    state = hashlib.sha256()
    for path in sorted(folder.glob(files)):
        state.update(path.read_bytes())
    return state.hexdigest()


def families_of(*parts: Part) -> list[Family]:
    """The families of some parts, in the order of the files."""
    return [family for family in read_families() if family.part in parts]


def part_of(name: str, ends: Mapping[Part, float] = ENDS) -> Part:
    """The part that a name falls into."""
    place = place_of(name)
    return next((part for part, end in ends.items() if place < end), Part.LEARN)


def place_of(name: str) -> float:
    """Where a name stands between 0 and 1, by its hash alone."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF


def family_pairs(family: Family) -> Iterator[LabelledPair]:
    """Every text of a family against its statement in each language."""
    for text in family.texts:
        for language, statement in family.statement.items():
            yield LabelledPair(text.text, statement, text.label, text.kind, text.language, language, family.id)
