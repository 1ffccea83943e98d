"""LiveIndex: keeps the derived index equal to the store. Built aside, swapped in whole, small changes in memory.

On disk: `gen-N/` folders (vectors, keywords, manifest) and the file CURRENT, which names the one in force and is
replaced atomically. A process killed at any moment leaves CURRENT on a complete generation; what is missing since its
checkpoint is caught up from the store.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from index.embedder import Embedder, Vectors
from index.errors import IndexUnavailable
from index.lexical import FORMAT as KEYWORD_FORMAT
from index.lexical import KeywordIndex
from index.models import Statement
from index.pairs import PairModel
from index.queries import STATEMENT_FORMAT
from index.search import Layer, StatementIndex, searched_claim
from index.statements import Change, StatementStore
from index.vectors import FaissVectors

LAYER_LIMIT = 512  # changed statements that are caught up in memory, without building
BATCH = 2000  # changes embedded and applied at a time
PUBLISH_SECONDS = 60  # how often a long build publishes what it has

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Manifest:
    """What a generation was made from; another store, model or format makes it useless."""

    store_id: str
    sequence: int
    model_id: str
    keyword_format: int
    statement_format: int
    statements: int


@dataclass(frozen=True)
class IndexStatus:
    """Whether the index answers for the store as it is now, and if not, why."""

    ready: bool
    checkpoint: str | None
    store_checkpoint: str
    statements: int
    reason: str


@dataclass(frozen=True)
class Generation:
    """One complete index on disk, opened."""

    name: str
    manifest: Manifest
    vectors: FaissVectors
    keywords: KeywordIndex


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
        self.store, self.embedder, self.pair_model, self.folder = store, embedder, pair_model, folder
        self.min_confidence = pair_model.min_confidence if min_confidence is None else min_confidence
        self._lock = threading.Lock()
        self._base: Generation | None = None
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

    def _catch_up(self) -> None:
        """Load the newest generation where there is another, and put what changed since into a layer."""
        name = self._current_name()
        if name is not None and (self._base is None or self._base.name != name):
            try:
                self._base = self._load(name)
                self._sequence = -1
            except IndexUnavailable as error:
                self._reason = str(error)
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
        for statement, vector in zip(new, self._embed(new), strict=True):
            self._embedded[statement.key, statement.claim_reviewed] = vector
        return np.stack([self._embedded[statement.key, statement.claim_reviewed] for statement in live])

    def _embed(self, statements: Sequence[Statement]) -> Vectors:
        return self.embedder.encode_statements([searched_claim(statement) for statement in statements])

    # ------------------------------------------------------------ building

    def update(self, progress: Progress | None = None) -> None:
        """Embed what changed since the generation in force and publish a new one; nothing where nothing changed.

        One process builds at a time, others wait. Raises IndexUnavailable, StoreUnavailable, ModelUnavailable.
        """
        with self._building():
            base = self._usable_base()
            if base is not None and base.manifest.sequence == self.store.checkpoint().sequence:
                return
            self._build(base, progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build from nothing and swap. Raises like `update`."""
        with self._building():
            self._build(None, progress)

    def _usable_base(self) -> Generation | None:
        name = self._current_name()
        try:
            return self._load(name) if name else None
        except IndexUnavailable:
            return None

    def _build(self, base: Generation | None, progress: Progress | None) -> None:
        checkpoint = self.store.checkpoint()
        vectors = base.vectors if base else FaissVectors(self.embedder.dimensions)
        sequence = base.manifest.sequence if base else 0
        work = self.folder / f".building-{os.getpid()}"
        shutil.rmtree(work, ignore_errors=True)
        total = self.store.count() if base is None else len(self.store.changes_since(sequence, 10**9))
        done, published_at = 0, time.monotonic()
        try:
            keywords = self._open_copy(base, work / "lexical")
            while changes := self.store.changes_since(sequence, BATCH):
                self._apply(changes, vectors, keywords, fresh=base is None)
                sequence = changes[-1].sequence
                done += len(changes)
                if progress:
                    progress(done, max(total, done))
                if time.monotonic() - published_at > PUBLISH_SECONDS:
                    keywords.commit()
                    self._publish(vectors, work, checkpoint.store_id, sequence)
                    published_at = time.monotonic()
            keywords.commit()
            self._publish(vectors, work, checkpoint.store_id, sequence)
        except OSError as error:
            raise IndexUnavailable(f"The index cannot be written: {error.strerror}.") from error
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _open_copy(self, base: Generation | None, folder: Path) -> KeywordIndex:
        if base is None:
            return KeywordIndex.create(folder)
        shutil.copytree(self.folder / base.name / "lexical", folder)
        for lock in folder.glob(".tantivy-*.lock"):
            lock.unlink()
        return KeywordIndex.load(folder)

    def _apply(self, changes: Sequence[Change], vectors: FaissVectors, keywords: KeywordIndex, fresh: bool) -> None:
        live = [change.statement for change in changes if change.statement is not None]
        if not fresh:
            keywords.remove([change.key for change in changes])
        vectors.remove([change.key for change in changes])
        if live:
            vectors.add([statement.key for statement in live], self._embed(live))
            keywords.put(live)

    def _publish(self, vectors: FaissVectors, work: Path, store_id: str, sequence: int) -> None:
        """Make a generation of what was built so far and put it in force; the working copy stays for more."""
        number = max([0, *(int(path.name[4:]) for path in self.folder.glob("gen-*") if path.name[4:].isdigit())]) + 1
        aside, folder = self.folder / f".gen-{number}", self.folder / f"gen-{number}"
        shutil.rmtree(aside, ignore_errors=True)
        shutil.copytree(work / "lexical", aside / "lexical")
        vectors.save(aside / "vectors.faiss")
        manifest = Manifest(store_id, sequence, self.embedder.model_id, KEYWORD_FORMAT, STATEMENT_FORMAT, len(vectors))
        write_durably(aside / "manifest.json", json.dumps(asdict(manifest)))
        aside.replace(folder)
        write_durably(self.folder / "CURRENT", folder.name)
        for old in self.folder.glob("gen-*"):
            if old != folder:  # a process that still searches it holds its files open
                shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def _building(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / "building.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                for left in (*self.folder.glob(".building-*"), *self.folder.glob(".gen-*")):
                    shutil.rmtree(left, ignore_errors=True)  # of a process that was killed
                yield
        except OSError as error:
            raise IndexUnavailable(f"The index folder cannot be written: {error.strerror}.") from error

    # ------------------------------------------------------------ generations

    def _current_name(self) -> str | None:
        try:
            return (self.folder / "CURRENT").read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def _load(self, name: str) -> Generation:
        folder = self.folder / name
        try:
            manifest = Manifest(**json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise IndexUnavailable("The index is damaged; it is built anew.") from error
        checkpoint = self.store.checkpoint()
        if manifest.store_id != checkpoint.store_id or manifest.sequence > checkpoint.sequence:
            raise IndexUnavailable("The index belongs to another database; it is built anew.")
        made = (manifest.model_id, manifest.keyword_format, manifest.statement_format)
        if made != (self.embedder.model_id, KEYWORD_FORMAT, STATEMENT_FORMAT):
            raise IndexUnavailable("The index was built with another model or version; it is built anew.")
        vectors = FaissVectors.load(folder / "vectors.faiss")
        keywords = KeywordIndex.load(folder / "lexical")
        if not len(vectors) == len(keywords) == manifest.statements:
            raise IndexUnavailable("The index is incomplete; it is built anew.")
        return Generation(name, manifest, vectors, keywords)


def write_durably(path: Path, content: str) -> None:
    """Replace a file as a whole: readers see the old content or the new, also after a crash."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
