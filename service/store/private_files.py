"""Files that only their owner may read: all of the data folder, whatever the umask, existing files included."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
OTHERS = 0o077
# What is ours in the data folder; whatever else lies there is left alone.
DATABASE_SUFFIXES = ("", "-wal", "-shm", "-journal", ".lock")
OWN_NAMES = ("gegencheck.db*", "filter.key*", "imports", "index", "models")


def keep_private(data_dir: Path, database: Path | None, close: Callable[[Path], bool] | None = None) -> None:
    """Close the data folder and the database's files to others, and whatever this process makes from now on.

    A file system without modes, or files of somebody else's, are told of in the log and change nothing else.
    """
    os.umask(OTHERS)
    with suppress(OSError):
        data_dir.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    still_open = sum(not (close or _close)(path) for path in _own_files(data_dir, database))
    if still_open:
        log.warning(
            "%d files of the data folder stay readable for others on this machine: they belong to somebody else, or "
            "the file system keeps no modes. Put the data folder where only this service's user can go.",
            still_open,
        )


def write_private(path: Path) -> int:
    """A new file that only its owner may read, opened for writing; the descriptor. Raises OSError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), PRIVATE_FILE)


def _own_files(data_dir: Path, database: Path | None) -> Iterator[Path]:
    if data_dir.is_dir() and not data_dir.stat().st_mode & stat.S_ISVTX:  # /tmp and the like are everybody's
        yield data_dir
    for pattern in OWN_NAMES:
        for path in data_dir.glob(pattern):
            yield path
            if path.is_dir() and not path.is_symlink():  # what a link leads to may be shared on purpose
                for folder, folders, files in os.walk(path):
                    yield from (Path(folder) / name for name in (*folders, *files))
    if database is not None:  # it may lie elsewhere, or go by another name
        yield from (database.with_name(f"{database.name}{suffix}") for suffix in DATABASE_SUFFIXES)


def _close(path: Path) -> bool:
    """Whether nobody else may read or enter `path`, now at the latest. What went meanwhile is closed."""
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode) or not found.st_mode & OTHERS:
            return True
        path.chmod(PRIVATE_FOLDER if stat.S_ISDIR(found.st_mode) else PRIVATE_FILE)
        return not path.lstat().st_mode & OTHERS
    except FileNotFoundError:
        return True
    except OSError:
        return False
