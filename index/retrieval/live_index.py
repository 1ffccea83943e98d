"""LiveIndex: the index in force in this process, kept equal to the store; small changes are caught up in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.errors import IndexUnavailable
from index.model.embedder import Embedder, Vectors
from index.models import Statement
from index.pairs.protocol import PairModel
from index.retrieval.builder import IndexBuilder, Progress, embed_statements
from index.retrieval.generations import DAMAGED, Generation, Generations, Mark
from index.retrieval.lexical import KeywordIndex
from index.retrieval.search import Layer, StatementIndex
from index.store.statements import Change, StatementStore

LAYER_LIMIT = 512  # changed statements that are caught up in memory, without building


@dataclass(frozen=True)
class IndexStatus:
    """Whether the index answers for the store as it is now, and if not, why."""

    ready: bool
    checkpoint: str | None
    store_checkpoint: str
    statements: int
    reason: str


class LiveIndex:
    """The index in force in this process; `current()` before every search."""

    def __init__(
        self,
        store: StatementStore,
        embedder: Embedder,
        pair_model: PairModel,
        folder: Path,
        min_confidence: float | None = None,
    ) -> None:
        self.store, self.embedder, self.pair_model = store, embedder, pair_model
        self.min_confidence = pair_model.min_confidence if min_confidence is None else min_confidence
        self._generations = Generations(folder, embedder.model_id)
        self._builder = IndexBuilder(store, embedder, self._generations)
        self._lock = threading.Lock()
        self._base: Generation | None = None
        self._passed_over: Mark | None = None  # the generation that was looked at last and not taken
        self._index: StatementIndex | None = None
        self._sequence = -1
        self._embedded: dict[tuple[int, str], np.ndarray] = {}
        self._reason = "The index was not built yet."

    # ------------------------------------------------------------ reading

    def current(self) -> StatementIndex:
        """The index of the store's present state; the last one where it is far behind. Raises IndexUnavailable."""
        sequence = self.store.checkpoint().sequence
        index = self._index
        if index is not None and self._sequence == sequence:
            return index
        with self._lock:
            self._catch_up()
            if self._index is None:
                raise IndexUnavailable(self._reason)
            return self._index

    def status(self) -> IndexStatus:
        """Ready where searching sees every change of the store."""
        checkpoint = self.store.checkpoint()
        try:
            index = self.current()
        except IndexUnavailable as error:
            return IndexStatus(False, None, str(checkpoint), 0, str(error))
        ready = self._sequence >= checkpoint.sequence
        return IndexStatus(ready, index.checkpoint, str(checkpoint), index.statements, "" if ready else self._reason)

    def is_sound(self) -> bool:
        """Whether the index on disk is still what was written; where it is not, `update` builds it anew.

        What is in memory goes on answering meanwhile, unless it reads keywords from files that changed.
        """
        if self._generations.is_sound():
            return True
        with self._lock:
            base = self._base
            if base is not None and self._generations.has_changed_keywords(base):
                self._base, self._index, self._sequence = None, None, -1
                self._passed_over, self._reason = base.mark, DAMAGED
        return False

    def _catch_up(self) -> None:
        """Load the newest generation where there is another, and put what changed since into a layer."""
        mark = self._generations.current()
        if mark not in (None, self._passed_over, self._base and self._base.mark):
            self._take_up(mark)
        if self._base is None:
            return
        changes = self.store.changes_since(self._base.manifest.sequence, LAYER_LIMIT + 1)
        if len(changes) > LAYER_LIMIT:
            self._reason = "Many statements changed; the index is being brought up to date."
            if self._index is None:
                self._install(self._base, [])
            return
        self._install(self._base, changes)
        self._reason = ""

    def _take_up(self, mark: Mark) -> None:
        """Open a generation, unless it is unusable, or behind the one in memory (published midway in a rebuild)."""
        checkpoint, base = self.store.checkpoint(), self._base
        self._passed_over = mark  # read once: a large one takes a while
        try:
            found = self._generations.load(mark, checkpoint)
        except IndexUnavailable as error:
            self._reason = str(error)
            return
        if base is None or not base.manifest.is_ahead_of(found.manifest, checkpoint):
            self._base, self._sequence, self._passed_over = found, -1, None

    def _install(self, base: Generation, changes: Sequence[Change]) -> None:
        live = [change.statement for change in changes if change.statement is not None]
        hidden = frozenset(change.key for change in changes)
        layer = Layer(hidden=hidden)
        if live:
            keywords = KeywordIndex.create()
            keywords.put(live)
            keywords.commit()
            layer = Layer(tuple(s.key for s in live), self._layer_vectors(live), keywords, hidden)
        sequence = max([base.manifest.sequence, *(change.sequence for change in changes)])
        gone = len(hidden & base.vectors.keys()) if hidden else 0
        self._index = StatementIndex(
            self.embedder, self.pair_model, self.store.by_keys, base.vectors, base.keywords, layer,
            f"{base.manifest.store_id}-{sequence:06d}", len(base.vectors) - gone + len(live), self.min_confidence,
        )  # fmt: skip
        self._sequence = sequence

    def _layer_vectors(self, live: Sequence[Statement]) -> Vectors:
        """Vectors of the layer's statements; those that the last layer had already are not encoded again."""
        wanted = {(statement.key, statement.claim_reviewed) for statement in live}
        self._embedded = {sign: vector for sign, vector in self._embedded.items() if sign in wanted}
        new = [statement for statement in live if (statement.key, statement.claim_reviewed) not in self._embedded]
        for statement, vector in zip(new, embed_statements(self.embedder, new), strict=True):
            self._embedded[statement.key, statement.claim_reviewed] = vector
        return np.stack([self._embedded[statement.key, statement.claim_reviewed] for statement in live])

    # ------------------------------------------------------------ building

    def update(self, progress: Progress | None = None) -> None:
        """Publish what changed since the generation in force. Raises IndexUnavailable, StoreUnavailable."""
        self._builder.update(progress)
        self._passed_over = None

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build from nothing and swap. Raises like `update`."""
        self._builder.rebuild(progress)
