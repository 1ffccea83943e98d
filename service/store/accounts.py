"""Accounts of people: who they are, what they may do, and what is kept of their passwords (a hash: passwords.py)."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from index.store.database import glancing, reading, writing
from service.clock import Clock
from service.errors import BadRequest, FieldProblem, NotFound
from service.store.keys import Scope
from service.store.tables import account_sessions, accounts

PREFIX = "acc_"  # no key has such an id
ANY_MADE = sa.select(accounts.c.id).limit(1)
MAX_NAME = 64  # characters
SIGNS = "._-@+~"  # that a name may have beside letters and digits
MAX_DISPLAY_NAME = 200
MAX_SUBJECT = 255  # characters (OpenID Connect Core, section 2)


class Role(StrEnum):
    """What a person may do, from least to most."""

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def scopes(self) -> frozenset[Scope]:
        """The scopes of a key that may do the same."""
        return ROLE_SCOPES[self]


ROLE_SCOPES: Mapping[Role, frozenset[Scope]] = {
    Role.READER: frozenset({Scope.CHECK, Scope.READ}),
    Role.EDITOR: frozenset({Scope.CHECK, Scope.READ, Scope.WRITE}),
    Role.ADMIN: frozenset(Scope),
}


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in, without their password."""

    id: str
    name: str
    display_name: str
    role: Role
    issuer: str | None  # of the identity provider that vouches for them; None: signs in by a password
    created_at: datetime
    disabled_at: datetime | None
    signed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """Whom an identity provider vouches for. `role`: None where what it says names none."""

    issuer: str
    subject: str
    name: str
    display_name: str
    role: Role | None = None


