"""IndexBuilder: embeds what changed in the store and has an engine apply it, piece by piece."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from contextlib import suppress

import numpy as np

from index.errors import IndexUnavailable
from index.model.embedder import Embedder, Vectors
from index.models import Statement
from index.retrieval.engine import OTHER_STORE, Engine, Writer
from index.retrieval.search import searched_claim
from index.store.statements import Change, StatementStore

BATCH = 2000  # changes applied at a time, and found from then on
PIECE = 250  # statements embedded at a time, before somebody is asked whether to go on

Progress = Callable[[int, int], None]
GoOn = Callable[[], None]


def always() -> None:
    """Go on, whatever happens."""


class IndexBuilder:
    """Keeps an engine equal to a store."""

    def __init__(self, store: StatementStore, embedder: Embedder, engine: Engine, go_on: GoOn = always) -> None:
        self.store, self.embedder, self.engine = store, embedder, engine
        self._go_on = go_on

    def update(self, progress: Progress | None = None) -> None:
        """Apply what changed since, and merge what is due. One at a time writes; others wait.

        Raises IndexUnavailable, StoreUnavailable, ModelUnavailable, and whatever `go_on` raises.
        """
        with self.engine.writing(self.store.checkpoint) as writer:
            if writer is not None:
                self._fill(writer, progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build from nothing and swap. Raises like `update`."""
        with self.engine.writing(self.store.checkpoint, anew=True) as writer:
            if writer is not None:
                self._fill(writer, progress)

    def catch_up(self, most: int) -> bool:
        """Apply what changed where that is at most so much and nobody else is at it; whether it was little."""
        with self.engine.writing(self.store.checkpoint, wait=False) as writer:
            if writer is None:
                return True  # whoever writes goes on until nothing is left
            goal = self.store.checkpoint().sequence
            changes = self.store.changes_since(writer.sequence, most + 1)
            if len(changes) > most or not writer.is_whole:
                return False
            if changes or goal > writer.sequence:  # without changes, where only normalized ratings did
                writer.apply(changes, self._embed(changes), max([goal, *_numbers(changes)]), is_whole=True)
            return True

    def _fill(self, writer: Writer, progress: Progress | None) -> None:
        done, total = 0, self.store.count_changes(writer.sequence)
        while (goal := self._goal(writer)) > writer.sequence or not writer.is_whole:
            changes = self.store.changes_since(writer.sequence, BATCH)
            sequence = max(_numbers(changes)) if len(changes) >= BATCH else max([goal, *_numbers(changes)])
            writer.apply(changes, self._embed(changes), sequence, is_whole=sequence >= goal)
            writer.merge()
            give_back_memory()
            done += len(changes)
            if progress:
                progress(done, max(total, done))
        writer.merge()

    def _goal(self, writer: Writer) -> int:
        """How far to go. Raises IndexUnavailable where other data took the place of those that are written for."""
        checkpoint = self.store.checkpoint()
        if checkpoint.store_id != writer.store_id:
            raise IndexUnavailable(OTHER_STORE)
        return checkpoint.sequence

    def _embed(self, changes: Sequence[Change]) -> Vectors:
        live = [change.statement for change in changes if change.statement is not None]
        rows = [np.zeros((0, self.embedder.dimensions), np.float32)]
        for start in range(0, len(live), PIECE):
            self._go_on()
            rows.append(embed_statements(self.embedder, live[start : start + PIECE]))
        return np.concatenate(rows)


def give_back_memory() -> None:
    """Give back what glibc keeps of threads that have ended: whoever writes keywords has new ones for each piece.

    With another C library nothing is done.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _numbers(changes: Sequence[Change]) -> list[int]:
    return [change.sequence for change in changes]


def embed_statements(embedder: Embedder, statements: Sequence[Statement]) -> Vectors:
    """The statements' vectors, of what of each is searched."""
    return embedder.encode_statements([searched_claim(statement) for statement in statements])
