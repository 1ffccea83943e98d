"""The body of an import on its way in: a blob, and what is to be known of it without reading it again."""

from __future__ import annotations

import hashlib

from service.store.blobs import BlobStore

FOLDER = "imports"


class Spool:
    """A body that is being written. It is gone when closed, unless an import took it over."""

    def __init__(self, id: str, blobs: BlobStore) -> None:
        self.id, self.size, self.is_blank = id, 0, True
        self._blob = blobs.create(body_name(id))
        self._sha256 = hashlib.sha256()
        self._is_kept = self._is_handed_over = False

    @property
    def digest(self) -> bytes:
        """SHA-256 of what was written."""
        return self._sha256.digest()

    def write(self, part: bytes) -> None:
        """Take in a part. Raises StoreUnavailable where there is no room for it."""
        self._blob.write(part)
        self._sha256.update(part)
        self.size += len(part)
        self.is_blank = self.is_blank and not part.strip()

    def read(self) -> bytes:
        """All that was written; for what is known to be small."""
        return self._blob.read()

    def keep(self) -> None:
        """Make sure that it outlasts a crash. Raises StoreUnavailable."""
        self._blob.keep()
        self._is_kept = True

    def hand_over(self) -> None:
        """Leave the body, where it was kept, to the import that is committed now."""
        self._is_handed_over = self._is_kept

    def close(self) -> None:
        """Remove the body, unless an import took it over."""
        if not self._is_handed_over:
            self._blob.discard()


def body_name(id: str) -> str:
    """The blob that holds the body of an import."""
    return f"{FOLDER}/{id}.body"
