"""Whether this process can write where its data lie: a disk that fails is often turned read-only and can be read."""

from __future__ import annotations

import contextlib
import errno
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa

from index.errors import StoreUnavailable

SECONDS = 5.0  # between two tries, however often somebody asks
TRIED = b"x" * 4096  # a block: what a full disk does not take
REASONS = {
    errno.EROFS: "The data folder cannot be written: its disk is read-only. Check the disk.",
    errno.ENOSPC: "The disk is full: make room.",
    errno.EDQUOT: "The disk is full: make room.",
}
OTHERWISE = "The data folder cannot be written: check who owns it, and the disk."


class Writable:
    """Tries to write a small file in each of some folders, and says for a while what came of it."""

    def __init__(
        self,
        folders: Sequence[Path],
        try_folder: Callable[[Path], None] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folders, self._try, self._now = tuple(dict.fromkeys(folders)), try_folder or write_and_remove, now
        self._trying = threading.Lock()
        self._until, self._fault = 0.0, ""

    def require(self) -> None:
        """Raise StoreUnavailable where the last try failed. While another thread tries, what was known counts."""
        if self._now() >= self._until and self._trying.acquire(blocking=False):
            try:
                self._fault = self._try_all()
                self._until = self._now() + SECONDS
            finally:
                self._trying.release()
        if self._fault:
            raise StoreUnavailable(self._fault)

    def _try_all(self) -> str:
        try:
            for folder in self._folders:
                self._try(folder)
        except OSError as error:
            return REASONS.get(error.errno or 0, OTHERWISE)
        return ""


def write_and_remove(folder: Path) -> None:
    """Write a block into a folder and take it away again. Raises OSError."""
    path = folder / f".written-{secrets.token_hex(8)}"
    try:
        path.write_bytes(TRIED)
    finally:
        with contextlib.suppress(OSError):
            path.unlink()


def folders_of(data_dir: Path, engine: sa.Engine) -> tuple[Path, ...]:
    """Where data lie on disks of this machine: the data folder, and the folder of a database that is a file."""
    url = engine.url
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return (data_dir,)
    return data_dir, Path(url.database).parent
