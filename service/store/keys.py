"""Keys for the API: 256 random bits, shown once, kept as a SHA-256 and compared in constant time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from index.errors import StoreUnavailable
from index.store.database import glancing, reading, writing
from service.errors import BadRequest, FieldProblem, NotFound
from service.store.idempotency import IdempotencyKey, find_subject, remember_subject
from service.store.tables import keys

PREFIX = "gck"
ANY_MADE = sa.select(keys.c.id).where(keys.c.origin.is_(None)).limit(1)
NOTE_USE_AFTER = timedelta(minutes=1)  # a use is not written down more often


class Scope(StrEnum):
    """What a key may do; `admin` may do everything and see everybody's checks."""

    CHECK = "check"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a key may ask for; None: as much as the settings say, 0: any amount."""

    requests_per_minute: int | None = None
    checks_per_day: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made, with its secret: the only time that it is known. Empty where an earlier request made it."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    origin: str | None = None  # of the browser extension that it was given to
    limits: Limits = NO_LIMITS


class KeyStore:
    """Keys in the database."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def create(
        self,
        name: str,
        scopes: Iterable[str],
        expires_at: datetime | None = None,
        origin: str | None = None,
        limits: Limits = NO_LIMITS,
        once: IdempotencyKey | None = None,
    ) -> NewKey:
        """Make a key, for the browser extension of an origin or for anybody.

        Raises BadRequest for an empty name or unknown scopes, KeyReused.
        """
        try:
            granted = sorted({Scope(scope) for scope in scopes}, key=list(Scope).index)
        except ValueError:
            raise BadRequest("A scope is one of check, read, write, admin.", (_problem("/scopes"),)) from None
        if not name.strip() or not granted:
            raise BadRequest("A key needs a name and at least one scope.", (_problem("/name"),))
        id = secrets.token_hex(6)
        secret = _new_secret(id)
        with writing(self.engine) as connection:
            row = {
                "id": id, "name": name.strip(), "digest": secret_digest(secret), "scopes": ",".join(granted),
                "created_at": datetime.now(UTC), "expires_at": expires_at, "origin": origin, **asdict(limits),
            }  # fmt: skip
            made = find_subject(connection, once)
            if made is not None:
                return NewKey(made, "")
            connection.execute(sa.insert(keys).values(**row))
            remember_subject(connection, once, id, datetime.now(UTC))
        return NewKey(id, secret)

    def list(self) -> Sequence[Key]:
        """All keys, oldest first, revoked and expired ones too."""
        with reading(self.engine) as connection:
            return [_key(row) for row in connection.execute(sa.select(keys).order_by(keys.c.created_at, keys.c.id))]

    def webhook_secrets(self, id: str) -> tuple[str, ...]:
        """What webhooks of a key are signed with, the newest first; made where there is none.

        Of a key that is revoked, expired or unknown nothing is signed any more.
        """
        with reading(self.engine) as connection:
            row = connection.execute(sa.select(keys).where(keys.c.id == id)).one_or_none()
        now = datetime.now(UTC)
        if row is None or not _is_good(row, now):
            return ()
        current = row.webhook_secret or self._first_webhook_secret(id)
        is_former_good = row.former_webhook_secret and row.former_webhook_until and now < row.former_webhook_until
        return (current, row.former_webhook_secret) if is_former_good else (current,)

    def webhook_secret(self, id: str) -> str:
        """What webhooks of a key are signed with now. Raises NotFound."""
        found = self.webhook_secrets(id)
        if not found:
            raise NotFound(f"There is no key {id!r} that is good now: `gegencheck keys list` shows them.")
        return found[0]

    def rotate(self, id: str, overlap_seconds: int = 0, once: IdempotencyKey | None = None) -> NewKey:
        """Give a key another secret; the former one is good for so much longer. Raises NotFound, KeyReused."""
        made = _new_secret(id)
        until = datetime.now(UTC) + timedelta(seconds=overlap_seconds)
        values = {"digest": secret_digest(made), "former_digest": keys.c.digest, "former_until": until}
        return NewKey(id, made if self._change(id, values, once) else "")

    def rotate_webhook_secret(self, id: str, overlap_seconds: int = 0, once: IdempotencyKey | None = None) -> str:
        """Let a key's webhooks be signed with another secret; with the former one too for so long.

        The secret that is good now. Raises NotFound, KeyReused.
        """
        made, until = new_webhook_secret(), datetime.now(UTC) + timedelta(seconds=overlap_seconds)
        values = {"webhook_secret": made, "former_webhook_secret": keys.c.webhook_secret, "former_webhook_until": until}
        return made if self._change(id, values, once) else self.webhook_secret(id)

    def _change(self, id: str, values: dict[str, Any], once: IdempotencyKey | None) -> bool:
        """Whether the key was changed: not where an earlier request with the same Idempotency-Key did it."""
        good = (keys.c.id == id) & keys.c.revoked_at.is_(None)
        with writing(self.engine) as connection:
            if find_subject(connection, once) is not None:
                return False
            if not connection.execute(sa.update(keys).where(good).values(**values)).rowcount:
                raise NotFound(f"There is no key {id!r} that is not revoked: `gegencheck keys list` shows them.")
            remember_subject(connection, once, id, datetime.now(UTC))
        return True

    def _first_webhook_secret(self, id: str) -> str:
        with writing(self.engine) as connection:
            none_yet = (keys.c.id == id) & keys.c.webhook_secret.is_(None)
            connection.execute(sa.update(keys).where(none_yet).values(webhook_secret=new_webhook_secret()))
            return str(connection.execute(sa.select(keys.c.webhook_secret).where(keys.c.id == id)).scalar_one())

    def revoke(self, id: str) -> None:
        """Refuse a key from now on; its row stays. Raises NotFound."""
        with writing(self.engine) as connection:
            revoked_at = sa.func.coalesce(keys.c.revoked_at, datetime.now(UTC))
            changed = connection.execute(sa.update(keys).where(keys.c.id == id).values(revoked_at=revoked_at))
        if changed.rowcount == 0:
            raise NotFound(f"There is no key {id!r}: `gegencheck keys list` shows them.")

    def get(self, id: str) -> Key:
        """The key with this id. Raises NotFound."""
        with reading(self.engine) as connection:
            row = connection.execute(sa.select(keys).where(keys.c.id == id)).one_or_none()
        if row is None:
            raise NotFound("There is no such key.")
        return _key(row)

    def any_made(self) -> bool:
        """Whether somebody ever made a key: from then on the API asks for one, also after all are revoked or expired.

        Those that browser extensions were given by pairing do not count: nobody meant to shut the others out.
        """
        with glancing(self.engine) as connection:
            return connection.execute(ANY_MADE).first() is not None

    def is_paired(self, origin: str) -> bool:
        """Whether a browser extension of this origin has a key that is good now."""
        held = (keys.c.origin == origin) & keys.c.revoked_at.is_(None)
        with reading(self.engine) as connection:
            ends = connection.execute(sa.select(keys.c.expires_at).where(held)).scalars().all()
        return any(end is None or end > datetime.now(UTC) for end in ends)

    def find(self, secret: str) -> Key | None:
        """The key of a secret, where it is good now; its use is noted."""
        id = secret.split("_")[1] if secret.startswith(f"{PREFIX}_") else ""
        with reading(self.engine) as connection:
            row = connection.execute(sa.select(keys).where(keys.c.id == id)).one_or_none()
        # An unknown id takes the same steps, so that the time taken does not tell ids apart.
        now, given = datetime.now(UTC), secret_digest(secret)
        former = row.former_digest if row and row.former_until and now < row.former_until else None
        good = hmac.compare_digest(given, row.digest if row else secret_digest(""))
        good |= hmac.compare_digest(given, former or secret_digest(""))
        if row is None or not good or not _is_good(row, now):
            return None
        # A use in the future was noted while the clock was wrong.
        if row.last_used_at is None or not timedelta(0) <= now - row.last_used_at <= NOTE_USE_AFTER:
            self._note_use(id, now)
        return _key(row)

    def _note_use(self, id: str, now: datetime) -> None:
        # A disk that is full must not lock callers out of reading.
        with suppress(StoreUnavailable), writing(self.engine) as connection:
            connection.execute(sa.update(keys).where(keys.c.id == id).values(last_used_at=now))


def _key(row: sa.Row[tuple[object, ...]]) -> Key:
    scopes = tuple(Scope(scope) for scope in row.scopes.split(","))
    limits = Limits(row.requests_per_minute, row.checks_per_day)
    times = (row.created_at, row.expires_at, row.revoked_at, row.last_used_at)
    return Key(row.id, row.name, scopes, *times, row.origin, limits)


def _is_good(row: sa.Row[tuple[object, ...]], now: datetime) -> bool:
    return row.revoked_at is None and not (row.expires_at and row.expires_at <= now)


def _new_secret(id: str) -> str:
    return f"{PREFIX}_{id}_{secrets.token_urlsafe(32)}"


def new_webhook_secret() -> str:
    """A secret to sign with, spelled as Standard Webhooks does."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def secret_digest(secret: str) -> str:
    """What is kept of a secret: nobody gets it back from that, and equal ones are recognised."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _problem(pointer: str) -> FieldProblem:
    return FieldProblem(pointer, "missing or unknown")
