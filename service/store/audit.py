"""The audit log: who changed what, entry by entry, each with a digest over itself and the one before.

An entry is added before a write begins and another when it has ended, so that none goes unnoticed, also where the
process dies in between. Where a command writes a database as a whole, both are part of what it writes. Nothing here
changes or deletes entries; whoever does it in the database breaks the chain.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from index.store.database import reading, writing
from service.clock import Clock
from service.store.tables import audit

TERMINAL = "terminal"  # the actor of commands
BEGUN, DONE, FAILED = "begun", "done", "failed"
FIRST = "0" * 64  # before the first entry
MAX_SUBJECT = 200  # characters
PART = 1000  # entries read at once


@dataclass(frozen=True, slots=True)
class Entry:
    """A write that begins, or one that has ended. `begun_by` is the number of the entry by which it began."""

    number: int
    at: datetime
    actor: str  # the id of a key, "local" on the open API, TERMINAL
    action: str  # the call, as its address is declared, or the command
    subject: str  # the id of what it is about; "" where that is not known yet
    outcome: str  # begun; then the status, or done or failed
    begun_by: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, newest first; `next_cursor` asks for more."""

    entries: tuple[Entry, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries hold together from the first on, the digest of the last of them, and which does not, if any."""

    entries: int
    digest: str
    broken: int | None


class AuditStore:
    """The audit log in the database."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self.engine, self.clock = engine, clock

    def begin(self, actor: str, action: str, subject: str = "") -> Entry:
        """Note that a write begins."""
        return self._add(actor, action, subject, BEGUN, None)

    def end(self, begun: Entry, outcome: str, subject: str = "") -> Entry:
        """Note how a write ended, and what it made."""
        return self._add(begun.actor, begun.action, subject or begun.subject, outcome, begun.number)

    def select(self, cursor: str | None = None, limit: int = 50) -> AuditPage:
        """A page of entries, newest first."""
        query = sa.select(audit).order_by(audit.c.number.desc()).limit(limit + 1)
        if cursor is not None:
            query = query.where(audit.c.number < int(cursor))
        with reading(self.engine) as connection:
            rows = connection.execute(query).mappings().all()
        shown = tuple(map(_entry, rows[:limit]))
        return AuditPage(shown, str(shown[-1].number) if len(rows) > limit else None)

    def verify(self) -> Verified:
        """Go through the whole chain. What was cut off its end does not show: compare the last digest for that."""
        number, before = 0, FIRST
        with reading(self.engine) as connection:
            while rows := connection.execute(_after(number)).mappings().all():
                for row in rows:
                    entry = _entry(row)
                    if entry.number != number + 1 or entry.digest != _digest(entry, before):
                        return Verified(number, before, number + 1)
                    number, before = entry.number, entry.digest
        return Verified(number, before, None)

    def _add(self, actor: str, action: str, subject: str, outcome: str, begun_by: int | None) -> Entry:
        with writing(self.engine) as connection:  # one writes at a time, so no two follow the same entry
            return _add(connection, self.clock.read().at, actor, action, subject, outcome, begun_by)


def note_whole(connection: sa.Connection, clock: Clock, command: str, subject: str = "") -> None:
    """Note a command in the database that it writes as a whole: that it began and was done, or neither."""
    begun = _add(connection, clock.read().at, TERMINAL, command, subject, BEGUN, None)
    _add(connection, clock.read().at, TERMINAL, command, subject, DONE, begun.number)


def _add(
    connection: sa.Connection, now: datetime, actor: str, action: str, subject: str, outcome: str, begun_by: int | None
) -> Entry:
    newest = sa.select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc()).limit(1)
    last = connection.execute(newest).one_or_none()
    number, before = (last.number + 1, last.digest) if last else (1, FIRST)
    entry = Entry(number, now, actor, action, subject[:MAX_SUBJECT], outcome, begun_by, "")
    values = {**_content(entry), "at": entry.at, "digest": _digest(entry, before)}
    connection.execute(sa.insert(audit).values(**values))
    return _entry(values)


def _after(number: int) -> sa.Select[Any]:
    return sa.select(audit).where(audit.c.number > number).order_by(audit.c.number).limit(PART)


def _content(entry: Entry) -> dict[str, Any]:
    found = {each.name: getattr(entry, each.name) for each in fields(entry) if each.name != "digest"}
    return {**found, "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}


def _digest(entry: Entry, before: str) -> str:
    return hashlib.sha256(f"{before}\n{json.dumps(_content(entry), sort_keys=True)}".encode()).hexdigest()


def _entry(row: Any) -> Entry:
    return Entry(**{each.name: row[each.name] for each in fields(Entry)})
