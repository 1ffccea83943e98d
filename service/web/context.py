"""The context of a request: its application, who calls, and the language to answer in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g, request

from service.bootstrap import Application
from service.store.accounts import Account, Role
from service.store.keys import NO_LIMITS, Limits, Scope
from service.wording import choose_language

EXTENSION = "gegencheck"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and what that one may do.

    `owner` is the id of a key or of an account, or "" on the open loopback API: what they make is kept under it, and
    the audit log names it. A person who is signed in comes with their `account`, a key with none.
    """

    owner: str
    scopes: frozenset[Scope]
    limits: Limits = NO_LIMITS
    account: Account | None = None

    @property
    def role(self) -> Role | None:
        """A person's; None for keys and on the open API."""
        return self.account.role if self.account else None

    @property
    def is_person(self) -> bool:
        """Whether a browser calls that needs no key with each form: signed in, or on the open API."""
        return self.account is not None or not self.owner

    @property
    def sees(self) -> str | None:
        """Whose checks this caller sees; None: everybody's."""
        return None if self.owner and Scope.ADMIN in self.scopes else self.owner

    @property
    def decides_on(self) -> str | None:
        """Whose feedback this caller sees and decides on; None: everybody's."""
        return None if self.role is Role.EDITOR else self.sees


def application() -> Application:
    """The application that the current request is for."""
    found: Application = current_app.extensions[EXTENSION]
    return found


def caller() -> Caller:
    """Who makes the current request; `auth.admit` and the route's scope have let them in."""
    found: Caller = g.caller
    return found


def language() -> str:
    """The language to answer in (de, en), as the request asks for it."""
    return choose_language(request.headers.get("Accept-Language"))
