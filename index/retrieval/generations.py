"""Generations: complete indexes on disk, `gen-N/` folders with vectors, keywords and a manifest.

The file CURRENT names the one in force and is replaced atomically: a process killed at any moment leaves it on a
complete generation. It holds the digest of the manifest, which holds those of all other files: whatever was changed,
cut, lost, added or exchanged since is noticed before anything of it is opened.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePath

from index.digests import Seal, list_files, read_seals, seal_files, write_seals
from index.errors import IndexUnavailable
from index.retrieval.lexical import FORMAT as KEYWORD_FORMAT
from index.retrieval.lexical import KeywordIndex
from index.retrieval.queries import STATEMENT_FORMAT
from index.retrieval.vectors import FaissVectors
from index.store.statements import Checkpoint

DAMAGED = "The index is damaged; it is being built anew."
MANIFEST, VECTORS, KEYWORDS = "manifest.json", "vectors.faiss", "lexical"
LOCKS = ".tantivy-*.lock"  # made by whoever opens a keyword index; nothing is in them


@dataclass(frozen=True)
class Mark:
    """What CURRENT says: the generation in force, and the digest of its manifest."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a generation was made from; another store, model or format makes it useless. `files` are its other files."""

    store_id: str
    sequence: int
    model_id: str
    keyword_format: int
    statement_format: int
    statements: int
    files: Mapping[str, Seal]

    def is_ahead_of(self, other: Manifest, checkpoint: Checkpoint) -> bool:
        """Whether this knows changes of the store that the other does not."""
        return self.store_id == checkpoint.store_id and other.sequence < self.sequence <= checkpoint.sequence


@dataclass(frozen=True)
class Generation:
    """One complete index on disk, opened."""

    mark: Mark
    manifest: Manifest
    vectors: FaissVectors
    keywords: KeywordIndex


class Generations:
    """The generations in a folder, made with one model."""

    def __init__(self, folder: Path, model_id: str) -> None:
        self.folder, self.model_id = folder, model_id

    def current(self) -> Mark | None:
        """The generation in force; None where there is none."""
        try:
            name, _, digest = (self.folder / "CURRENT").read_bytes().decode("utf-8", "replace").partition(" ")
        except OSError:
            return None
        return Mark(name, digest)

    def load(self, mark: Mark, checkpoint: Checkpoint) -> Generation:
        """Open a generation of the store that stands at `checkpoint`, every file checked before.

        Raises IndexUnavailable, saying why not.
        """
        manifest = self._manifest(mark)
        if manifest.store_id != checkpoint.store_id or manifest.sequence > checkpoint.sequence:
            raise IndexUnavailable("The index belongs to another database; it is built anew.")
        made = (manifest.model_id, manifest.keyword_format, manifest.statement_format)
        if made != (self.model_id, KEYWORD_FORMAT, STATEMENT_FORMAT):
            raise IndexUnavailable("The index was built with another model or version; it is built anew.")
        self._check_files(mark, manifest)
        vectors = FaissVectors.load(self.folder / mark.name / VECTORS)
        keywords = KeywordIndex.load(self.folder / mark.name / KEYWORDS)
        if not len(vectors) == len(keywords) == manifest.statements:
            raise IndexUnavailable("The index is incomplete; it is built anew.")
        return Generation(mark, manifest, vectors, keywords)

    def usable(self, checkpoint: Checkpoint) -> Generation | None:
        """The generation in force where it can be built upon, else None."""
        mark = self.current()
        try:
            return self.load(mark, checkpoint) if mark else None
        except IndexUnavailable:
            return None

    def is_sound(self) -> bool:
        """Whether every file of the generation in force is still what was written."""
        while mark := self.current():
            try:
                self._check_files(mark, self._manifest(mark))
            except IndexUnavailable:
                if mark == self.current():  # else another one was published meanwhile, and this one removed
                    return False
            else:
                return True
        return False

    def has_changed_keywords(self, opened: Generation) -> bool:
        """Whether keywords that are read from disk as they are searched became others; removed files stay readable."""
        folder = self.folder / opened.mark.name
        for name, seal in opened.manifest.files.items():
            try:
                if name.startswith(KEYWORDS) and not seal.fits(folder / name):
                    return True
            except FileNotFoundError:
                continue
            except OSError:
                return True
        return False

    def _clear_away(self) -> None:
        """Remove what a process left that was killed while it built."""
        for folder in (*self.folder.glob(".building-*"), *self.folder.glob(".gen-*")):
            shutil.rmtree(folder, ignore_errors=True)
        for file in self.folder.glob("CURRENT.*.new"):
            file.unlink(missing_ok=True)

    def _manifest(self, mark: Mark) -> Manifest:
        try:
            content = (self.folder / mark.name / MANIFEST).read_bytes()
            if hashlib.sha256(content).hexdigest() != mark.sha256:
                raise IndexUnavailable(DAMAGED)
            row = json.loads(content)
            return Manifest(**{**row, "files": read_seals(row["files"])})
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise IndexUnavailable(DAMAGED) from error

    def _check_files(self, mark: Mark, manifest: Manifest) -> None:
        folder = self.folder / mark.name
        try:
            there = {name for name in list_files(folder) if is_content(name)} - {MANIFEST}
            if there != manifest.files.keys() or not all(
                seal.fits(folder / name) for name, seal in manifest.files.items()
            ):
                raise IndexUnavailable(DAMAGED)
        except OSError as error:
            raise IndexUnavailable(DAMAGED) from error

    def copy_keywords(self, base: Generation | None, folder: Path) -> KeywordIndex:
        """A keyword index to write to in `folder`: a copy of the generation's, or an empty one."""
        if base is None:
            return KeywordIndex.create(folder)
        shutil.copytree(self.folder / base.mark.name / KEYWORDS, folder, ignore=shutil.ignore_patterns(LOCKS))
        return KeywordIndex.load(folder)

    def publish(self, vectors: FaissVectors, work: Path, store_id: str, sequence: int) -> None:
        """Make a generation of what was built so far and put it in force; the working copy stays for more."""
        number = max([0, *(int(path.name[4:]) for path in self.folder.glob("gen-*") if path.name[4:].isdigit())]) + 1
        aside, folder = self.folder / f".gen-{number}", self.folder / f"gen-{number}"
        shutil.rmtree(aside, ignore_errors=True)
        shutil.copytree(work / KEYWORDS, aside / KEYWORDS, ignore=shutil.ignore_patterns(LOCKS))
        vectors.save(aside / VECTORS)
        made = (store_id, sequence, self.model_id, KEYWORD_FORMAT, STATEMENT_FORMAT, len(vectors))
        manifest = Manifest(*made, files=seal_files(aside))
        content = json.dumps({**vars(manifest), "files": write_seals(manifest.files)})
        write_durably(aside / MANIFEST, content)
        aside.replace(folder)
        write_durably(self.folder / "CURRENT", f"{folder.name} {hashlib.sha256(content.encode()).hexdigest()}")
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
                self._clear_away()
                try:
                    yield work
                finally:
                    shutil.rmtree(work, ignore_errors=True)
        except OSError as error:
            raise IndexUnavailable(f"The index cannot be written: {error.strerror}.") from error


def is_content(name: str) -> bool:
    """Whether a file of a generation was written with it."""
    return not fnmatch(PurePath(name).name, LOCKS)


def write_durably(path: Path, content: str) -> None:
    """Replace a file as a whole: readers see the old content or the new, also after a crash."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
