"""A body that comes in and waits for a worker, of an import or a picture: a blob, and what is to be known of it."""

from __future__ import annotations

import hashlib
from typing import Any

import sqlalchemy as sa

from service.store.blobs import BlobStore
from service.store.check_rows import PICTURE
from service.store.tables import checks, imports

FOLDER = "imports"  # named so when nothing else had a body


class Spool:
    """A body that is being written. It is gone when closed, unless it was handed over."""

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
        """Leave the body, where it was kept, to the import or check that is committed now."""
        self._is_handed_over = self._is_kept

    def close(self) -> None:
        """Remove the body, unless it was handed over."""
        if not self._is_handed_over:
            self._blob.discard()


def body_name(id: str) -> str:
    """The blob that holds the body of an import, or the picture of a check."""
    return f"{FOLDER}/{id}.body"


def waiting_ids() -> sa.CompoundSelect[Any]:
    """Asks for the ids of the imports and checks that still need their bodies."""
    of_imports = sa.select(imports.c.id).where(imports.c.finished_at.is_(None), imports.c.url.is_(None))
    return of_imports.union_all(sa.select(checks.c.id).where(checks.c.finished_at.is_(None), checks.c.kind == PICTURE))


def drop_pictures(blobs: BlobStore, connection: sa.Connection, ids: list[str]) -> None:
    """Remove the pictures of some checks that were not read yet."""
    wait = checks.c.id.in_(ids) & (checks.c.kind == PICTURE) & checks.c.finished_at.is_(None)
    for id in list(connection.execute(sa.select(checks.c.id).where(wait)).scalars()):
        blobs.delete(body_name(id), connection)
