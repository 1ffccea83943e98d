"""A backup: one tar file with a copy of the database and the bodies of imports, and the pictures, that still wait.

The key that signs the page filter is in the database; where an earlier version left one in a file, that comes along.

It is made while the service goes on, by SQLite's own backup call, which copies one committed state. Index and models
are left out: they are made anew. `manifest.json` comes first names every file with
its size and SHA-256, and has a digest of its own.
"""

from __future__ import annotations

import fcntl
import io
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from index.disk import to_disk
from service.config import Settings
from service.store.backup_file import (
    DATABASE,
    FILTER_KEY,
    FORMAT,
    MANIFEST,
    BackupRefused,
    Manifest,
    check_integrity,
    count_rows,
    measure,
    open_backup,
    read_checkpoint,
    refusing,
    sealed,
    sqlite_file,
    waiting_bodies,
)
from service.store.hold import hold_beside
from service.store.private_files import PRIVATE_FILE
from service.versions import program_version

SUFFIX = ".tar"
ASIDE = ".gegencheck-backup-"
TRIES = 5

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made."""

    path: Path
    size: int
    manifest: Manifest


def write_backup(settings: Settings, target: Path, say: Say = lambda _: None) -> Backup:
    """Write a backup to `target`, a new file, or a folder to make one in. Raises BackupRefused, DataInUse.

    It appears under its name only when it is whole, on the disk and read again.
    """
    database = sqlite_file(settings)
    if not database.is_file():
        raise BackupRefused("There is no database to back up in this data folder.")
    moment = datetime.now(UTC)
    if not target.is_dir() and target.suffix != SUFFIX:
        raise BackupRefused(f"Name an existing folder, or a file that ends in {SUFFIX}.")
    if target.is_dir():
        target /= f"gegencheck-{moment:%Y%m%d-%H%M%S}{SUFFIX}"
    if target.exists():
        raise BackupRefused(f"{target.name} already exists: name a new file, or a folder.")
    hold = hold_beside(database)
    try:
        with refusing("The backup cannot be written"), _aside(target.parent) as aside:
            say("Copying the database …")
            manifest = _write_tar(settings, database, aside, moment)
            say("Reading the backup again …")
            with open_backup(aside / "backup.tar") as content:
                content.check_files()
            _put_in_place(aside / "backup.tar", target)
            return Backup(target, target.stat().st_size, manifest)
    finally:
        hold.release()


# ---------------------------------------------------------------- making one


def _write_tar(settings: Settings, database: Path, aside: Path, moment: datetime) -> Manifest:
    with ExitStack() as held:
        for _ in range(TRIES):
            bodies = _open_bodies(settings.data_dir / "imports", held)
            copy_database(database, aside / DATABASE)
            waiting = waiting_bodies(aside / DATABASE)
            bodies |= _open_bodies(settings.data_dir / "imports", held, waiting - set(bodies))
            if waiting <= set(bodies):
                break
            # Else one was read and removed while the copy was made, which the next copy knows; or it was lost before,
            # and that import will say so: no reason to go without a backup.
        files: dict[str, IO[bytes]] = {DATABASE: held.enter_context((aside / DATABASE).open("rb"))}
        with suppress(FileNotFoundError):
            files[FILTER_KEY] = held.enter_context((settings.data_dir / "filter.key").open("rb"))
        files |= {f"imports/{name}": bodies[name] for name in sorted(waiting & set(bodies))}
        manifest = _describe(aside / DATABASE, files, moment)
        with (aside / "backup.tar").open("wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                content = sealed(manifest)
                _add(tar, MANIFEST, io.BytesIO(content), len(content), moment)
                for name, (size, _) in manifest.files.items():
                    _add(tar, name, files[name], size, moment)
            file.flush()
            os.fsync(file.fileno())
    return manifest


def copy_database(source: Path, target: Path) -> None:
    """Copy one committed state of a database that is in use, and check it. Raises BackupRefused."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as live:
        before = read_checkpoint(live)
        with closing(sqlite3.connect(target)) as copy:
            live.backup(copy)  # all pages in one step: one state, and no writer has to wait
            copy.execute("PRAGMA journal_mode = DELETE")  # a single file
            check_integrity(copy)
            after = read_checkpoint(copy)
    if before[0] != after[0] or before[1] > after[1]:
        raise BackupRefused("The copy does not hold what the database held before: try again.")


def _open_bodies(folder: Path, held: ExitStack, names: set[str] | None = None) -> dict[str, IO[bytes]]:
    # An open file can be read to its end, also where a worker removes it meanwhile.
    found: dict[str, IO[bytes]] = {}
    for path in folder.glob("*.body"):
        if names is None or path.name in names:
            with suppress(FileNotFoundError):
                found[path.name] = held.enter_context(path.open("rb"))
    return found


def _describe(copy: Path, files: dict[str, IO[bytes]], moment: datetime) -> Manifest:
    with closing(sqlite3.connect(copy)) as database:
        rows, (store_id, sequence) = count_rows(database), read_checkpoint(database)
    measured = {}
    for name, file in files.items():
        measured[name] = measure(file)
        file.seek(0)
    made_at = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return Manifest(FORMAT, program_version(), made_at, store_id, sequence, rows, measured)


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int, moment: datetime) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(moment.timestamp())
    tar.addfile(entry, content)


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A private folder beside the target, removed at the end; those of processes that were killed go too."""
    for left in folder.glob(f"{ASIDE}*"):
        with suppress(OSError), (left / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=folder))
    try:
        with (aside / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _put_in_place(made: Path, target: Path) -> None:
    made.chmod(PRIVATE_FILE)
    try:
        os.link(made, target)  # unlike a rename it never replaces what came there meanwhile
    except FileExistsError:
        raise BackupRefused(f"{target.name} already exists: name a new file, or a folder.") from None
    except OSError:  # a file system without links
        made.rename(target)
    to_disk(target.parent)
