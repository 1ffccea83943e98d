"""What is too big for a row: kept under a name, written in parts, whole before anybody is told of it.

Files in the data folder, readable for their owner alone; where several machines share a database, rows of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

import sqlalchemy as sa

from index.errors import StoreUnavailable
from index.store.database import reading, writing
from service.clock import Clock
from service.store.private_files import PRIVATE_FOLDER, write_private
from service.store.tables import blobs

PART_BYTES = 1024 * 1024


class NewBlob(Protocol):
    """A blob on its way in. Nobody else sees it before it is kept."""

    def write(self, part: bytes) -> None:
        """Take in a part. Raises StoreUnavailable where there is no room for it."""

    def read(self) -> bytes:
        """All that was written; for what is known to be small. Raises StoreUnavailable."""

    def keep(self) -> None:
        """Make sure that it outlasts a crash. Raises StoreUnavailable."""

    def discard(self) -> None:
        """Leave nothing of it, kept or not."""


class BlobStore(Protocol):
    """Blobs under names like `imports/1f….body`: a folder and a name in it."""

    def create(self, name: str) -> NewBlob:
        """A new blob; nothing is stored before something is written. Raises StoreUnavailable."""

    def open(self, name: str) -> BinaryIO:
        """A blob to read, as a file with a descriptor. Raises StoreUnavailable where it is gone."""

    def delete(self, name: str, within: sa.Connection | None = None) -> None:
        """Remove a blob, in a transaction where one is given; that there is none is no fault."""

    def names(self, folder: str, before: datetime) -> list[str]:
        """Those of a folder that were written before an instant."""


def open_blobs(engine: sa.Engine, data_dir: Path, clock: Clock) -> BlobStore:
    """Where the blobs of a database lie: in the data folder, or in the database where that may be shared."""
    files = FileBlobs(data_dir)
    return files if engine.dialect.name == "sqlite" else DatabaseBlobs(engine, clock, files)


# ---------------------------------------------------------------- files


class FileBlobs:
    """Blobs as files of a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def create(self, name: str) -> NewBlob:
        """A new file, private and never in place of another."""
        return NewFile(self.root / name)

    def open(self, name: str) -> BinaryIO:
        """The file. Raises StoreUnavailable."""
        try:
            return (self.root / name).open("rb")
        except OSError as error:
            raise _gone(error.strerror) from None

    def delete(self, name: str, within: sa.Connection | None = None) -> None:  # noqa: ARG002 - files know none
        """Remove the file."""
        (self.root / name).unlink(missing_ok=True)

    def names(self, folder: str, before: datetime) -> list[str]:
        """Files by the time of their last change."""
        found = []
        for path in sorted((self.root / folder).glob("*")) if (self.root / folder).is_dir() else ():
            with suppress(FileNotFoundError):  # gone meanwhile
                if path.stat().st_mtime < before.timestamp():
                    found.append(f"{folder}/{path.name}")
        return found


