"""Files that outlast a crash of the machine, and files by which processes of one machine wait for each other."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO, Any


def to_disk(path: Path) -> None:
    """Write a file, or a folder's list of names, through to the disk before going on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock_alone(file: IO[Any], *, wait: bool = True) -> bool:
    """Lock a file until it is closed or the process ends; False if another process has the lock and `wait` is off."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
