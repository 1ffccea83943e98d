"""IndexBuilder: embeds what changed in the store and publishes a new generation, built aside."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from index.model.embedder import Embedder, Vectors
from index.models import Statement
from index.retrieval.generations import KEYWORDS, Generation, Generations
from index.retrieval.lexical import KeywordIndex
from index.retrieval.search import searched_claim
from index.retrieval.vectors import FaissVectors
from index.store.statements import Change, StatementStore

BATCH = 2000  # changes embedded and applied at a time
PUBLISH_SECONDS = 60  # how often a long build publishes what it has

Progress = Callable[[int, int], None]


class IndexBuilder:
    """Builds the generations of a store."""

    def __init__(self, store: StatementStore, embedder: Embedder, generations: Generations) -> None:
        self.store, self.embedder, self.generations = store, embedder, generations

    def update(self, progress: Progress | None = None) -> None:
        """Embed what changed since the generation in force and publish a new one; nothing where nothing changed.

        One process builds at a time, others wait. Raises IndexUnavailable, StoreUnavailable, ModelUnavailable.
        """
        with self.generations.building() as work:
            base = self.generations.usable(self.store.checkpoint())
            if base is not None and base.manifest.sequence == self.store.checkpoint().sequence:
                return
            self._build(base, work, progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build from nothing and swap. Raises like `update`."""
        with self.generations.building() as work:
            self._build(None, work, progress)

    def _build(self, base: Generation | None, work: Path, progress: Progress | None) -> None:
        checkpoint = self.store.checkpoint()
        vectors = base.vectors if base else FaissVectors(self.embedder.dimensions)
        sequence = base.manifest.sequence if base else 0
        total = self.store.count() if base is None else len(self.store.changes_since(sequence, 10**9))
        done, published_at = 0, time.monotonic()
        keywords = self.generations.copy_keywords(base, work / KEYWORDS)
        while changes := self.store.changes_since(sequence, BATCH):
            self._apply(changes, vectors, keywords, fresh=base is None)
            sequence = changes[-1].sequence
            done += len(changes)
            if progress:
                progress(done, max(total, done))
            if time.monotonic() - published_at > PUBLISH_SECONDS:
                keywords.commit()
                self.generations.publish(vectors, work, checkpoint.store_id, sequence)
                published_at = time.monotonic()
        keywords.commit()
        self.generations.publish(vectors, work, checkpoint.store_id, sequence)

    def _apply(self, changes: Sequence[Change], vectors: FaissVectors, keywords: KeywordIndex, fresh: bool) -> None:
        live = [change.statement for change in changes if change.statement is not None]
        if not fresh:
            keywords.remove([change.key for change in changes])
        vectors.remove([change.key for change in changes])
        if live:
            vectors.add([statement.key for statement in live], embed_statements(self.embedder, live))
            keywords.put(live)


def embed_statements(embedder: Embedder, statements: Sequence[Statement]) -> Vectors:
    """The statements' vectors, of what of each is searched."""
    return embedder.encode_statements([searched_claim(statement) for statement in statements])
