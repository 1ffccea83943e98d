"""Who is at work on a database file: everybody who serves or uses it holds it together, a restore holds it alone.

The lock lies in a file beside the database and goes with the process that holds it, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from service.errors import GegencheckError
from service.store.private_files import PRIVATE_FILE, PRIVATE_FOLDER


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

    def share(self) -> None:
        """Turn a hold alone into one beside others."""
        if self.descriptor is not None:
            fcntl.flock(self.descriptor, fcntl.LOCK_SH)


UNHELD = Hold(None)


def hold_beside(database: Path) -> Hold:
    """Hold a database beside others. Raises DataInUse while one process holds it alone."""
    busy = "A backup is being restored into this data folder: try again when that is done."
    return _hold(database, fcntl.LOCK_SH, busy, strict=False)


def hold_alone(database: Path) -> Hold:
    """Hold a database alone. Raises DataInUse while anybody else holds it."""
    busy = "A service, worker or command is using this data folder: stop it, then try again."
    return _hold(database, fcntl.LOCK_EX, busy, strict=True)


def _hold(database: Path, kind: int, busy: str, *, strict: bool) -> Hold:
    descriptor = None
    try:
        database.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        descriptor = os.open(database.with_name(f"{database.name}.lock"), os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError as error:
        if descriptor is not None:
            os.close(descriptor)
        if isinstance(error, BlockingIOError):
            raise DataInUse(busy) from None
        if strict:
            raise DataInUse(f"The data folder cannot be locked ({error.strerror}): check who owns it.") from None
        return UNHELD  # a file system without locks serves all the same; a folder that cannot be written says so later
    return Hold(descriptor)
