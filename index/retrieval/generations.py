"""Generations: complete indexes on disk, `gen-N/` folders with segments of vectors, keywords and a manifest.

The file CURRENT names the one in force and is replaced atomically: a process killed at any moment leaves it on a
complete generation. It holds the digest of the manifest, which holds those of all other files: whatever was changed,
cut, lost, added or exchanged since is noticed before anything of it is opened. What goes on from one to the next is the
same file under two names, so that a change costs what it changes and not the whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePath

from index.digests import Seal, list_files, read_seals, write_seals
from index.disk import lock_alone
from index.errors import IndexUnavailable
from index.retrieval.draft import Draft
from index.retrieval.engine import DAMAGED, OTHER_STORE, StandsAt
from index.retrieval.lexical import FORMAT as KEYWORD_FORMAT
from index.retrieval.lexical import KeywordIndex
from index.retrieval.queries import STATEMENT_FORMAT
from index.retrieval.segments import Segment, Segments
from index.retrieval.vectors import FaissVectors
from index.store.statements import Checkpoint

MANIFEST, KEYWORDS = "manifest.json", "lexical"
NUMBERED = re.compile("gen-[0-9]{1,15}")  # a longer number was damaged, and would soon be too long for a name
LOCKS = ".tantivy-*.lock"  # made by whoever opens a keyword index; nothing is in them


@dataclass(frozen=True)
class Mark:
    """What CURRENT says: the generation in force, and the digest of its manifest."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a generation was made from; another store, model or format makes it useless.

    `segments` are the files of vectors, oldest first, each with the keys that were deleted; `files` are all files.
    """

    store_id: str
    sequence: int
    model_id: str
    keyword_format: int
    statement_format: int
    is_whole: bool
    statements: int
    segments: Mapping[str, Sequence[int]]
    files: Mapping[str, Seal]


@dataclass(frozen=True)
class Generation:
    """One complete index on disk, opened."""

    mark: Mark
    manifest: Manifest
    segments: Segments
    keywords: KeywordIndex


class Generations:
    """The generations in a folder, made with one model."""

    def __init__(self, folder: Path, model_id: str, dimensions: int) -> None:
        self.folder, self.model_id, self.dimensions = folder, model_id, dimensions

    # ------------------------------------------------------------ reading

    def current(self) -> Mark | None:
        """The generation in force; None where there is none."""
        try:
            name, _, digest = (self.folder / "CURRENT").read_bytes().decode("utf-8", "replace").partition(" ")
        except OSError:
            return None
        return Mark(name, digest)

    def load(self, mark: Mark, stands_at: StandsAt, opened: Segments | None = None) -> Generation:
        """Open a generation of the store, every file checked before.

        Segments that are `opened` already are taken from there. Raises IndexUnavailable, saying why not.
        """
        manifest, checkpoint = self.manifest(mark), stands_at()
        if manifest.store_id != checkpoint.store_id or manifest.sequence > checkpoint.sequence:
            raise IndexUnavailable(OTHER_STORE)
        made = (manifest.model_id, manifest.keyword_format, manifest.statement_format)
        if made != (self.model_id, KEYWORD_FORMAT, STATEMENT_FORMAT):
            raise IndexUnavailable("The index was built with another model or version; it is built anew.")
        known = {part.sha256: part for part in opened.parts} if opened else {}
        known = {name: known[seal.sha256] for name, seal in manifest.files.items() if seal.sha256 in known}
        self._check_files(mark, manifest, known)
        segments = Segments(self.dimensions, [
            Segment(name, manifest.files[name].sha256, self._vectors(mark, name, known.get(name)), frozenset(deleted))
            for name, deleted in manifest.segments.items()
        ])  # fmt: skip
        keywords = self.keywords(mark)
        if not len(segments) == len(keywords) == manifest.statements:
            raise IndexUnavailable("The index is incomplete; it is built anew.")
        return Generation(mark, manifest, segments, keywords)

    def keywords(self, mark: Mark) -> KeywordIndex:
        """The keywords of a generation, opened unchecked. Raises IndexUnavailable."""
        return KeywordIndex.load(self.folder / mark.name / KEYWORDS)

    def _vectors(self, mark: Mark, name: str, known: Segment | None) -> FaissVectors:
        return known.vectors if known else FaissVectors.load(self.folder / mark.name / name)

    def manifest(self, mark: Mark) -> Manifest:
        """What a generation was made from. Raises IndexUnavailable where that is not what was written."""
        try:
            content = (self.folder / mark.name / MANIFEST).read_bytes()
            if hashlib.sha256(content).hexdigest() != mark.sha256:
                raise IndexUnavailable(DAMAGED)
            row = json.loads(content)
            if not row["segments"].keys() <= row["files"].keys():
                raise IndexUnavailable(DAMAGED)
            return Manifest(**{**row, "files": read_seals(row["files"])})
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise IndexUnavailable(DAMAGED) from error

    # ------------------------------------------------------------ checking

    def is_sound(self) -> bool:
        """Whether every file of the generation in force is still what was written."""
        while mark := self.current():
            try:
                self._check_files(mark, self.manifest(mark))
            except IndexUnavailable:
                if mark == self.current():  # else another one was published meanwhile, and this one removed
                    return False
            else:
                return True
        return False

    def has_changed_beneath(self, opened: Generation) -> bool:
        """Whether what is read from disk as it is searched became another; removed files stay readable."""
        folder, mapped = self.folder / opened.mark.name, opened.segments.mapped()
        for name, seal in opened.manifest.files.items():
            try:
                if (name.startswith(KEYWORDS) or name in mapped) and not seal.fits(folder / name):
                    return True
            except FileNotFoundError:
                continue
            except OSError:
                return True
        return False

    def _check_files(self, mark: Mark, manifest: Manifest, known: Mapping[str, object] | None = None) -> None:
        """Check all files but the `known` ones, of which only the name is looked for. Raises IndexUnavailable."""
        folder = self.folder / mark.name
        try:
            there = {name for name in list_files(folder) if is_content(name)} - {MANIFEST}
            if there != manifest.files.keys() or not all(
                seal.fits(folder / name) for name, seal in manifest.files.items() if name not in (known or {})
            ):
                raise IndexUnavailable(DAMAGED)
        except OSError as error:
            raise IndexUnavailable(DAMAGED) from error

    # ------------------------------------------------------------ writing

    def draft(self, base: Generation | None) -> Draft:
        """A generation in the making that begins with the files of `base`. Raises IndexUnavailable."""
        folder = self.folder / f".building-{os.getpid()}"
        try:
            return Draft(folder, self.folder / base.mark.name, base.manifest.files) if base else Draft(folder)
        except OSError as error:
            raise unwritable(error) from error

    def publish(
        self, draft: Draft, checkpoint: Checkpoint, segments: Mapping[str, Sequence[int]], statements: int, *,
        is_whole: bool,
    ) -> tuple[Mark, Manifest]:  # fmt: skip
        """Make a generation of a draft, for a state of the store, and put it in force. Raises IndexUnavailable."""
        folder = self.folder / self._next_name()
        try:
            files = {name: seal for name, seal in draft.seals().items() if is_content(name)}
            if not segments.keys() <= files.keys():
                raise IndexUnavailable("The index cannot be written: its folder was changed meanwhile.")
            made = (checkpoint.store_id, checkpoint.sequence, self.model_id, KEYWORD_FORMAT, STATEMENT_FORMAT)
            manifest = Manifest(*made, is_whole, statements, segments, files)
            content = json.dumps({**vars(manifest), "files": write_seals(files)})
            write_durably(draft.folder / MANIFEST, content)
            draft.folder.replace(folder)
            mark = Mark(folder.name, hashlib.sha256(content.encode()).hexdigest())
            write_durably(self.folder / "CURRENT", f"{mark.name} {mark.sha256}")
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)  # each try would leave another one
            raise unwritable(error) from error
        for old in self.folder.glob("gen-*"):
            if old != folder:  # a process that still searches it holds its files open
                shutil.rmtree(old, ignore_errors=True)
        return mark, manifest

    def _next_name(self) -> str:
        # No name comes twice, not even where a folder was lost: by its mark a process knows what it looked at before.
        current = self.current()
        names = [*(path.name for path in self.folder.glob("gen-*")), current.name if current else ""]
        numbers = [int(name[4:]) for name in names if NUMBERED.fullmatch(name)]
        return f"gen-{max([0, *numbers]) + 1}"

    @contextmanager
    def building(self, *, wait: bool = True) -> Iterator[bool]:
        """The right to publish. One process at a time has it; others wait, or hear False. Raises IndexUnavailable."""
        try:
            self._make_way()
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "building.lock").open("w")
        except OSError as error:
            raise unwritable(error) from error
        with lock:
            if not lock_alone(lock, wait=wait):
                yield False
                return
            self._clear_away()
            try:
                yield True
            finally:
                self._clear_away()

    def _make_way(self) -> None:
        """Remove folders that bear the name of a file of ours: nothing could be put in their place."""
        for path in (self.folder / "CURRENT", self.folder / "building.lock"):
            if path.is_dir():
                shutil.rmtree(path)

    def _clear_away(self) -> None:
        """Remove what a process left that was killed while it built."""
        for folder in self.folder.glob(".building-*"):
            shutil.rmtree(folder, ignore_errors=True)
        for file in self.folder.glob("CURRENT.*.new"):
            file.unlink(missing_ok=True)


def unwritable(error: OSError) -> IndexUnavailable:
    """What to say where a folder cannot be written."""
    return IndexUnavailable(f"The index cannot be written: {error.strerror}.")


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
