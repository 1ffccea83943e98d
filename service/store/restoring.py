"""Restoring a backup while others are at work: made ready beside the database, then copied into it in one transaction.

SQLite's own backup call writes the copy: whoever reads meanwhile sees all of the former data, afterwards all of the
restored ones, and where the command is killed the former stay. Whoever wants to write waits for so long.

The restored store goes by a new name. By that running processes notice: no index, list or filter of the former data
answers any more, and what was begun for those writes nothing (`index/store/one_store.py`).
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from index.disk import lock_alone, to_disk
from index.errors import StoreUnavailable
from index.store.database import BUSY, BUSY_SECONDS, writing
from index.store.statements import StatementStore
from service.clock import SystemClock
from service.config import Settings
from service.store.account_sessions import end_every_session
from service.store.audit import note_whole
from service.store.backup_file import (
    DATABASE,
    FILTER_KEY,
    BackupRefused,
    Manifest,
    check_integrity,
    count_rows,
    open_backup,
    read_checkpoint,
    refusing,
    sqlite_file,
    waiting_bodies,
)
from service.store.database import PATIENCE_SECONDS, open_tables
from service.store.hold import DataInUse, Hold, hold_beside
from service.store.page_filter import KEY_BYTES, KEY_NAME
from service.store.private_files import PRIVATE_FILE, PRIVATE_FOLDER, keep_private
from service.store.secrets import SecretStore

STAGED = ".restoring"  # a folder beside the database, named after it
NO_DATABASE = (
    "The database in this data folder is damaged, or none: stop what uses it, move {name} and the files whose names "
    "begin so away, then restore again. Nothing was changed."
)
PAGES = 1000  # copied at a time

Say = Callable[[str], None]


def restore_backup(settings: Settings, source: Path, say: Say = lambda _: None) -> Manifest:
    """Replace the data by those of a backup. Raises BackupRefused or DataInUse, and then nothing was changed."""
    database = sqlite_file(settings)
    keep_private(settings.data_dir, database)
    hold = hold_beside(database)
    try:
        hold.refuse_other_versions()
        with refusing("The backup cannot be restored"), _staging(database) as staged:
            say("Reading and checking the backup …")
            with open_backup(source) as content:
                manifest = content.manifest
                content.unpack(staged)
            _make_ready(staged / DATABASE, manifest)
            say("Putting it in place …")
            _put_in_place(Place(database, settings.data_dir, hold), staged)
            return manifest
    finally:
        hold.release()


def clear_away(database: Path | None) -> None:
    """Remove what a restore left that was killed: a copy of a backup."""
    if database is not None and database.with_name(database.name + STAGED).exists():
        with suppress(OSError, DataInUse), _staging(database):
            pass


@contextmanager
def _staging(database: Path) -> Iterator[Path]:
    """A private folder beside the database, empty, and removed at the end.

    Raises DataInUse while another restore is at work.
    """
    staged = database.with_name(database.name + STAGED)
    with database.with_name(f"{staged.name}.lock").open("w") as lock:
        if not lock_alone(lock, wait=False):
            raise DataInUse("Another backup is being restored into this data folder.")
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir(mode=PRIVATE_FOLDER)
        try:
            yield staged
        finally:
            shutil.rmtree(staged, ignore_errors=True)


# ---------------------------------------------------------------- making it ready


def _make_ready(copy: Path, manifest: Manifest) -> None:
    """See that a database is whole and ours, bring it up to date, and make it one that has been restored.

    Raises BackupRefused.
    """
    with closing(sqlite3.connect(copy)) as opened:
        check_integrity(opened)
        if count_rows(opened) != manifest.rows or read_checkpoint(opened) != (manifest.store_id, manifest.sequence):
            raise BackupRefused("The backup's database is not the one that it describes. Nothing was changed.")
    try:
        store = StatementStore.open(f"sqlite:///{copy}")
        try:
            open_tables(store.engine)
            _keep_filter_key(store, copy.with_name(FILTER_KEY))
            with writing(store.engine) as connection:
                state = f"backup {manifest.store_id}-{manifest.sequence:06d} of {manifest.made_at}"
                note_whole(connection, SystemClock(), "restore", state)
                end_every_session(connection)
        finally:
            store.close()
    except StoreUnavailable as fault:
        raise BackupRefused(f"{fault} Nothing was changed.") from fault
    with closing(sqlite3.connect(copy)) as opened:
        opened.execute("UPDATE statement_store SET store_id = ?", (secrets.token_hex(4),))
        # Whoever worked on something when the backup was made works on it no more.
        opened.execute("UPDATE jobs SET worker = NULL, available_at = NULL WHERE worker IS NOT NULL")
        opened.commit()
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        opened.execute("PRAGMA journal_mode = DELETE")  # one file, which nobody else needs to see whole


def _keep_filter_key(store: StatementStore, file: Path) -> None:
    """Take over the filter's key where an earlier version had it in a file."""
    with suppress(FileNotFoundError):
        key = file.read_bytes()
        if len(key) == KEY_BYTES:
            SecretStore(store.engine).get_or_make(KEY_NAME, lambda: key)


