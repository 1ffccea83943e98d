"""Digests of files (SHA-256): of what a folder holds, and of the weights that are shipped beside the code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import ModelUnavailable, reason_of

DIGESTS_FILE = "digests.json"  # beside shipped weights: their digests by name


@dataclass(frozen=True, slots=True)
class Seal:
    """What a file's content must be."""

    bytes: int
    sha256: str

    def fits(self, path: Path) -> bool:
        """Whether the file at `path` has this content; its size is compared first. Raises OSError."""
        return path.stat().st_size == self.bytes and sha256_of(path) == self.sha256


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def list_files(folder: Path) -> list[str]:
    """The names of all files below a folder, as paths from it."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def seal_of(path: Path) -> Seal:
    """The seal of a file as it is now. Raises OSError."""
    return Seal(path.stat().st_size, sha256_of(path))


def seal_files(folder: Path) -> dict[str, Seal]:
    """A seal for each file below a folder. Raises OSError."""
    return {name: seal_of(folder / name) for name in list_files(folder)}


def write_seals(seals: Mapping[str, Seal]) -> dict[str, dict[str, Any]]:
    """Seals as a manifest keeps them."""
    return {name: asdict(seal) for name, seal in seals.items()}


def read_seals(row: Mapping[str, Mapping[str, Any]]) -> dict[str, Seal]:
    """What `write_seals` wrote. Raises TypeError, AttributeError."""
    return {name: Seal(**entry) for name, entry in row.items()}


# ---------------------------------------------------------------- shipped weights


def check_shipped(path: Path) -> str:
    """The SHA-256 of a shipped file, which must be the one noted beside it. Raises ModelUnavailable."""
    try:
        noted = json.loads(path.with_name(DIGESTS_FILE).read_text(encoding="utf-8"))[path.name]
        found = sha256_of(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(
            f"The weights {path.name} cannot be read ({reason_of(error)}): install Gegencheck again."
        ) from error
    if found != noted:
        raise ModelUnavailable(
            f"The weights {path.name} are not those that this version came with (their SHA-256 differs): "
            "install Gegencheck again."
        )
    return found


def note_shipped(path: Path) -> None:
    """Note the digest of a file that is to be shipped: training calls it for what it wrote."""
    table = path.with_name(DIGESTS_FILE)
    noted = json.loads(table.read_text(encoding="utf-8")) if table.exists() else {}
    noted[path.name] = sha256_of(path)
    table.write_text(json.dumps(noted, indent=2, sort_keys=True) + "\n", encoding="utf-8")
