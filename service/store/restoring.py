"""Restoring a backup: checked and made ready beside the database, then put in its place at one moment.

That moment is a rename. Killed before it, the former data are untouched; killed after it, whoever opens the data folder
next brings the rest to its end first. The restored store goes by a new name, so that no index of another past is
taken for its own.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from index.disk import to_disk
from index.errors import StoreUnavailable
from index.store.database import writing
from index.store.statements import StatementStore
from service.clock import SystemClock
from service.config import Settings
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
)
from service.store.database import open_tables
from service.store.hold import UNHELD, Hold, hold_alone, hold_beside
from service.store.private_files import PRIVATE_FILE, PRIVATE_FOLDER, keep_private

STAGED, READY, FORMER = ".restoring", ".restored", ".former"  # folders beside the database, named after it
LOG_FILES = ("-wal", "-shm", "-journal")

Say = Callable[[str], None]


def hold_shared(settings: Settings) -> Hold:
    """Hold the database beside others, after bringing a restore that was cut off to its end. Raises DataInUse."""
    database = settings.database_file
    if database is None:
        return UNHELD
    if not (_beside(database, READY).exists() or _beside(database, FORMER).exists()):
        return hold_beside(database)
    hold = hold_alone(database)
    try:
        with refusing("The restored data cannot be put in place"):
            _put_in_place(database, settings.data_dir)
        hold.share()
    except BaseException:
        hold.release()
        raise
    return hold


def restore_backup(settings: Settings, source: Path, say: Say = lambda _: None) -> Manifest:
    """Replace the data by those of a backup. Raises BackupRefused or DataInUse, and then nothing was changed."""
    database = sqlite_file(settings)
    keep_private(settings.data_dir, database)
    hold = hold_alone(database)
    staged = _beside(database, STAGED)
    try:
        with refusing("The backup cannot be restored"):
            if _beside(database, READY).exists():
                _put_in_place(database, settings.data_dir)
            shutil.rmtree(staged, ignore_errors=True)
            staged.mkdir(mode=PRIVATE_FOLDER, parents=True)
            say("Reading and checking the backup …")
            with open_backup(source) as content:
                manifest = content.manifest
                content.unpack(staged)
            _make_ready(staged / DATABASE, manifest)
            to_disk(staged)
            staged.rename(_beside(database, READY))
            to_disk(database.parent)
            say("Putting it in place …")
            _put_in_place(database, settings.data_dir)
            return manifest
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        hold.release()


def _make_ready(copy: Path, manifest: Manifest) -> None:
    """See that a database is whole and ours, bring it up to date, note that it was restored, and name its store anew.

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
            with writing(store.engine) as connection:
                note_whole(connection, SystemClock(), "restore")
        finally:
            store.close()
    except StoreUnavailable as fault:
        raise BackupRefused(f"{fault} Nothing was changed.") from fault
    with closing(sqlite3.connect(copy)) as opened:
        opened.execute("UPDATE statement_store SET store_id = ?", (secrets.token_hex(4),))
        opened.commit()
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        opened.execute("PRAGMA journal_mode = DELETE")  # one file, which one rename can move
    for suffix in LOG_FILES:
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    to_disk(copy)


def _put_in_place(database: Path, data_dir: Path) -> None:
    """Everything that is ready to its place, and what was there before away; each step may be the second time."""
    ready, former = _beside(database, READY), _beside(database, FORMER)
    if (ready / DATABASE).exists():
        former.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        for suffix in (*LOG_FILES, ""):  # the log goes with its database: with another it would be played back into it
            part = database.with_name(database.name + suffix)
            if part.exists():
                part.replace(former / part.name)
        (ready / DATABASE).replace(database)
        to_disk(database.parent)
    for path in sorted(ready.glob("imports/*.body")):
        _move(path, data_dir / "imports" / path.name)
    if (ready / FILTER_KEY).exists():
        _move(ready / FILTER_KEY, data_dir / FILTER_KEY)
    shutil.rmtree(ready, ignore_errors=True)
    shutil.rmtree(former, ignore_errors=True)


def _move(path: Path, target: Path) -> None:
    """Move a file, to another file system too, so that the target is always whole."""
    target.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    aside = target.with_name(f"{target.name}.new")
    shutil.copyfile(path, aside)
    aside.chmod(PRIVATE_FILE)
    to_disk(aside)
    aside.replace(target)
    path.unlink()


def _beside(database: Path, ending: str) -> Path:
    return database.with_name(database.name + ending)
