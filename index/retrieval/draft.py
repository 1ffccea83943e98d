"""Draft: a generation in the making, in a folder of its own, beginning with the files of the one before."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from index.digests import Seal, list_files, seal_of

Signature = tuple[int, int, int]


class Draft:
    """Files that go on from a generation to the next are linked, and keep the seals that they had.

    Nobody writes into a file that is there: FAISS and tantivy write new ones and put them in place whole. To keep a
    seal is not only quicker: a file that was damaged meanwhile would be sealed as it is now.
    """

    def __init__(self, folder: Path, base: Path | None = None, seals: Mapping[str, Seal] | None = None) -> None:
        """A draft in `folder`, with those files of `base` that have seals. Raises OSError."""
        self.folder = folder
        self._kept: dict[str, tuple[Seal, Signature]] = {}
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, seal in (seals or {}).items() if base else ():
            link(base / name, folder / name)  # type: ignore[operator]
            self._kept[name] = (seal, signature(folder / name))

    def drop(self, names: Collection[str]) -> None:
        """Leave files of the generation before out; that one is gone already is no fault."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def seals(self) -> dict[str, Seal]:
        """The seals of all files that are there now. Raises OSError."""
        found = {}
        for name in list_files(self.folder):
            path, (seal, before) = self.folder / name, self._kept.get(name, (None, None))
            found[name] = seal if seal and signature(path) == before else seal_of(path)
        return found


def link(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the file system knows no such thing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


def signature(path: Path) -> Signature:
    """Tells a file from one that was put in its place."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
