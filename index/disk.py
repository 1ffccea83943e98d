"""Files that outlast a crash of the machine."""

from __future__ import annotations

import os
from pathlib import Path


def to_disk(path: Path) -> None:
    """Have a file or a folder's list of names on the disk before anything goes on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
