"""Who is signed in: the cookie of a session, the proof that our own page sent a call, and the marks that browsers keep.

A cookie comes along with whatever makes the browser call, so it counts only for what the browser says our own pages
send, and for writing only with a token besides that no other page can read. Everything is signed by itsdangerous: the
token with the secret of the session itself, so that each ends with the other.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from flask import Request, Response, g, request
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from service.account_errors import FormExpired
from service.errors import OriginRefused
from service.store.account_sessions import Session
from service.store.accounts import Account, fold_name
from service.web.context import Caller, application

CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf"
KNOWN_DAYS = 180
STATE_SECONDS = 600  # long enough to type a password and a code at the provider
SIGNING = "accounts-signing"
DAY = 24 * 3600
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
EXPIRED = (
    "This call came with a session and without its token: send the one that stands in the page's "
    f'<meta name="csrf-token">, as {CSRF_HEADER}.'
)
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody's session in this browser, with its secret."""

    session: Session
    account: Account
    secret: str

    @property
    def caller(self) -> Caller:
        """The person as one who calls."""
        return Caller(self.account.id, self.account.role.scopes, account=self.account)


def find_signed_in() -> SignedIn | None:
    """The session of the cookie that came along, where it is good; whatever it may count for."""
    if "signed_in" not in g:
        secret = request.cookies.get(session_cookie(request))
        found = application().account_sessions.find(secret) if secret else None
        g.signed_in = SignedIn(*found, secret) if found and secret else None
    signed_in: SignedIn | None = g.signed_in
    return signed_in


def admit_signed_in(asked: Request, is_ours: bool) -> None:
    """Let in whoever is signed in, as `g.caller`; `is_ours`: the browser says that the call's origin is ours.

    A form of ours holds its token in its body, which has not come yet: `admit_form` looks at that one.
    Raises OriginRefused, FormExpired.
    """
    found = find_signed_in()
    if found is None:
        return
    if asked.method in SAFE_METHODS:
        if _may_look(asked, is_ours):
            g.caller = found.caller
        return
    if not is_ours:
        raise OriginRefused(
            "With a session only the service's own pages may write. Behind a proxy, say in GEGENCHECK_TRUSTED_PROXIES "
            "how many there are."
        )
    if _is_token(found, asked.headers.get(CSRF_HEADER, "")):
        g.caller = found.caller
    elif asked.blueprint == "pages" and asked.mimetype in FORMS:
        g.form_of = found
    else:
        raise FormExpired(EXPIRED)


def admit_form() -> None:
    """Let in whoever is signed in and sent a form of ours, which has come by now. Raises FormExpired."""
    found: SignedIn | None = g.get("form_of")
    if found is None:
        return
    if not _is_token(found, request.form.get(CSRF_FIELD, "")):
        raise FormExpired(EXPIRED)
    g.caller = found.caller


def known_caller() -> Caller | None:
    """Who calls, as far as is known before a form has come."""
    form_of: SignedIn | None = g.get("form_of")
    found: Caller | None = g.get("caller") or (form_of.caller if form_of else None)
    return found


def csrf_token() -> str:
    """The token of the session in this browser; "" where nobody is signed in."""
    found = find_signed_in()
    return _csrf(found.secret).dumps("form") if found else ""


# ---------------------------------------------------------------- cookies


def open_session(account: Account, reply: Response) -> None:
    """Sign a person in, in this browser: a session of a new secret, in place of any that the browser came with."""
    browser = name_browser(request.headers.get("User-Agent", ""))
    held = application().account_sessions
    secret = held.open(account.id, browser, request.cookies.get(session_cookie(request)))
    _set_cookie(reply, session_cookie(request), secret, int(held.lives.whole.total_seconds()))
    mark = known_mark(account.name) or secrets.token_hex(16)
    _set_cookie(reply, _cookie("known"), _known(account.name).dumps(mark), KNOWN_DAYS * DAY)


def end_session() -> None:
    """Sign the person in this browser out; from here on nobody calls."""
    found = find_signed_in()
    if found is not None:
        application().account_sessions.end(found.account.id, found.session.id)
    g.caller = g.form_of = g.signed_in = None


def drop_session(reply: Response) -> None:
    """Let the browser forget the session."""
    _drop_cookie(reply, session_cookie(request))


def known_mark(name: str) -> str | None:
    """The mark of this browser, where the person of this name has signed in before."""
    try:
        found = _known(name).loads(request.cookies.get(_cookie("known"), ""))
    except BadSignature:
        return None
    return found if isinstance(found, str) else None


def keep_state(reply: Response, state: dict[str, str]) -> None:
    """Let the browser keep what it takes to come back from the identity provider."""
    _set_cookie(reply, _cookie("state"), _state().dumps(state), STATE_SECONDS)


def take_state(reply: Response) -> dict[str, str] | None:
    """What the browser kept, if it did, which is used up by that."""
    _drop_cookie(reply, _cookie("state"))
    try:
        found: Any = _state().loads(request.cookies.get(_cookie("state"), ""), max_age=STATE_SECONDS)
    except BadSignature:
        return None
    return found if isinstance(found, dict) else None


def session_cookie(asked: Request) -> str:
    """The name of the cookie that holds a session's secret."""
    return _cookie("session", asked)


def name_browser(agent: str) -> str:
    """What a person calls a browser, such as `Firefox, Linux`, so that they know their own in a list."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return ", ".join(part for part in (browser, system) if part)


def _cookie(kind: str, asked: Request = request) -> str:
    # With TLS browsers see to it that no other host of the domain can put a cookie of this name in ours' place.
    if asked.is_secure:
        return f"__Host-gegencheck-{kind}"
    return f"gegencheck-{kind}-{asked.environ.get('SERVER_PORT', '')}"  # cookies do not tell ports apart


def _set_cookie(reply: Response, name: str, value: str, seconds: int) -> None:
    reply.headers["Cache-Control"] = "no-store"
    reply.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=request.is_secure
    )  # fmt: skip


def _drop_cookie(reply: Response, name: str) -> None:
    reply.delete_cookie(name, path="/", httponly=True, samesite="Lax", secure=request.is_secure)


# ---------------------------------------------------------------- proofs


def _may_look(asked: Request, is_ours: bool) -> bool:
    """Whether a call that changes nothing comes from our own pages, or from a person who follows a link."""
    foreign = asked.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    led = asked.headers.get("Sec-Fetch-Mode") == "navigate"
    return (is_ours or "Origin" not in asked.headers) and (led or not foreign)


def _is_token(found: SignedIn, token: str) -> bool:
    try:
        return bool(_csrf(found.secret).loads(token) == "form")
    except BadSignature:
        return False


def _csrf(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="csrf")


def _known(name: str) -> URLSafeSerializer:
    return URLSafeSerializer(_secret(), salt=f"known browser of {fold_name(name)}")


def _state() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_secret(), salt="on the way to the identity provider")


def _secret() -> bytes:
    return application().secrets.get_or_make(SIGNING, lambda: secrets.token_bytes(32))