class AccountStore:
    """Accounts in the database. None is ever deleted: what they did is in the audit log under their ids."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self.engine, self.clock = engine, clock

    def any_made(self) -> bool:
        """Whether somebody ever made an account: from then on nobody is let in unknown, as after the first key."""
        with glancing(self.engine) as connection:
            return connection.execute(ANY_MADE).first() is not None

    def create(self, name: str, role: Role, password_hash: str, display_name: str = "") -> Account:
        """Make an account that signs in by a password. Raises BadRequest for a name that is taken or cannot be one."""
        given = clean_name(name)
        with writing(self.engine) as connection:
            if _is_taken(connection, given):
                raise BadRequest(f"There is an account {given!r} already.", (FieldProblem("/name", "is taken"),))
            values = {"name": given, "display_name": _shown(display_name) or given, "role": role.value}
            return self._insert(connection, {**values, "password_hash": password_hash})

    def join(self, person: Person) -> Account:
        """The account of somebody whom an identity provider vouches for; made the first time, as a reader.

        A role that the provider names is theirs from now on. An account that signs in by a password is never given
        away: whoever comes by its name gets an account of another name.
        """
        known = (accounts.c.issuer == person.issuer) & (accounts.c.subject == person.subject)
        with writing(self.engine) as connection:
            row = connection.execute(sa.select(accounts).where(known)).mappings().one_or_none()
            shown = _shown(person.display_name)
            if row is None:
                name = _free_name(connection, person.name)
                values = {"name": name, "display_name": shown or name}
                values |= {"issuer": person.issuer, "subject": person.subject}
                return self._insert(connection, {**values, "role": (person.role or Role.READER).value})
            changed = {"display_name": shown or row["name"], "role": (person.role or Role(row["role"])).value}
            connection.execute(sa.update(accounts).where(known).values(**changed))
            return read_account({**row, **changed})

    def any_password(self) -> bool:
        """Whether anybody signs in by a password."""
        with reading(self.engine) as connection:
            return connection.execute(ANY_MADE.where(accounts.c.password_hash.is_not(None))).first() is not None

    def list(self) -> Sequence[Account]:
        """All accounts by name, disabled ones too."""
        with reading(self.engine) as connection:
            return list(map(read_account, connection.execute(sa.select(accounts).order_by(accounts.c.name)).mappings()))

    def get(self, name: str) -> Account:
        """The account of a name. Raises NotFound."""
        with reading(self.engine) as connection:
            return read_account(_named(connection, name))

    def names(self) -> dict[str, str]:
        """The names of all accounts by their ids."""
        with reading(self.engine) as connection:
            return {row.id: row.name for row in connection.execute(sa.select(accounts.c.id, accounts.c.name))}

    def find_hash(self, name: str) -> tuple[Account, str] | None:
        """The account that may sign in by this name and a password, with the hash of that."""
        able = (accounts.c.name == fold_name(name)) & accounts.c.disabled_at.is_(None)
        with reading(self.engine) as connection:
            row = connection.execute(sa.select(accounts).where(able)).mappings().one_or_none()
        return (read_account(row), row["password_hash"]) if row is not None and row["password_hash"] else None

    def set_role(self, name: str, role: Role) -> None:
        """Give an account another role, at once. Raises NotFound."""
        self._change(name, {"role": role.value})

    def set_hash(self, name: str, password_hash: str, instead_of: str | None = None) -> Account | None:
        """Give an account another password; its sessions end. Raises NotFound, BadRequest where it may have none.

        None, and nothing is changed, where its hash is no longer the one to be replaced, or it was disabled since that
        was looked at.
        """
        with writing(self.engine) as connection:
            row = _named(connection, name)
            if row["issuer"] is not None:
                raise BadRequest("This account signs in by the identity provider: it has no password here.")
            if instead_of is not None and (row["password_hash"] != instead_of or row["disabled_at"] is not None):
                return None
            of_it = accounts.c.id == row["id"]
            connection.execute(sa.update(accounts).where(of_it).values(password_hash=password_hash))
            connection.execute(sa.delete(account_sessions).where(account_sessions.c.account_id == row["id"]))
            return read_account(row)

    def keep_hash(self, id: str, password_hash: str, instead_of: str) -> None:
        """Keep the same password in another form, unless there is another one by now."""
        same = (accounts.c.id == id) & (accounts.c.password_hash == instead_of)
        with writing(self.engine) as connection:
            connection.execute(sa.update(accounts).where(same).values(password_hash=password_hash))

    def disable(self, name: str) -> None:
        """Let nobody sign in to an account any more, and end its sessions. Raises NotFound."""
        with writing(self.engine) as connection:
            row = _named(connection, name)
            since = sa.func.coalesce(accounts.c.disabled_at, self.clock.shared(connection))
            connection.execute(sa.update(accounts).where(accounts.c.id == row["id"]).values(disabled_at=since))
            connection.execute(sa.delete(account_sessions).where(account_sessions.c.account_id == row["id"]))

    def enable(self, name: str) -> None:
        """Let the person sign in again. Raises NotFound."""
        self._change(name, {"disabled_at": None})

    def note_sign_in(self, id: str, by_hash: str | None = None) -> bool:
        """Note that the person signed in just now. False, and nothing is noted, where they may not any more.

        By `by_hash` their password was judged, which takes a while: it may have been replaced since.
        """
        able = (accounts.c.id == id) & accounts.c.disabled_at.is_(None)
        if by_hash is not None:
            able &= accounts.c.password_hash == by_hash
        with writing(self.engine) as connection:
            now = self.clock.shared(connection)
            return bool(connection.execute(sa.update(accounts).where(able).values(signed_in_at=now)).rowcount)

    def _change(self, name: str, values: dict[str, Any]) -> None:
        with writing(self.engine) as connection:
            row = _named(connection, name)
            connection.execute(sa.update(accounts).where(accounts.c.id == row["id"]).values(**values))

    def _insert(self, connection: sa.Connection, values: dict[str, Any]) -> Account:
        empty = dict.fromkeys(("issuer", "subject", "password_hash", "disabled_at", "signed_in_at"))
        made = {"id": f"{PREFIX}{secrets.token_hex(6)}", "created_at": self.clock.shared(connection)}
        row: dict[str, Any] = {**empty, **made, **values}
        connection.execute(sa.insert(accounts).values(**row))
        return read_account(row)


def read_account(row: Mapping[str, Any] | sa.RowMapping) -> Account:
    """The account of a row that has its columns."""
    values = {name: row[name] for name in Account.__slots__}
    return Account(**{**values, "role": Role(values["role"])})


def clean_name(name: str) -> str:
    """A name as it is kept, and typed to sign in: small letters, no blanks. Raises BadRequest."""
    given = fold_name(name)
    usable = given and len(given) <= MAX_NAME and all(each.isalnum() or each in SIGNS for each in given)
    if not usable or not given[0].isalnum():
        why = f"must have 1 to {MAX_NAME} letters, digits and . _ - @ +, and begin with a letter or digit"
        raise BadRequest(f"The name of an account {why}.", (FieldProblem("/name", why),))
    return given


def fold_name(name: str) -> str:
    """A name as it is compared, however it was typed."""
    return unicodedata.normalize("NFKC", name.strip()).casefold()


def _shown(name: str) -> str:
    return "".join(each for each in " ".join(name.split()) if each.isprintable())[:MAX_DISPLAY_NAME]


def _is_taken(connection: sa.Connection, name: str) -> bool:
    return connection.execute(sa.select(accounts.c.id).where(accounts.c.name == name)).first() is not None


def _free_name(connection: sa.Connection, wanted: str) -> str:
    """A name like the one that somebody else gave, as it may be kept, that nobody has."""
    kept = "".join(each if each.isalnum() or each in SIGNS else "-" for each in fold_name(wanted))
    given, number = kept.strip(f"{SIGNS}")[: MAX_NAME - 8] or "person", 1
    name = given
    while _is_taken(connection, name):
        number += 1
        name = f"{given}~{number}"
    return name


def _named(connection: sa.Connection, name: str) -> sa.RowMapping:
    row = connection.execute(sa.select(accounts).where(accounts.c.name == fold_name(name))).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no account {name!r}: `gegencheck accounts list` shows them.")
    return row
