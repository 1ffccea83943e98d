"""Sessions of people who signed in: 256 random bits in a cookie, kept as a SHA-256, with two ends.

One end comes when nothing was heard for a while, the other in any case. What ends is deleted, so a cookie that was kept
opens nothing again.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from index.errors import StoreUnavailable
from index.store.database import reading, writing
from service.clock import Clock
from service.store.accounts import Account, read_account
from service.store.keys import secret_digest
from service.store.tables import account_sessions, accounts

NOTE_USE_AFTER = timedelta(minutes=1)  # a use is not written down more often
MAX_SESSIONS = 20  # of one account; the one that was used longest ago ends for one more
MAX_BROWSER = 40  # characters


@dataclass(frozen=True, slots=True)
class Lives:
    """How long a session lasts: since its last use, and in all."""

    idle: timedelta
    whole: timedelta


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody is signed in. Its secret is known to that browser alone."""

    id: str
    account_id: str
    browser: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime


class SessionStore:
    """Sessions in the database, the same for all machines that share it."""

    def __init__(self, engine: sa.Engine, clock: Clock, lives: Lives) -> None:
        self.engine, self.clock, self.lives = engine, clock, lives

    def open(self, account_id: str, browser: str, instead_of: str | None = None) -> str:
        """A new session's secret, known this one time. A session that the browser came with ends by that."""
        secret = secrets.token_urlsafe(32)
        with writing(self.engine) as connection:
            now = self.clock.shared(connection)
            if instead_of is not None:
                _delete(connection, account_sessions.c.digest == secret_digest(instead_of))
            held = sa.select(account_sessions.c.id).where(account_sessions.c.account_id == account_id)
            kept = connection.execute(held.order_by(account_sessions.c.seen_at.desc())).scalars().all()
            _delete(connection, account_sessions.c.id.in_(kept[MAX_SESSIONS - 1 :]))
            values = {"id": secrets.token_hex(8), "digest": secret_digest(secret), "account_id": account_id}
            times = {"created_at": now, "seen_at": now, "ends_at": now + self.lives.whole}
            row = {**values, **times, "browser": browser[:MAX_BROWSER]}
            connection.execute(sa.insert(account_sessions).values(**row))
        return secret

    def find(self, secret: str) -> tuple[Session, Account] | None:
        """The session of a secret and its account, where both are good now; its use is noted."""
        good = (account_sessions.c.digest == secret_digest(secret)) & accounts.c.disabled_at.is_(None)
        both = account_sessions.join(accounts, accounts.c.id == account_sessions.c.account_id)
        with reading(self.engine) as connection:
            row = connection.execute(sa.select(account_sessions).select_from(both).where(good)).mappings().one_or_none()
            if row is None:
                return None
            session, now = _session(row), self.clock.shared(connection)
            if not self._lives(session, now):
                return None
            of_it = sa.select(accounts).where(accounts.c.id == session.account_id)
            account = read_account(connection.execute(of_it).mappings().one())
        # A use in the future was noted while the clock was wrong.
        if not timedelta(0) <= now - session.seen_at <= NOTE_USE_AFTER:
            self._note_use(session.id, now)
        return session, account

    def list(self, account_id: str) -> Sequence[Session]:
        """The sessions of an account that are good now, the one that was used last first."""
        query = sa.select(account_sessions).where(account_sessions.c.account_id == account_id)
        with reading(self.engine) as connection:
            now = self.clock.shared(connection)
            rows = connection.execute(query.order_by(account_sessions.c.seen_at.desc())).mappings().all()
        return [session for session in map(_session, rows) if self._lives(session, now)]

    def end(self, account_id: str, session_id: str) -> None:
        """End a session of an account; nothing where there is none."""
        with writing(self.engine) as connection:
            of_it = account_sessions.c.account_id == account_id
            _delete(connection, of_it & (account_sessions.c.id == session_id))

    def end_all(self, account_id: str, but: str | None = None) -> int:
        """End all sessions of an account, but for one perhaps; returns how many."""
        with writing(self.engine) as connection:
            others = account_sessions.c.id != (but or "")
            return _delete(connection, (account_sessions.c.account_id == account_id) & others)

    def purge(self, now: datetime) -> None:
        """Forget sessions that have ended by themselves."""
        with writing(self.engine) as connection:
            idle = account_sessions.c.seen_at <= now - self.lives.idle
            _delete(connection, idle | (account_sessions.c.ends_at <= now))

    def _lives(self, session: Session, now: datetime) -> bool:
        return now < session.ends_at and now < session.seen_at + self.lives.idle

    def _note_use(self, id: str, now: datetime) -> None:
        # A disk that is full must not lock people out of reading.
        with suppress(StoreUnavailable), writing(self.engine) as connection:
            connection.execute(sa.update(account_sessions).where(account_sessions.c.id == id).values(seen_at=now))


def end_every_session(connection: sa.Connection) -> None:
    """Sign everybody out: after a restore, or those who have signed out since the backup would be let in again."""
    _delete(connection, sa.true())


def _delete(connection: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.delete(account_sessions).where(which)).rowcount


def _session(row: sa.RowMapping) -> Session:
    return Session(**{name: row[name] for name in Session.__slots__})
