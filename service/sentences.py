"""A text's sentences: where each stands, and a list of them that makes each when it is asked for."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article: `article.text[start:end] == text`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentences(Sequence[Sentence]):
    """The sentences of a text in order, each made when it is asked for: a long text has hundreds of thousands.

    `bounds` holds the start and the end of each.
    """

    text: str
    bounds: array[int]

    def __len__(self) -> int:
        return len(self.bounds) // 2

    @overload
    def __getitem__(self, place: int) -> Sentence: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Sentence, ...]: ...

    def __getitem__(self, place: int | slice) -> Sentence | tuple[Sentence, ...]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(len(self))[place])
        start, end = self.bounds[2 * range(len(self))[place]], self.bounds[2 * range(len(self))[place] + 1]
        return Sentence(self.text[start:end], start, end)

    def length(self, place: int) -> int:
        """How many characters the sentence at a place (from 0) has."""
        return self.bounds[2 * place + 1] - self.bounds[2 * place]
