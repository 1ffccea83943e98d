"""The negative list in the database: who ruled out which text for which statement."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from index.store.database import glancing, reading, writing
from index.store.tables import store
from service.clock import Clock
from service.errors import NotFound
from service.negatives import Negative, NegativeList
from service.store.idempotency import IdempotencyKey, find_subject, forget_subject, remember_subject
from service.store.tables import negatives

STATE = sa.select(  # after a restore the same numbers are those of other entries
    sa.func.max(negatives.c.number), sa.func.count(), sa.select(store.c.store_id).scalar_subquery()
)
NOTHING = "There is no such entry on the negative list."


@dataclass(frozen=True, slots=True)
class NegativePage:
    """Some negatives, newest first; `next_cursor` asks for more."""

    negatives: tuple[Negative, ...]
    next_cursor: str | None


class NegativeStore:
    """The negative list in the database, the same for everybody's checks."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self.engine, self.clock = engine, clock
        self._read: tuple[Any, NegativeList] = ((), NegativeList())
        self.heeded = NegativeList()  # what past checks were judged by, as far as this process has done it

    def current(self) -> NegativeList:
        """The list as it is now; read again only when it has changed. Raises StoreUnavailable."""
        with glancing(self.engine) as connection:
            state = tuple(connection.execute(STATE).one())
        held, found = self._read
        if state == held:
            return found
        with reading(self.engine) as connection:
            state = tuple(connection.execute(STATE).one())
            found = NegativeList(map(_negative, connection.execute(sa.select(negatives)).mappings()))
        self._read = state, found
        return found

    def add(
        self,
        text: str,
        statement: str,
        owner: str,
        note: str | None = None,
        key: IdempotencyKey | None = None,
        feedback: str | None = None,
    ) -> Negative:
        """Rule out a text for a statement; the earlier entry where `key` stands for it. Raises KeyReused."""
        made = Negative(secrets.token_hex(12), text, statement, owner, self.clock.read().at, note, feedback)
        with writing(self.engine) as connection:
            subject = find_subject(connection, key)
            if subject is not None:
                return _negative(_row(connection, subject))
            _insert(connection, made)
            remember_subject(connection, key, made.id, made.created_at)
        return made

    def get(self, id: str, sees: str | None = None) -> Negative:
        """The entry with this id, where a caller who sees so much (`_seen`) sees it. Raises NotFound."""
        with reading(self.engine) as connection:
            return _negative(_row(connection, id, sees))

    def select(
        self,
        statement: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
        sees: str | None = None,
    ) -> NegativePage:
        """A page of what such a caller sees of the list, newest first."""
        query = sa.select(negatives).where(_seen(sees)).order_by(negatives.c.number.desc()).limit(limit + 1)
        if statement is not None:
            query = query.where(negatives.c.statement == statement)
        if cursor is not None:
            query = query.where(negatives.c.number < int(cursor))
        with reading(self.engine) as connection:
            rows = connection.execute(query).mappings().all()
        shown = rows[:limit]
        return NegativePage(tuple(map(_negative, shown)), str(shown[-1]["number"]) if len(rows) > limit else None)

    def remove(self, id: str, sees: str | None = None) -> None:
        """Let a text match again. Raises NotFound."""
        with writing(self.engine) as connection:
            _row(connection, id, sees)
            _delete(connection, negatives.c.id == id)

    def settle(self, feedback: str, pairs: Sequence[tuple[str, str]], owner: str) -> None:
        """Rule out what a remark that was accepted says, and nothing else that it said before."""
        now = self.clock.read().at
        with writing(self.engine) as connection:
            _delete(connection, negatives.c.feedback == feedback)
            for text, statement in pairs:
                _insert(connection, Negative(secrets.token_hex(12), text, statement, owner, now, None, feedback))


def _insert(connection: sa.Connection, made: Negative) -> None:
    connection.execute(sa.insert(negatives).values({name: getattr(made, name) for name in Negative.__slots__}))


def _delete(connection: sa.Connection, wanted: sa.ColumnElement[bool]) -> None:
    forget_subject(connection, list(connection.execute(sa.select(negatives.c.id).where(wanted)).scalars()))
    connection.execute(sa.delete(negatives).where(wanted))


def _seen(sees: str | None) -> sa.ColumnElement[bool]:
    """What a key sees; None: everything. What came of feedback is a sentence of somebody's check."""
    if sees is None:
        return sa.true()
    return negatives.c.feedback.is_(None) | (negatives.c.owner == sees)


def _row(connection: sa.Connection, id: str, sees: str | None = None) -> Any:
    wanted = (negatives.c.id == id) & _seen(sees)
    row = connection.execute(sa.select(negatives).where(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound(NOTHING)
    return row


def _negative(row: Any) -> Negative:
    return Negative(**{name: row[name] for name in Negative.__slots__})
