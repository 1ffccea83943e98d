"""The errors of the index, one tree. Library errors are translated into these where the library is called.

IndexFault
├── ModelUnavailable      weights missing, damaged, or not the ones expected
├── IndexUnavailable      no index on disk, or one that cannot be read
├── StoreUnavailable      the database cannot be opened, read or written (full disk included)
├── StatementNotFound     no such statement, or it was deleted
└── ImportRejected        the whole input is unreadable (a single bad review is reported, not raised)
"""

from __future__ import annotations


class IndexFault(Exception):
    """Anything the index cannot do. The message says what to do about it."""


class ModelUnavailable(IndexFault):
    """Weights are missing, damaged, or not the ones expected."""


class IndexUnavailable(IndexFault):
    """There is no index on disk, or it cannot be read."""


class StoreUnavailable(IndexFault):
    """The database cannot be opened, read or written."""


class StatementNotFound(IndexFault):
    """There is no statement with this id, or it was deleted."""


class ImportRejected(IndexFault):
    """Nothing of the input can be read as ClaimReview."""
