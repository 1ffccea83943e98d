"""The file that a backup is: what it names, how it is read and checked, and what is no backup."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from service.config import Settings
from service.errors import GegencheckError
from service.store.private_files import PRIVATE_FOLDER, write_private

FORMAT = 1  # raise it when an older program could not read a newer file
MANIFEST, DATABASE, FILTER_KEY = "manifest.json", "gegencheck.db", "filter.key"
SEAL = "digest"  # of the manifest's other fields, in the manifest
BODY = re.compile(r"imports/[0-9a-f]{32}\.body")
MAX_MANIFEST_BYTES = 64 * 1024 * 1024
CHUNK = 1024 * 1024

ADVICE = {
    "full": "make room on the disk, then try again",
    "disk I/O": "make room on the disk, then try again",
    "locked": "somebody else has been writing to the database for too long, try again",
    "readonly": "check who owns the data folder",
    "unable to open": "check the folder and who owns it",
}
OTHERWISE = "it is damaged, or not a database of Gegencheck"
DAMAGED = "The backup is damaged or incomplete: {what}. Use another one; nothing was changed."


class BackupRefused(GegencheckError):
    """A backup cannot be made, or what is to be restored is none that can be. Nothing was changed."""

    code = "backup-refused"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: `rows` by table, `files` by name with their size and SHA-256."""

    format: int
    program: str
    made_at: str
    store_id: str
    sequence: int
    rows: dict[str, int]
    files: dict[str, tuple[int, str]]


class BackupContent:
    """An opened backup. Its files are copied only where the manifest names them, and only as it describes them."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar, self.manifest = tar, manifest

    def check_files(self) -> None:
        """Read everything and compare it with the manifest. Raises BackupRefused."""
        self._read(None)

    def unpack(self, folder: Path) -> None:
        """Write the files into a folder, each checked. Raises BackupRefused."""
        self._read(folder)

    def _read(self, folder: Path | None) -> None:
        seen = set()
        for entry in self._tar:
            if entry.name == MANIFEST:
                continue
            if entry.name not in self.manifest.files or not entry.isreg() or entry.name in seen:
                raise BackupRefused(DAMAGED.format(what="it holds a file that its list does not name"))
            seen.add(entry.name)
            content = self._tar.extractfile(entry)
            described = self.manifest.files[entry.name]
            if content is None or entry.size != described[0] or _read(content, entry.name, folder) != described:
                raise BackupRefused(DAMAGED.format(what=f"{entry.name} was changed"))
        if missing := set(self.manifest.files) - seen:
            raise BackupRefused(DAMAGED.format(what=f"{min(missing)} is missing"))


def sealed(manifest: Manifest) -> bytes:
    """A manifest as it is written, with a digest of all it says."""
    row = asdict(manifest)
    return json.dumps({**row, SEAL: seal_of(row)}, indent=2).encode()


def seal_of(row: dict[str, Any]) -> str:
    """The SHA-256 of a manifest's other fields."""
    return hashlib.sha256(json.dumps(row, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@contextmanager
def open_backup(path: Path) -> Iterator[BackupContent]:
    """A backup to read. Raises BackupRefused where it is none, damaged, or of a newer program."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST or not 0 < first.size <= MAX_MANIFEST_BYTES:
                raise BackupRefused("This file is not a backup of Gegencheck. Nothing was changed.")
            content = tar.extractfile(first)
            yield BackupContent(tar, _manifest(content.read() if content else b""))
    except (tarfile.TarError, EOFError) as error:
        raise BackupRefused(
            "This file is not a backup of Gegencheck, or it is cut off. Nothing was changed."
        ) from error


def _manifest(content: bytes) -> Manifest:
    try:
        row: dict[str, Any] = json.loads(content)
        if row["format"] > FORMAT:
            raise BackupRefused(
                f"A newer version of Gegencheck ({row['program']}) made this backup: update this one. "
                "Nothing was changed."
            )
        if row.pop(SEAL) != seal_of(row):
            raise BackupRefused(DAMAGED.format(what="its list of contents was changed"))
        files = {name: (int(size), str(digest)) for name, (size, digest) in row["files"].items()}
        manifest = Manifest(**{**row, "files": files})
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BackupRefused(DAMAGED.format(what="its list of contents cannot be read")) from error
    if DATABASE not in files or not all(name in (DATABASE, FILTER_KEY) or BODY.fullmatch(name) for name in files):
        raise BackupRefused(DAMAGED.format(what="it names files that belong to no backup"))
    return manifest


def _read(content: IO[bytes], name: str, folder: Path | None) -> tuple[int, str]:
    """Size and SHA-256 of a file of the backup, which is written where there is a folder."""
    if folder is None:
        return measure(content)
    (folder / name).parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    with os.fdopen(write_private(folder / name), "wb") as target:
        measured = measure(content, target)
        target.flush()
        os.fsync(target.fileno())
    return measured


def measure(content: IO[bytes], target: IO[bytes] | None = None) -> tuple[int, str]:
    """Size and SHA-256 of what is left to read, copied to `target` meanwhile."""
    size, digest = 0, hashlib.sha256()
    while piece := content.read(CHUNK):
        size += len(piece)
        digest.update(piece)
        if target is not None:
            target.write(piece)
    return size, digest.hexdigest()


# ---------------------------------------------------------------- databases


def sqlite_file(settings: Settings) -> Path:
    """The database's file. Raises BackupRefused where it is no SQLite file."""
    if settings.database_file is None:
        raise BackupRefused(
            "Only an SQLite file is backed up and restored here. For PostgreSQL use pg_dump and pg_restore: everything "
            "is in the dump."
        )
    return settings.database_file


def check_integrity(database: sqlite3.Connection) -> None:
    """Raises BackupRefused where SQLite finds anything wrong."""
    if database.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise BackupRefused("The database is damaged: SQLite's own check of it fails.")


def count_rows(database: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    names = [name for (name,) in database.execute(query)]
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def read_checkpoint(database: sqlite3.Connection) -> tuple[str, int]:
    """Which store it is, and after which change."""
    store_id, sequence = database.execute("SELECT store_id, sequence FROM statement_store").fetchone()
    return str(store_id), int(sequence)


def waiting_bodies(database: Path) -> set[str]:
    """The files' names of the bodies that imports and checks of a database still wait for."""
    with closing(sqlite3.connect(database)) as opened:
        query = (
            "SELECT id FROM imports WHERE finished_at IS NULL AND url IS NULL "
            "UNION ALL SELECT id FROM checks WHERE finished_at IS NULL AND kind = 'pict'"
        )
        return {f"{id}.body" for (id,) in opened.execute(query)}


@contextmanager
def refusing(what: str) -> Iterator[None]:
    """Put what the disk or SQLite say into a BackupRefused."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        advice = "make room, then try again" if full else "check the folder and who owns it"
        raise BackupRefused(f"{what} ({error.strerror}): {advice}. Nothing was changed.") from error
    except sqlite3.Error as error:
        advice = next((text for sign, text in ADVICE.items() if sign in str(error)), OTHERWISE)
        raise BackupRefused(f"{what} ({type(error).__name__}): {advice}. Nothing was changed.") from error