class NewFile:
    """A file on its way in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def write(self, part: bytes) -> None:
        """Take in a part. Raises StoreUnavailable."""
        with _faults_said():
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
                self._file = os.fdopen(write_private(self._path), "wb")
            self._file.write(part)

    def read(self) -> bytes:
        """All that was written."""
        if self._file is None:
            return b""
        with _faults_said():
            self._file.flush()
            return self._path.read_bytes()

    def keep(self) -> None:
        """Have it on the disk. Raises StoreUnavailable."""
        with _faults_said():
            if self._file is not None:
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()

    def discard(self) -> None:
        """Remove the file."""
        if self._file is not None:
            _close(self._file)
            with suppress(OSError):
                self._path.unlink()


# ---------------------------------------------------------------- rows


class DatabaseBlobs:
    """Blobs as rows of the database, so that every machine reads what one took in.

    `former` are the files of a version that kept them in the data folder.
    """

    def __init__(self, engine: sa.Engine, clock: Clock, former: FileBlobs) -> None:
        self.engine, self.clock, self.former = engine, clock, former

    def create(self, name: str) -> NewBlob:
        """A new blob, in a temporary file until it is kept."""
        return NewRows(self, name)

    def open(self, name: str) -> BinaryIO:
        """A copy in a temporary file. Raises StoreUnavailable."""
        copy = _temporary_file()  # the caller closes it
        try:
            with _faults_said(), reading(self.engine) as connection:
                for part in read_parts(connection, name):
                    copy.write(part)
                size = copy.tell()
                copy.seek(0)
        except BaseException:
            _close(copy)
            raise
        if not size:
            _close(copy)
            return self.former.open(name)
        return copy

    def delete(self, name: str, within: sa.Connection | None = None) -> None:
        """Remove the rows, and the file of a former version."""
        with writing(self.engine) if within is None else nullcontext(within) as connection:
            connection.execute(sa.delete(blobs).where(blobs.c.name == name))
        self.former.delete(name)

    def names(self, folder: str, before: datetime) -> list[str]:
        """Blobs by the time at which they began to be written."""
        inside = blobs.c.name.startswith(f"{folder}/", autoescape=True) & (blobs.c.part == 0)
        with reading(self.engine) as connection:
            rows = connection.execute(sa.select(blobs.c.name).where(inside, blobs.c.written_at < before)).scalars()
            found = {str(name) for name in rows}
        return sorted(found | set(self.former.names(folder, before)))


class NewRows:
    """A blob on its way into the database; each part in a transaction of its own, so that nobody waits long for it."""

    def __init__(self, store: DatabaseBlobs, name: str) -> None:
        self._store, self._name = store, name
        self._file = _temporary_file()  # discarded or kept
        self._is_kept = False

    def write(self, part: bytes) -> None:
        """Take in a part. Raises StoreUnavailable."""
        with _faults_said():
            self._file.write(part)

    def read(self) -> bytes:
        """All that was written."""
        with _faults_said():
            self._file.seek(0)
            content = self._file.read()
            self._file.seek(0, os.SEEK_END)
        return content

    def keep(self) -> None:
        """Have it in the database. Raises StoreUnavailable."""
        self._is_kept = True  # in part, where this fails
        with _faults_said():
            self._file.seek(0)
            for number, part in parts_of(self._file):
                with writing(self._store.engine) as connection:
                    put_part(connection, self._name, number, part, self._store.clock.shared(connection))
            self._file.close()

    def discard(self) -> None:
        """Remove the rows."""
        _close(self._file)
        if self._is_kept:
            with suppress(StoreUnavailable):  # else it strays, and is deleted as such
                self._store.delete(self._name)


def parts_of(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """What is left of a file in parts, numbered, one in memory at a time."""
    return enumerate(iter(lambda: file.read(PART_BYTES), b""))


def put_part(connection: sa.Connection, name: str, part: int, content: bytes, now: datetime) -> None:
    """Store a part of a blob."""
    connection.execute(sa.insert(blobs).values(name=name, part=part, content=content, written_at=now))


def read_parts(connection: sa.Connection, name: str) -> Iterator[bytes]:
    """The parts of a blob, one in memory at a time; none where there is no such blob."""
    query = sa.select(blobs.c.content).where(blobs.c.name == name).order_by(blobs.c.part)
    with connection.execute(query.execution_options(yield_per=1)) as found:
        yield from map(bytes, found.scalars())


# ---------------------------------------------------------------- faults


def _temporary_file() -> BinaryIO:
    with _faults_said():
        return TemporaryFile()


def _close(file: BinaryIO) -> None:
    """Close a file of which nothing is needed any more, written out or not."""
    with suppress(OSError):
        file.close()


@contextmanager
def _faults_said() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(
            f"What was sent cannot be stored ({error.strerror}): make room, then send it again."
        ) from None


def _gone(why: str | None) -> StoreUnavailable:
    return StoreUnavailable(f"What was sent cannot be read any more ({why}): send it again.")
