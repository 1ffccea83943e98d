"""EmbeddedEngine: FAISS and tantivy in the data folder, changed by segments."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.errors import IndexUnavailable
from index.model.embedder import Vectors
from index.models import Statement
from index.retrieval.draft import Draft
from index.retrieval.engine import DAMAGED, OTHER_STORE, Nearest, Query, StandsAt, places_of_windows
from index.retrieval.generations import KEYWORDS, Generation, Generations, Manifest, Mark
from index.retrieval.lexical import KeywordIndex
from index.retrieval.segments import Segment, Segments, due_for_merging, merged
from index.retrieval.vector_files import Keys
from index.retrieval.vectors import NO_KEY, FaissVectors
from index.store.statements import Change, Checkpoint

AT_ONCE = 4096  # statements that are merged while somebody waits; more only when there is time


@dataclass(frozen=True)
class EmbeddedView:
    """One generation, never modified: another one is another object."""

    generation: Generation

    @property
    def checkpoint(self) -> Checkpoint:
        """See View."""
        return Checkpoint(self.generation.manifest.store_id, self.generation.manifest.sequence)

    @property
    def is_whole(self) -> bool:
        """See View."""
        return self.generation.manifest.is_whole

    @property
    def statements(self) -> int:
        """See View."""
        return self.generation.manifest.statements

    def propose(self, queries: Sequence[Query], pool: int) -> list[Nearest]:
        """See View."""
        if not queries:
            return []
        nearest = self.generation.segments.nearest(np.concatenate([query.vectors for query in queries]), pool)
        places = places_of_windows(queries)
        return [self._nearest(query, nearest[own], pool) for query, own in zip(queries, places, strict=True)]

    def vectors(self, keys: Sequence[int]) -> Vectors:
        """See View."""
        return self.generation.segments.reconstruct(keys)

    def _nearest(self, query: Query, nearest: Keys, pool: int) -> Nearest:
        words = {hit.key: hit.score for hit in self.generation.keywords.search(query.text, pool)}
        keys = sorted(({int(key) for key in np.unique(nearest)} | words.keys()) - {NO_KEY})
        vectors = self.generation.segments.reconstruct(keys)
        words_of = np.array([words.get(key, 0.0) for key in keys])
        return Nearest(tuple(keys), query.vectors @ vectors.T, words_of, vectors)


class EmbeddedEngine:
    """The engine in a folder, for vectors of one model. Safe in many threads, and for several processes at once."""

    def __init__(self, folder: Path, model_id: str, dimensions: int) -> None:
        self.generations = Generations(folder, model_id, dimensions)
        self._lock = threading.Lock()
        self._opened: Generation | None = None
        self._passed_over: Mark | None = None  # looked at last and not taken
        self._damaged: Mark | None = None
        self._reason = "The index was not built yet."

    def view(self, stands_at: StandsAt) -> EmbeddedView:
        """See Engine. A whole generation is not given up for one that is being built from nothing."""
        with self._lock:
            self._let_go_of_another(stands_at)
            while (mark := self.generations.current()) not in (None, self._passed_over, self._damaged, self._mark()):
                self._open(mark, stands_at)
            if self._opened is None:
                raise IndexUnavailable(self._reason)
            return EmbeddedView(self._opened)

    def is_sound(self) -> bool:
        """See Engine. What is in memory goes on answering, unless it reads from files that changed."""
        mark = self.generations.current()
        if self.generations.is_sound():
            return True
        with self._lock:
            self._damaged, self._reason = mark, DAMAGED
            if self._opened and self.generations.has_changed_beneath(self._opened):
                self._opened = None
        return False

    @contextmanager
    def writing(self, stands_at: StandsAt, *, anew: bool = False, wait: bool = True) -> Iterator[EmbeddedWriter | None]:
        """See Engine."""
        with self.generations.building(wait=wait) as ours:
            store_id = stands_at().store_id  # before it is looked for what to build upon: another may come in between
            base = self._base(stands_at) if ours and not anew else None
            if base and base.manifest.store_id != store_id:
                base = None
            yield EmbeddedWriter(self, store_id, base) if ours else None

    def close(self) -> None:
        """See Engine: files are let go with the objects that read them."""

    def take(self, found: Generation) -> None:
        """Answer with a generation from now on, unless it is not whole and the one in memory is."""
        with self._lock:
            self._take(found)

    def _mark(self) -> Mark | None:
        return self._opened.mark if self._opened else None

    def _let_go_of_another(self, stands_at: StandsAt) -> None:
        """Answer no more for a store whose place another one has taken."""
        if self._opened and self._opened.manifest.store_id != stands_at().store_id:
            self._opened, self._reason = None, OTHER_STORE

    def _open(self, mark: Mark, stands_at: StandsAt) -> None:
        self._passed_over, opened = mark, self._opened  # read once: a large one takes a while
        try:
            if opened and opened.manifest.is_whole and not self.generations.manifest(mark).is_whole:
                return
            self._take(self.generations.load(mark, stands_at, opened.segments if opened else None))
        except IndexUnavailable as error:
            self._reason = str(error)

    def _take(self, found: Generation) -> None:
        if found.manifest.is_whole or not (self._opened and self._opened.manifest.is_whole):
            self._opened, self._passed_over, self._damaged = found, None, None

    def _base(self, stands_at: StandsAt) -> Generation | None:
        """The generation in force where it can be built upon: read again, save for vectors that are in memory."""
        mark, opened = self.generations.current(), self._opened
        if mark is None or mark == self._damaged:
            return None
        try:
            return self.generations.load(mark, stands_at, opened.segments if opened else None)
        except IndexUnavailable:
            return None


class EmbeddedWriter:
    """Publishes a generation for each piece of changes, upon `base` or from nothing."""

    def __init__(self, engine: EmbeddedEngine, store_id: str, base: Generation | None) -> None:
        self._engine, self.store_id, self._base = engine, store_id, base

    @property
    def sequence(self) -> int:
        """See Writer."""
        return self._base.manifest.sequence if self._base else 0

    @property
    def is_whole(self) -> bool:
        """See Writer."""
        return self._base is not None and self._base.manifest.is_whole

    def apply(self, changes: Sequence[Change], vectors: Vectors, sequence: int, *, is_whole: bool) -> None:
        """See Writer."""
        keys = {change.key for change in changes}
        live = [change.statement for change in changes if change.statement is not None]
        draft = self._engine.generations.draft(self._base)
        self._write_words(draft.folder / KEYWORDS, keys, live)
        parts = self._base.segments.parts if self._base else ()
        fresh = FaissVectors(self._engine.generations.dimensions)
        fresh.add([statement.key for statement in live], vectors)
        gone = np.array(sorted(keys.difference(fresh.keys().tolist())), np.int64)
        deleted = frozenset(key for part in parts for key in gone[part.vectors.holds(gone)].tolist())
        parts = (*parts, Segment("", "", fresh, deleted))
        sizes = [len(part) for part in parts]
        joined = max(due_for_merging(sizes), 1)
        while joined > 1 and sum(sizes[-joined:]) > AT_ONCE:
            joined -= 1
        self._publish(draft, parts, joined, sequence, self.is_whole or is_whole)

    def merge(self) -> None:
        """See Writer."""
        while self._base and (joined := due_for_merging([len(part) for part in self._base.segments.parts])):
            draft = self._engine.generations.draft(self._base)
            self._publish(draft, self._base.segments.parts, joined, self.sequence, self.is_whole)

    def _write_words(self, folder: Path, keys: Collection[int], live: Sequence[Statement]) -> None:
        keywords = KeywordIndex.load(folder) if self._base else KeywordIndex.create(folder)
        if self._base:
            keywords.remove(keys)
        keywords.put(live)
        keywords.commit()

    def _publish(self, draft: Draft, parts: Sequence[Segment], joined: int, sequence: int, is_whole: bool) -> None:
        """Put a draft in force, the newest `joined` segments put together in a new one."""
        older, newest = parts[: len(parts) - joined], parts[len(parts) - joined :]
        name = f"vectors-{1 + max([0, *(number_of(part.name) for part in parts if part.name)])}.faiss"
        draft.drop([part.name for part in newest if part.name])
        vectors, deleted = merged(newest, draft.folder / name, keeps_deleted=bool(older))
        together = Segments(vectors.dimensions, (*older, Segment(name, "", vectors, deleted)))
        listed = {part.name: sorted(part.deleted) for part in together.parts}
        generations, checkpoint = self._engine.generations, Checkpoint(self.store_id, sequence)
        mark, manifest = generations.publish(draft, checkpoint, listed, len(together), is_whole=is_whole)
        self._base = Generation(mark, manifest, sealed(together, manifest), generations.keywords(mark))
        self._engine.take(self._base)


def number_of(name: str) -> int:
    """The number in the name of a segment's file."""
    return int(name.removeprefix("vectors-").removesuffix(".faiss"))


def sealed(segments: Segments, manifest: Manifest) -> Segments:
    """Segments with the digests of their files."""
    parts = [replace(part, sha256=manifest.files[part.name].sha256) for part in segments.parts]
    return Segments(segments.dimensions, parts)
