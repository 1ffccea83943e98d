"""Files that outlast a crash of the machine, and files by which processes of one machine wait for each other."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO, Any


def to_disk(path: Path) -> None:
    """Have a file or a folder's list of names on the disk before anything goes on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock_alone(file: IO[Any], *, wait: bool = True) -> bool:
    """Have a file's lock until it is closed or the process ends; False where another has it and nobody waits."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
