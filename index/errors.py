"""The errors of the index, one tree. Library errors are translated into these where the library is called.

IndexFault
├── ModelUnavailable      weights missing, damaged, or not the ones expected
├── IndexUnavailable      no index on disk, or one that cannot be read
├── StoreUnavailable      the database cannot be opened, read or written (full disk included)
│   ├── StoreBusy         somebody else writes for longer than anybody waits
│   └── StoreReplaced     other data took the place of those for which this was begun
├── StatementNotFound     no such statement, or it was deleted
├── StatementExists       one with this URL and claim is or was there already
├── StatementChanged      a statement is no longer what somebody read who wants to change it
├── MappingNotFound       no such mapping of rating words, or it was taken back
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


class StoreReplaced(StoreUnavailable):
    """Other data took the place of those for which this was begun."""


class StatementNotFound(IndexFault):
    """There is no statement with this id, or it was deleted."""


class StatementExists(IndexFault):
    """A statement with this URL and claim is or was there already; `id` is its id."""

    def __init__(self, id: str, *, is_retired: bool = False) -> None:
        self.id, self.is_retired = id, is_retired
        kept = "was taken out of use: bring it back" if is_retired else "is there already: revise that one"
        super().__init__(f"The statement {id!r} with the same URL and claim {kept} instead.")


class StatementChanged(IndexFault):
    """A statement is no longer what somebody read who wants to change it."""


class MappingNotFound(IndexFault):
    """There is no mapping of rating words with this id, or it was taken back."""


class ImportRejected(IndexFault):
    """Nothing of the input can be read as ClaimReview."""


def reason_of(error: BaseException) -> str:
    """What went wrong, for a message that strangers may read: never a path, which libraries put into theirs."""
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


def shown_name(name_or_path: str) -> str:
    """A model's name; of a model in a folder the folder's name alone."""
    is_path = name_or_path.startswith(("/", "~", ".")) or "\\" in name_or_path
    return PurePath(name_or_path.replace("\\", "/")).name if is_path else name_or_path
