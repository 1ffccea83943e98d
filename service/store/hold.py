"""Who is at work on a database file: everybody who serves, uses or restores it holds it together; who fills it, alone.

The lock lies in a file beside the database and goes with the process that holds it, however it ends. The file says
which versions of this program have held it since it was last free.
"""

from __future__ import annotations

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

from index.store.migrations import newest
from service.errors import GegencheckError
from service.store.database import MIGRATIONS
from service.store.private_files import PRIVATE_FILE, PRIVATE_FOLDER
from service.versions import program_version

BRIEF_SECONDS = 1.0  # whoever comes first holds it alone for a moment, to write down its version
LOOK_SECONDS = 0.02
MOST_BYTES = 65536  # read of what the file says


class DataInUse(GegencheckError):
    """Another process is at work on the data folder."""

    code = "data-in-use"


@dataclass(frozen=True, slots=True)
class Hold:
    """A held database; `descriptor` is that of the locked file, None where there is nothing to lock."""

    descriptor: int | None

    def release(self) -> None:
        """Let others have it."""
        if self.descriptor is not None:
            try:
                os.close(self.descriptor)
            except OSError:  # released before
                return

    def refuse_other_versions(self) -> None:
        """Raises DataInUse where somebody may be at work who knows nothing of what this version does."""
        if self.descriptor is None:
            raise DataInUse("The data folder cannot be locked: check who owns it, and its file system.")
        if _versions(self.descriptor) != {_own_version()}:
            raise DataInUse(
                "A service, worker or command of another version of Gegencheck is using this data folder: stop "
                "everything and start it again with this version, then try again."
            )


UNHELD = Hold(None)


def hold_beside(database: Path | None) -> Hold:
    """Hold a database beside others; None, which is no file, needs no hold. Raises DataInUse while one holds it alone.

    A file system without locks serves all the same; a folder that cannot be written says so later.
    """
    if database is None:
        return UNHELD
    try:
        descriptor = _open(database)
    except OSError:
        return UNHELD
    try:
        if _try(descriptor, fcntl.LOCK_EX):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, _own_version())
        until = time.monotonic() + BRIEF_SECONDS
        while not _try(descriptor, fcntl.LOCK_SH):
            if time.monotonic() >= until:
                raise DataInUse("A database is being copied into this data folder: try again when that is done.")
            time.sleep(LOOK_SECONDS)
        # Where nothing is written somebody holds it who wrote nothing: that must stay to be seen.
        if _versions(descriptor) - {_own_version()} == _versions(descriptor) != set():
            os.write(descriptor, _own_version())
    except OSError:
        os.close(descriptor)
        return UNHELD
    except BaseException:
        os.close(descriptor)
        raise
    return Hold(descriptor)


def hold_alone(database: Path) -> Hold:
    """Hold a database alone. Raises DataInUse while anybody else holds it."""
    try:
        descriptor = _open(database)
    except OSError as error:
        raise DataInUse(f"The data folder cannot be locked ({error.strerror}): check who owns it.") from None
    try:
        if _try(descriptor, fcntl.LOCK_EX):
            return Hold(descriptor)
    except OSError as error:
        os.close(descriptor)
        raise DataInUse(f"The data folder cannot be locked ({error.strerror}): check who owns it.") from None
    os.close(descriptor)
    raise DataInUse("A service, worker or command is using this data folder: stop it, then try again.")


def _open(database: Path) -> int:
    database.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    lock = database.with_name(f"{database.name}.lock")
    return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _versions(descriptor: int) -> set[bytes]:
    return set(os.pread(descriptor, MOST_BYTES, 0).splitlines(keepends=True))


def _own_version() -> bytes:
    """This program's, and those of the tables that it knows."""
    return f"{program_version()} {newest()} {newest(MIGRATIONS)}\n".encode()
