"""What slows guessing of passwords: each failure makes the next try wait longer, up to a quarter of an hour.

Failures are counted by the name that was tried, whether it exists or not, and by the address that tried. A browser in
which the person has signed in before is counted by itself alone: so a stranger who tries a name all day slows down
strangers, and never keeps the person out of the browsers that they use. Names and addresses are kept as digests with a
secret.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from index.store.database import writing
from service.clock import Clock
from service.errors import TooManyRequests
from service.store.secrets import SecretStore
from service.store.tables import sign_in_tries

SECRET = "sign-in-tries"  # noqa: S105 - the name of one
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)  # failures count no longer after so long without another
TOO_MANY = "Too many tries to sign in failed."


@dataclass(frozen=True, slots=True)
class Counted:
    """By what tries are counted, and how many may fail before the next one has to wait."""

    kind: str
    value: str
    free: int

    @classmethod
    def name(cls, name: str) -> Counted:
        """The name that is tried."""
        return cls("name", name, 5)

    @classmethod
    def address(cls, address: str) -> Counted:
        """The address that tries: many people may share one."""
        return cls("address", address, 20)

    @classmethod
    def browser(cls, mark: str) -> Counted:
        """A browser in which the person has signed in before."""
        return cls("browser", mark, 5)


class TryStore:
    """Tries in the database, the same for all machines that share it."""

    def __init__(self, engine: sa.Engine, clock: Clock, held: SecretStore) -> None:
        self.engine, self.clock, self._held = engine, clock, held

    def begin(self, counted: Sequence[Counted]) -> None:
        """Count a try as failed before it is looked at, so that many at once get no further than one after another.

        Raises TooManyRequests, and counts nothing, where one of these has to wait.
        """
        subjects = {self._subject(each): each for each in counted}
        with writing(self.engine) as connection:
            now = self.clock.shared(connection)
            rows = {subject: _row(connection, subject, now) for subject in subjects}
            waits = [row["waits_until"] - now for row in rows.values() if row and row["waits_until"]]
            longest = max(waits, default=timedelta(0))
            if longest > timedelta(0):
                raise TooManyRequests(TOO_MANY, math.ceil(longest.total_seconds()))
            for subject, each in subjects.items():
                row = rows[subject]
                _count(connection, subject, (row["failures"] if row else 0) + 1, each.free, now)

    def succeed(self, counted: Sequence[Counted]) -> None:
        """Take back that a try failed. Of an address only this one: it may go on failing with other names."""
        subjects = {self._subject(each): each for each in counted}
        with writing(self.engine) as connection:
            for subject, each in subjects.items():
                of_it = sign_in_tries.c.subject == subject
                if each.kind != "address":
                    connection.execute(sa.delete(sign_in_tries).where(of_it))
                    continue
                fewer = {"failures": sign_in_tries.c.failures - 1, "waits_until": None}
                connection.execute(sa.update(sign_in_tries).where(of_it).values(**fewer))

    def forget(self, each: Counted) -> None:
        """Let tries count from zero again."""
        subject = self._subject(each)
        with writing(self.engine) as connection:
            connection.execute(sa.delete(sign_in_tries).where(sign_in_tries.c.subject == subject))

    def purge(self, now: datetime) -> None:
        """Forget tries that count no longer."""
        with writing(self.engine) as connection:
            connection.execute(sa.delete(sign_in_tries).where(sign_in_tries.c.tried_at <= now - FORGOTTEN_AFTER))

    def _subject(self, each: Counted) -> str:
        secret = self._held.get_or_make(SECRET, lambda: secrets.token_bytes(32))
        told = f"{each.kind}\n{each.value}".encode("utf-8", "surrogatepass")
        return hmac.new(secret, told, hashlib.sha256).hexdigest()


def wait_after(failures: int, free: int) -> timedelta:
    """How long the next try waits."""
    beyond = failures - free
    return timedelta(0) if beyond < 0 else min(FIRST_WAIT * 2 ** min(beyond, 20), LONGEST_WAIT)


def _row(connection: sa.Connection, subject: str, now: datetime) -> sa.RowMapping | None:
    recent = (sign_in_tries.c.subject == subject) & (sign_in_tries.c.tried_at > now - FORGOTTEN_AFTER)
    return connection.execute(sa.select(sign_in_tries).where(recent)).mappings().one_or_none()


def _count(connection: sa.Connection, subject: str, failures: int, free: int, now: datetime) -> None:
    wait = wait_after(failures, free)
    values = {"failures": failures, "tried_at": now, "waits_until": now + wait if wait else None}
    of_it = sign_in_tries.c.subject == subject
    if not connection.execute(sa.update(sign_in_tries).where(of_it).values(**values)).rowcount:
        connection.execute(sa.insert(sign_in_tries).values(subject=subject, **values))
