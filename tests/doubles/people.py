"""People who are signed in, without the tenth of a second that a password takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask.testing import FlaskClient

from service.passwords import hash_password
from service.store.accounts import Account, Role

PASSWORD = "hydrant velvet compass lantern"
ORIGIN = "http://localhost"


@cache
def kept_password() -> str:
    """What is kept of PASSWORD."""
    return hash_password(PASSWORD)


@dataclass(frozen=True)
class Person:
    """Somebody with a browser, which says from which origin it writes, as any does."""

    account: Account
    client: FlaskClient
    secret: str  # of the session, as the cookie holds it

    @property
    def csrf(self) -> str:
        """The token that our pages hold."""
        return token_of(self.client)

    @property
    def headers(self) -> dict[str, str]:
        """With which our script writes."""
        return {"X-CSRF-Token": self.csrf}


def token_of(client: FlaskClient) -> str:
    """The token on a page that somebody looks at who is signed in; "" for anybody else."""
    found = re.search(r'<meta name="csrf-token" content="([^"]+)">', client.get("/").text)
    return found[1] if found else ""


def browser_of(house: Any) -> FlaskClient:
    """A browser in which nobody is signed in."""
    client: FlaskClient = house.app.test_client()
    client.environ_base["HTTP_ORIGIN"] = ORIGIN
    return client


def sign_in(house: Any, role: str = "reader", name: str = "ann") -> Person:
    """Somebody with an account of their own, signed in."""
    account = house.application.accounts.create(name, Role(role), kept_password(), name.title())
    return with_session(house, account)


def with_session(house: Any, account: Account) -> Person:
    """A further browser in which somebody is signed in."""
    client = browser_of(house)
    secret = house.application.account_sessions.open(account.id, "Firefox, Linux")
    client.set_cookie("gegencheck-session-80", secret)
    return Person(account, client, secret)
