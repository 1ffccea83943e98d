"""Generations: complete indexes on disk, `gen-N/` folders with vectors, keywords and a manifest.

The file CURRENT names the one in force and is replaced atomically: a process killed at any moment leaves it on a
complete generation.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import IndexUnavailable
from index.retrieval.lexical import FORMAT as KEYWORD_FORMAT
from index.retrieval.lexical import KeywordIndex
from index.retrieval.queries import STATEMENT_FORMAT
from index.retrieval.vectors import FaissVectors
from index.store.statements import Checkpoint


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
class Generation:
    """One complete index on disk, opened."""

    name: str
    manifest: Manifest
    vectors: FaissVectors
    keywords: KeywordIndex


class Generations:
    """The generations in a folder, made with one model."""

    def __init__(self, folder: Path, model_id: str) -> None:
        self.folder, self.model_id = folder, model_id

    def current_name(self) -> str | None:
        """The name of the generation in force; None where there is none."""
        try:
            return (self.folder / "CURRENT").read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def load(self, name: str, checkpoint: Checkpoint) -> Generation:
        """Open a generation of the store that stands at `checkpoint`. Raises IndexUnavailable, saying why not."""
        folder = self.folder / name
        try:
            manifest = Manifest(**json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise IndexUnavailable("The index is damaged; it is built anew.") from error
        if manifest.store_id != checkpoint.store_id or manifest.sequence > checkpoint.sequence:
            raise IndexUnavailable("The index belongs to another database; it is built anew.")
        made = (manifest.model_id, manifest.keyword_format, manifest.statement_format)
        if made != (self.model_id, KEYWORD_FORMAT, STATEMENT_FORMAT):
            raise IndexUnavailable("The index was built with another model or version; it is built anew.")
        vectors = FaissVectors.load(folder / "vectors.faiss")
        keywords = KeywordIndex.load(folder / "lexical")
        if not len(vectors) == len(keywords) == manifest.statements:
            raise IndexUnavailable("The index is incomplete; it is built anew.")
        return Generation(name, manifest, vectors, keywords)

    def usable(self, checkpoint: Checkpoint) -> Generation | None:
        """The generation in force where it can be built upon, else None."""
        name = self.current_name()
        try:
            return self.load(name, checkpoint) if name else None
        except IndexUnavailable:
            return None

    def copy_keywords(self, base: Generation | None, folder: Path) -> KeywordIndex:
        """A keyword index to write to in `folder`: a copy of the generation's, or an empty one."""
        if base is None:
            return KeywordIndex.create(folder)
        shutil.copytree(self.folder / base.name / "lexical", folder)
        for lock in folder.glob(".tantivy-*.lock"):
            lock.unlink()
        return KeywordIndex.load(folder)

    def publish(self, vectors: FaissVectors, work: Path, store_id: str, sequence: int) -> None:
        """Make a generation of what was built so far and put it in force; the working copy stays for more."""
        number = max([0, *(int(path.name[4:]) for path in self.folder.glob("gen-*") if path.name[4:].isdigit())]) + 1
        aside, folder = self.folder / f".gen-{number}", self.folder / f"gen-{number}"
        shutil.rmtree(aside, ignore_errors=True)
        shutil.copytree(work / "lexical", aside / "lexical")
        vectors.save(aside / "vectors.faiss")
        manifest = Manifest(store_id, sequence, self.model_id, KEYWORD_FORMAT, STATEMENT_FORMAT, len(vectors))
        write_durably(aside / "manifest.json", json.dumps(asdict(manifest)))
        aside.replace(folder)
        write_durably(self.folder / "CURRENT", folder.name)
        for old in self.folder.glob("gen-*"):
            if old != folder:  # a process that still searches it holds its files open
                shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def building(self) -> Iterator[Path]:
        """A folder to build in. One process builds at a time, others wait. Raises IndexUnavailable."""
        work = self.folder / f".building-{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / "building.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                for left in (*self.folder.glob(".building-*"), *self.folder.glob(".gen-*")):
                    shutil.rmtree(left, ignore_errors=True)  # of a process that was killed
                try:
                    yield work
                finally:
                    shutil.rmtree(work, ignore_errors=True)
        except OSError as error:
            raise IndexUnavailable(f"The index cannot be written: {error.strerror}.") from error


def write_durably(path: Path, content: str) -> None:
    """Replace a file as a whole: readers see the old content or the new, also after a crash."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
