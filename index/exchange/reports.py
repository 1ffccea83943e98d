"""What an import says: how many reviews it took, and what is wrong with the others, bounded however long a file is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MAX_NOTES = 10_000  # rejections that are named, and warnings


@dataclass(frozen=True, slots=True)
class Note:
    """What is wrong with one review; `line` is its line, or its place (from 1) in a list."""

    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. Of very many rejections and warnings the first are named, the `further` ones only counted."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: tuple[Note, ...] = ()
    warnings: tuple[Note, ...] = ()
    further_rejected: int = 0
    further_warnings: int = 0
    kept: int = 0  # as a person wrote them

    @property
    def total(self) -> int:
        """How many reviews were read."""
        return self.added + self.updated + self.unchanged + self.kept + self.rejected_count

    @property
    def rejected_count(self) -> int:
        """How many reviews were not taken."""
        return len(self.rejected) + self.further_rejected

    @property
    def warnings_count(self) -> int:
        """How many warnings there are."""
        return len(self.warnings) + self.further_warnings


class Notes:
    """The first MAX_NOTES notes, and how many further ones there were: a file may be wrong in each of its lines."""

    def __init__(self) -> None:
        self.kept: list[Note] = []
        self.further = 0

    @property
    def count(self) -> int:
        """How many there were in all."""
        return len(self.kept) + self.further

    def add(self, notes: Iterable[Note]) -> None:
        """Keep or count them."""
        for note in notes:
            if len(self.kept) < MAX_NOTES:
                self.kept.append(note)
            else:
                self.further += 1
