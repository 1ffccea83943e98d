"""Premises with hypotheses that follow from them, clash with them, or do neither. Read from premises/.

They teach the stance alone, on texts of all kinds: whether a premise supports a hypothesis says nothing of whether both
make the same claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.pairs.corpus import Part, part_of, read_rows
from training.pairs.examples import NO_TARGET, STANCES, Example

PREMISES = Path(__file__).parent / "premises"


@dataclass(frozen=True, slots=True)
class Premise:
    """A text, and hypotheses each with its stance: supports, refutes or neutral."""

    language: str
    text: str
    hypotheses: tuple[tuple[str, str], ...]

    @property
    def part(self) -> Part:
        """By its text."""
        return part_of(self.text)


def read_premises(part: Part, folder: Path = PREMISES) -> list[Premise]:
    """The premises of a part. Raises ValueError naming file and line where one is malformed."""
    return [premise for premise in read_rows(folder, _premise) if premise.part is part]


def _premise(row: dict[str, Any]) -> Premise:
    hypotheses = tuple((stance, text) for stance, texts in row["hypotheses"].items() for text in texts)
    if not {stance for stance, _ in hypotheses} <= set(STANCES):
        raise ValueError(f"a hypothesis has another stance than {', '.join(STANCES)}")
    return Premise(str(row["language"]), _text(row["premise"]), hypotheses)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a premise is a text")
    return value


def premise_examples(premises: Sequence[Premise]) -> list[Example]:
    """Every hypothesis beside its premise."""
    return [
        Example(premise.text, text, NO_TARGET, STANCES.index(stance), "premise", premise.language, premise.text)
        for premise in premises
        for stance, text in premise.hypotheses
    ]
