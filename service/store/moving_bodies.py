"""The bodies of imports, and pictures, that still wait, when their database moves: between files and rows."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from index.errors import StoreUnavailable
from service.clock import SystemClock
from service.store.blobs import FileBlobs, NewBlob, parts_of, put_part, read_parts
from service.store.spool import FOLDER, body_name, waiting_ids


class MovingBodies:
    """Opened before the moment that is copied, so that what the source's workers remove meanwhile can still be read."""

    def __init__(self, source: sa.Engine, target: sa.Engine, data_dir: Path) -> None:
        self._files = FileBlobs(data_dir)
        self._from_files, self._to_files = (engine.dialect.name == "sqlite" for engine in (source, target))
        self._opened: dict[str, BinaryIO] = {}
        self._made: list[NewBlob] = []
        self._held = ExitStack()

    @property
    def are_rows(self) -> bool:
        """Whether they are rows on both sides, and copied as such."""
        return not (self._from_files or self._to_files)

    def __enter__(self) -> MovingBodies:
        if self._from_files:
            for name in self._files.names(FOLDER, datetime.now(UTC) + timedelta(days=1)):
                self._open(name)
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()
        for made in self._made:
            made.discard()

    def move(self, origin: sa.Connection, target: sa.Connection) -> int:
        """Bring those that wait to where the target looks for them; returns how many. Raises StoreUnavailable."""
        names = [body_name(id) for id in origin.execute(waiting_ids()).scalars()]
        if self.are_rows:
            return len(names)
        return sum(self._move(origin, target, name) for name in names)

    def keep(self) -> None:
        """The move was committed."""
        self._made.clear()

    def _move(self, origin: sa.Connection, target: sa.Connection, name: str) -> bool:
        """False where there is none: it was lost before, and that import will say so."""
        return self._to_rows(target, name) if self._from_files else self._to_file(origin, name)

    def _to_rows(self, target: sa.Connection, name: str) -> bool:
        body = self._open(name)
        if body is None:
            return False
        now = SystemClock().shared(target)
        for number, part in parts_of(body):
            put_part(target, name, number, part, now)
        return True

    def _to_file(self, origin: sa.Connection, name: str) -> bool:
        if not any(read_parts(origin, name)):
            return self._open(name) is not None  # a former version's, which lies there already
        if self._is_there(origin, name):
            return True
        self._files.delete(name)  # of a move that was cut off
        made = self._files.create(name)
        self._made.append(made)
        for part in read_parts(origin, name):
            made.write(part)
        made.keep()
        return True

    def _is_there(self, origin: sa.Connection, name: str) -> bool:
        """Whether the very same body lies there already: of a database that was moved away before and comes back."""
        file = self._open(name)
        same = file is not None and all(file.read(len(part)) == part for part in read_parts(origin, name))
        return same and file is not None and not file.read(1)

    def _open(self, name: str) -> BinaryIO | None:
        if name not in self._opened:
            with suppress(StoreUnavailable):
                self._opened[name] = self._held.enter_context(self._files.open(name))
        return self._opened.get(name)