# ---------------------------------------------------------------- putting it in place


@dataclass(frozen=True, slots=True)
class Place:
    """Where the data go: the database, the folder with what belongs to it, and the hold on both."""

    database: Path
    data_dir: Path
    hold: Hold

    def body(self, name: str) -> Path:
        """Where the body of an import, or a picture, lies."""
        return self.data_dir / "imports" / name


def _put_in_place(place: Place, staged: Path) -> None:
    """All of what was made ready to its place, or nothing of it."""
    before: set[str] = set()
    with closing(_open(place.database)) as live:
        try:
            _use_pages_like(live, staged / DATABASE)
            with closing(sqlite3.connect(staged / DATABASE)) as copy:
                (pages,) = copy.execute("PRAGMA page_count").fetchone()
                copying = Copying(lambda: before.update(_put_files_in_place(place, staged)))
                # In three steps at least: after the first one nobody else can write, and nothing is decided.
                copy.backup(live, pages=min(PAGES, (pages - 1) // 2), progress=copying)
        finally:
            _overwrite_former(live)
    for name in before - waiting_bodies(staged / DATABASE):
        with suppress(OSError):  # then it strays, and is deleted as such
            place.body(name).unlink(missing_ok=True)


def _open(database: Path) -> sqlite3.Connection:
    """The database in use. Raises BackupRefused where it is none."""
    live = sqlite3.connect(database, timeout=BUSY_SECONDS)
    try:
        live.execute("PRAGMA journal_mode = WAL")
        live.execute("PRAGMA synchronous = FULL")  # once it is done it outlasts a power cut
    except sqlite3.DatabaseError as fault:
        live.close()
        if isinstance(fault, sqlite3.OperationalError):  # busy, say, or somebody else's
            raise
        raise BackupRefused(NO_DATABASE.format(name=database.name)) from fault
    return live


def _overwrite_former(live: sqlite3.Connection) -> None:
    """Bring the copy from SQLite's log to its file, and empty the log. Readers delay it to the next who does so."""
    with suppress(sqlite3.Error):
        live.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()  # which lets others write
        live.execute(f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}")
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


class Copying:
    """Told how far SQLite is. Does something once when nobody else can write any more, before anything is decided."""

    def __init__(self, when_alone: Callable[[], None]) -> None:
        self._when_alone, self._until, self._is_alone = when_alone, time.monotonic() + BUSY_SECONDS, False

    def __call__(self, status: int, _remaining: int, _total: int) -> None:
        """Raises BackupRefused where others write for longer than anybody waits."""
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            if time.monotonic() >= self._until:
                raise BackupRefused(f"{BUSY} Nothing was changed.")
        elif not self._is_alone:
            self._is_alone = True
            self._when_alone()


def _put_files_in_place(place: Place, staged: Path) -> set[str]:
    """What belongs to the data to be restored to its place, where nothing refers to it yet.

    Returns which bodies the former data know. Nobody else writes now, so that is exact, and nobody removes a body that
    both know: whoever does so writes meanwhile. Raises DataInUse, OSError.
    """
    place.hold.refuse_other_versions()
    for path in sorted(staged.glob("imports/*.body")):
        _move(path, place.body(path.name))
    with suppress(sqlite3.Error):  # an empty or foreign database knows none
        return waiting_bodies(place.database)
    return set()


def _move(path: Path, target: Path) -> None:
    """Move a file, to another file system too, so that the target is always whole."""
    target.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    aside = target.with_name(f"{target.name}.new")
    shutil.copyfile(path, aside)
    aside.chmod(PRIVATE_FILE)
    to_disk(aside)
    aside.replace(target)
    to_disk(target.parent)


def _use_pages_like(live: sqlite3.Connection, copy: Path) -> None:
    """Give the copy the page size of the database in use, which cannot change it."""
    (size,) = live.execute("PRAGMA page_size").fetchone()
    with closing(sqlite3.connect(copy)) as opened:
        if opened.execute("PRAGMA page_size").fetchone() != (size,):
            opened.execute(f"PRAGMA page_size = {size}")
            opened.execute("VACUUM")
