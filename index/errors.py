"""The errors of the index, one tree. Library errors are translated into these where the library is called.

IndexFault
├── ModelUnavailable      weights missing, damaged, or not the ones expected
├── IndexUnavailable      no index on disk, or one that cannot be read
├── StoreUnavailable      the database cannot be opened, read or written (full disk included)
│   └── StoreBusy         somebody else writes for longer than anybody waits
├── StatementNotFound     no such statement, or it was deleted
└── ImportRejected        the whole input is unreadable (a single bad review is reported, not raised)
"""

from __future__ import annotations

from pathlib import PurePath


class IndexFault(Exception):
    """Anything the index cannot do. The message says what to do about it."""


class ModelUnavailable(IndexFault):
    """Weights are missing, damaged, or not the ones expected."""


class IndexUnavailable(IndexFault):
    """There is no index on disk, or it cannot be read."""


class StoreUnavailable(IndexFault):
    """The database cannot be opened, read or written."""


class StoreBusy(StoreUnavailable):
    """Somebody else writes for longer than anybody waits."""


class StatementNotFound(IndexFault):
    """There is no statement with this id, or it was deleted."""


class ImportRejected(IndexFault):
    """Nothing of the input can be read as ClaimReview."""


def reason_of(error: BaseException) -> str:
    """What went wrong, for a message that strangers may read: never a path, which libraries put into theirs."""
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


def shown_name(name_or_path: str) -> str:
    """A model's name; of a model in a folder the folder's name alone."""
    is_path = name_or_path.startswith(("/", "~", ".")) or "\\" in name_or_path
    return PurePath(name_or_path.replace("\\", "/")).name if is_path else name_or_path
