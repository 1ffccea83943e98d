"""The seam of retrieval: an engine takes the store's changes and proposes statements for texts.

Two stand behind it: the embedded one (`embedded.py`), and Milvus. What they propose is fused and judged in `search.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.model.embedder import Vectors
from index.store.statements import Change, Checkpoint

StandsAt = Callable[[], Checkpoint]

DAMAGED = "The index is damaged; it is being built anew."
OTHER_STORE = "The index belongs to another database; it is built anew."


@dataclass(frozen=True, slots=True)
class Query:
    """A text to be looked up: its words, and the vectors of its windows, that of the whole text first."""

    text: str
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Nearest:
    """The statements nearest to one query by vectors or words, by key in ascending order.

    `similarities` has a row a window of the query; `words` are BM25 scores, comparable within one query only, 0 where
    no word is shared or others share more. `vectors` are the statements' own, one row a key.
    """

    keys: tuple[int, ...]
    similarities: Vectors
    words: NDArray[np.floating]
    vectors: Vectors


def places_of_windows(queries: Sequence[Query]) -> Iterator[slice]:
    """Where the windows of each query stand among those of all, one query after the other."""
    end = 0
    for query in queries:
        start, end = end, end + len(query.vectors)
        yield slice(start, end)


class View(Protocol):
    """What an engine holds at one time."""

    @property
    def checkpoint(self) -> Checkpoint:
        """The state of the store that it answers for."""

    @property
    def is_whole(self) -> bool:
        """Whether it ever held everything the store did; not while it is built from nothing."""

    @property
    def statements(self) -> int:
        """How many statements it holds."""

    def propose(self, queries: Sequence[Query], pool: int) -> list[Nearest]:
        """For each query the `pool` nearest of each window and as many by words. Raises IndexUnavailable."""

    def vectors(self, keys: Sequence[int]) -> Vectors:
        """The vectors of statements, one row a key, zeros where there is none. Raises IndexUnavailable."""


class Writer(Protocol):
    """The right to write to an engine, which one at a time has."""

    @property
    def store_id(self) -> str:
        """The store for which it writes: what is written is found for no other."""

    @property
    def sequence(self) -> int:
        """The store's changes up to this one were applied."""

    @property
    def is_whole(self) -> bool:
        """As View has it."""

    def apply(self, changes: Sequence[Change], vectors: Vectors, sequence: int, *, is_whole: bool) -> None:
        """Take over changes, all or none, and note that those up to `sequence` are in.

        `vectors` has a row a change with a statement, in their order. Applying again changes nothing.
        Raises IndexUnavailable.
        """

    def merge(self) -> None:
        """Put small pieces together where that is due; may take seconds. Raises IndexUnavailable."""


class Engine(Protocol):
    """Vectors and keywords by statement key, made from the store and made again from it at any time.

    `stands_at` asks the store for its state: after the engine's own was read, for others change both meanwhile.
    """

    def view(self, stands_at: StandsAt) -> View:
        """The newest there is for a store. Raises IndexUnavailable, saying why there is none."""

    def writing(
        self, stands_at: StandsAt, *, anew: bool = False, wait: bool = True
    ) -> AbstractContextManager[Writer | None]:
        """The right to write, waited for, or None where another has it and nobody waits.

        With `anew`, and where nothing can be built upon, writing begins from nothing and takes the place of what is
        there when it is whole. Raises IndexUnavailable.
        """

    def is_sound(self) -> bool:
        """Whether what is kept is still what was written; where it is not, whoever writes next begins from nothing."""

    def close(self) -> None:
        """Let go of what it holds open."""
