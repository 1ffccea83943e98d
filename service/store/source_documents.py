"""What a source lists: which of it is still to be read, in which order, and what is known of it from the last time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from index.store.database import reading, writing
from service.clock import Clock
from service.store.source_tables import source_documents as table

MAX_TRIES = 4  # that may fail before a document is left, until its list says that it changed, or `try_again`
MOST_TRIES = 8  # of one that was never read
MAX_DOCUMENTS = 200_000  # of one source: four full sitemaps, and more than any fact-checker has published
LISTED = 200  # documents that are entered at once


@dataclass(frozen=True, slots=True)
class Document:
    """An article or a list that is to be read."""

    digest: str
    address: str
    is_list: bool
    said: Mapping[str, Any]
    etag: str | None
    last_modified: str | None


class DocumentStore:
    """Documents of sources in the database."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self.engine, self.clock = engine, clock

    def enter_root(self, source_id: str, address: str, run: int) -> None:
        """Let the list that a source begins with be read in this run, if it was not yet."""
        with writing(self.engine) as connection:
            known = _known(connection, source_id, [address])
            row = known.get(digest_of(address))
            if row is None:
                connection.execute(sa.insert(table).values(**_new(source_id, address, "", 0, is_list=True, said={})))
            elif row.tried_in != run:
                again = {"pending": True, "tries": 0, "is_list": True}
                connection.execute(sa.update(table).where(_is(source_id, row.digest)).values(**again))

    def enter(self, source_id: str, listed: Iterable[tuple[str, str, bool, dict[str, Any]]]) -> int:
        """Enter what a list names, as (address, mark, is a list, what is said of it), the first to be read first.

        What is known is read again only where its mark has changed; beyond MAX_DOCUMENTS nothing new is entered.
        Returns how many are to be read.
        """
        entries = list({digest_of(entry[0]): entry for entry in reversed(list(listed))}.values())  # oldest first
        entered, room = 0, self.room(source_id)
        for start in range(0, len(entries), LISTED):
            new, changed = self._enter(source_id, entries[start : start + LISTED], room)
            entered, room = entered + new + changed, room - new
        return entered

    def room(self, source_id: str) -> int:
        """How many further documents a source may have."""
        query = sa.select(sa.func.count()).select_from(table).where(table.c.source_id == source_id)
        with reading(self.engine) as connection:
            return max(MAX_DOCUMENTS - int(connection.execute(query).scalar_one()), 0)

    def _enter(
        self, source_id: str, entries: list[tuple[str, str, bool, dict[str, Any]]], room: int
    ) -> tuple[int, int]:
        with writing(self.engine) as connection:
            known = _known(connection, source_id, [address for address, *_ in entries])
            highest = sa.select(sa.func.max(table.c.place)).where(table.c.source_id == source_id)
            place = (connection.execute(highest).scalar() or 0) + 1
            new: list[dict[str, Any]] = []
            changed = 0
            for offset, (address, mark, is_list, said) in enumerate(entries):
                row = known.get(digest_of(address))
                if row is None:
                    if len(new) < room:
                        new.append(_new(source_id, address, mark, place + offset, is_list=is_list, said=said))
                elif (row.mark, row.said) != (mark, said):
                    values = {"mark": mark, "said": said, "place": place + offset, "pending": True, "tries": 0}
                    connection.execute(sa.update(table).where(_is(source_id, row.digest)).values(**values))
                    changed += 1
            if new:
                connection.execute(sa.insert(table), new)
        return len(new), changed

    def next(self, source_id: str, run: int, *, lists: bool = True) -> Document | None:
        """What to read next in a run: `lists` before articles, of both the newest first; None where nothing is left."""
        untried = table.c.tried_in.is_(None) | (table.c.tried_in != run)
        query = sa.select(table).where(table.c.source_id == source_id, table.c.pending, untried)
        if not lists:
            query = query.where(sa.not_(table.c.is_list))
        order = (table.c.is_list.desc(), table.c.place.desc())
        with reading(self.engine) as connection:
            row = connection.execute(query.order_by(*order).limit(1)).mappings().first()
        return Document(**{name: row[name] for name in Document.__slots__}) if row else None

    def note_read(self, source_id: str, read: Document, run: int, known: tuple[str | None, str | None] | None) -> None:
        """It was read; `known` is its entity tag and when it was last changed, None where that stays as it was."""
        values = {"pending": False, "tries": 0, "tried_in": run, "read_at": self.clock.read().at}
        if known is not None:
            values |= {"etag": known[0], "last_modified": known[1]}
        with writing(self.engine) as connection:
            connection.execute(sa.update(table).where(_is(source_id, read.digest)).values(**values))

    def note_failure(self, source_id: str, failed: Document, run: int) -> None:
        """It could not be read in this run. After MAX_TRIES runs it is left alone."""
        tries = table.c.tries + 1
        with writing(self.engine) as connection:
            values = {"tries": tries, "tried_in": run, "pending": tries < MAX_TRIES}
            connection.execute(sa.update(table).where(_is(source_id, failed.digest)).values(**values))

    def try_again(self, source_id: str, run: int) -> None:
        """Let what was never read, and left after MAX_TRIES, be tried once more in this run; MOST_TRIES in all."""
        untried = table.c.tried_in.is_(None) | (table.c.tried_in != run)
        left = sa.not_(table.c.pending) & table.c.read_at.is_(None) & table.c.tries.between(MAX_TRIES, MOST_TRIES - 1)
        with writing(self.engine) as connection:
            of_source = (table.c.source_id == source_id) & left & untried
            connection.execute(sa.update(table).where(of_source).values(pending=True))

    def forget(self, source_id: str, read: Document) -> None:
        """It will never be asked for again."""
        with writing(self.engine) as connection:
            connection.execute(sa.delete(table).where(_is(source_id, read.digest)))

    def lists_tried(self, source_id: str, run: int) -> int:
        """How many lists a run has asked for."""
        query = sa.select(sa.func.count()).select_from(table)
        tried = query.where(table.c.source_id == source_id, table.c.is_list, table.c.tried_in == run)
        with reading(self.engine) as connection:
            return int(connection.execute(tried).scalar_one())

    def waiting(self, source_id: str) -> int:
        """How many articles are still to be read."""
        query = sa.select(sa.func.count()).select_from(table)
        waiting = query.where(table.c.source_id == source_id, table.c.pending, sa.not_(table.c.is_list))
        with reading(self.engine) as connection:
            return int(connection.execute(waiting).scalar_one())


def digest_of(address: str) -> str:
    """What an address is found by."""
    return hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()


def _known(connection: sa.Connection, source_id: str, addresses: list[str]) -> dict[str, Any]:
    digests = [digest_of(address) for address in addresses]
    query = sa.select(table).where(table.c.source_id == source_id, table.c.digest.in_(digests))
    return {row.digest: row for row in connection.execute(query)}


def _is(source_id: str, digest: str) -> sa.ColumnElement[bool]:
    return (table.c.source_id == source_id) & (table.c.digest == digest)


def _new(
    source_id: str, address: str, mark: str, place: int, *, is_list: bool, said: Mapping[str, Any]
) -> dict[str, Any]:
    about = {"source_id": source_id, "digest": digest_of(address), "address": address, "is_list": is_list}
    return {**about, "place": place, "mark": mark, "said": dict(said), "pending": True, "tries": 0}
