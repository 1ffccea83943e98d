"""The context of a request: its application, who calls, and the language to answer in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g, request

from service.bootstrap import Application
from service.store.keys import NO_LIMITS, Limits, Scope
from service.wording import choose_language

EXTENSION = "gegencheck"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the id of a key, or "" on the open loopback API; and what that one may do."""

    owner: str
    scopes: frozenset[Scope]
    limits: Limits = NO_LIMITS

    @property
    def sees(self) -> str | None:
        """Whose checks this caller sees; None: everybody's."""
        return None if self.owner and Scope.ADMIN in self.scopes else self.owner


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
