"""Who may call. With a key, or signed in to an account: whoever's covers the call. Else this machine, on the open API.

The open API lets this machine check and read. Writing takes a key, or a browser session that the link opened which
`serve` prints (sessions.py); as soon as a key or an account was made, neither link nor session counts any more.
People who sign in come with a session of another kind (signed_in.py). A call with a key is that key's, whoever is
signed in beside it.

The open API believes no more than it must, because any web page can make the browser on this machine call it:
- the Host must be one of our names, or a page could rebind its own name to this machine (DNS rebinding);
- a page of another origin is refused by its Origin; `null` (sandboxed frames, files) is refused as well;
- a browser extension is refused likewise, unless it is configured or bears a key: of one that nobody knows yet only the
  probe and the pairing that gives it a key are answered (pairings_api.py);
- what a page can send without a preflight is refused: form types on writes (see also reading.py), `no-cors` loads;
- a sign of a proxy means that the caller may be anywhere: closed, unless `trusted_proxies` says how many there are,
  and then the addresses that they saw decide (proxies.py);
- a session writes from the service's own pages alone: other ports of this machine are the same site to a cookie.
"""

from __future__ import annotations

import re

from flask import Flask, Request, Response, current_app, g, request
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix

from service.config import Settings
from service.errors import HostRefused, KeyRequired, OriginRefused, ScopeMissing, TypeUnsupported
from service.store.keys import Key, Scope
from service.web.context import Caller, application
from service.web.proxies import find_doubt, is_loopback
from service.web.sessions import SESSION_SECONDS, Sessions
from service.web.signed_in import SAFE_METHODS, admit_signed_in

LOCAL = Caller("", frozenset({Scope.CHECK, Scope.READ}))
LOCAL_WRITER = Caller("", LOCAL.scopes | {Scope.WRITE})
SESSIONS = "gegencheck-sessions"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
SIMPLE_TYPES = ("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data")
METHODS = "GET, POST, PUT, PATCH, DELETE"
KNOWN_METHODS = (*SAFE_METHODS, "POST", "PUT", "PATCH", "DELETE")
WRITING_IS_CLOSED = (
    "Without a key this machine may check and read. To write, open the link that `gegencheck serve` prints, in a "
    "browser, use the command line, or create a key (gegencheck keys create NAME --scope write) and send it as "
    "Authorization: Bearer KEY; once there is a key, every call needs one."
)
EXTENSION_ORIGIN = re.compile(
    r"chrome-extension://[a-p]{32}|moz-extension://[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
ALIVE = "health.healthz"
MEETING = (ALIVE, "pairings.show_access", "pairings.begin_pairing", "pairings.fetch_key")
REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, Accept-Language, X-Requested-With, If-None-Match"


def register_auth(app: Flask, settings: Settings) -> None:
    """Let every request pass `admit`, and answer extensions that were configured with CORS."""
    if settings.trusted_proxies:
        # The scheme alone: addresses are judged by proxies.py, and the name is what arrives as Host, since a page in
        # the browser may write an X-Forwarded-Host that no proxy replaces.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=1, x_host=0)  # type: ignore[method-assign]
    app.before_request(admit)
    app.after_request(allow_extensions)


def admit() -> Response | None:
    """Say who calls (`g.caller`; None: nobody known, which public routes allow). Raises NotAllowed."""
    g.caller, g.form_of = None, None
    if request.endpoint == ALIVE and request.method in ("GET", "HEAD"):
        return None  # says nothing of anybody; asking the database here, a supervisor would end what only waits for it
    settings = application().settings
    is_open = _is_open(request, settings)
    if is_open:
        _check_host(request, settings)
    key = _bearer_key(request)
    if request.method != "OPTIONS":
        _check_method(request)
    if is_open:
        _check_origin(request, settings, key)
    if request.method == "OPTIONS":
        is_preflight = "Access-Control-Request-Method" in request.headers
        return _preflight(request, settings) if is_preflight else _options(request)
    if key is not None:
        # On the open API a paired extension is this machine like everybody: its person reads its checks on our pages.
        g.caller = Caller("" if is_open else key.id, frozenset(key.scopes), key.limits)
    elif is_open and _bearer(request) is None and not _is_stranger(request, settings):
        g.caller = LOCAL_WRITER if _has_session(request) else LOCAL
    elif not is_open and _bearer(request) is None and extension_origin(request) is None:
        admit_signed_in(request, _is_own(request.headers.get("Origin", ""), request))
    if is_open:
        _check_kind(request)
    return None


def require(*scopes: Scope) -> Caller:
    """The caller, who must have one of these scopes. Raises KeyRequired, ScopeMissing."""
    found: Caller | None = g.caller
    if found is None:
        raise KeyRequired(_why_closed(request, application().settings))
    if not found.scopes & {*scopes, Scope.ADMIN}:
        if not found.owner and _bearer(request) is None:  # not the key of a paired extension
            raise KeyRequired(WRITING_IS_CLOSED)
        if found.role is not None:
            raise ScopeMissing(f"The role {found.role} does not cover this: it takes the scope {' or '.join(scopes)}.")
        raise ScopeMissing(f"This key does not have the scope {' or '.join(scopes)}: make one that does.")
    return found


def why_refused(scope: Scope) -> str | None:
    """The code of what a call of this scope would be refused with; None where it would be let in."""
    found: Caller | None = g.caller
    if found is None:
        settings = application().settings
        unknown = _bearer(request) is None and _is_open(request, settings) and _is_stranger(request, settings)
        return (OriginRefused if unknown else KeyRequired).code
    return None if found.scopes & {scope, Scope.ADMIN} else ScopeMissing.code


def extension_origin(asked: Request) -> str | None:
    """The origin of the browser extension that asks, which no page can write; None for anybody else."""
    origin = asked.headers.get("Origin", "").lower()
    return origin if EXTENSION_ORIGIN.fullmatch(origin) else None


def allow_extensions(reply: Response) -> Response:
    """CORS for the extensions that were configured or paired, and nobody else."""
    reply.vary.add("Origin")
    if _may_read(request, application().settings):
        reply.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        reply.headers["Access-Control-Expose-Headers"] = (
            "Location, Retry-After, Link, ETag, RateLimit, RateLimit-Policy"
        )
    return reply


def enter(token: str, reply: Response) -> bool:
    """Let `reply` open a session for the token of a link that was not used yet; False where it is none."""
    sessions = _sessions()
    secret = sessions.open(token) if sessions else None
    if secret is None:
        return False
    reply.set_cookie(
        _cookie_name(request), secret, max_age=SESSION_SECONDS, path="/", httponly=True, samesite="Strict",
        secure=request.is_secure,
    )  # fmt: skip
    return True


# ---------------------------------------------------------------- the open API


def _is_open(asked: Request, settings: Settings) -> bool:
    """Whether this request comes from this machine to a service that only this machine is meant to reach."""
    here = is_loopback(settings.host) and find_doubt(asked, settings.trusted_proxies) is None
    return here and not application().asks_who_calls()


def _sessions() -> Sessions | None:
    found: Sessions | None = current_app.extensions.get(SESSIONS)
    return found


def _has_session(asked: Request) -> bool:
    sessions, secret = _sessions(), asked.cookies.get(_cookie_name(asked))
    # Browsers say where a writing request comes from; whoever does not say it is no page of ours.
    ours = asked.method in SAFE_METHODS or _is_own(asked.headers.get("Origin", ""), asked)
    return bool(sessions and secret and ours and sessions.holds(secret))


def _cookie_name(asked: Request) -> str:
    # Cookies do not tell ports apart: without this, two services on one machine would overwrite each other's.
    return f"gegencheck-{asked.environ.get('SERVER_PORT', '')}"


def _check_host(asked: Request, settings: Settings) -> None:
    given = asked.headers.get("Host", "").lower()
    own = {*LOOPBACK_NAMES, settings.host.lower(), f"[{settings.host.lower()}]", *settings.allowed_hosts}
    if given not in own and _without_port(given) not in own:
        raise HostRefused("Call this service as 127.0.0.1 or localhost, or name this host in GEGENCHECK_ALLOWED_HOSTS.")


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _check_origin(asked: Request, settings: Settings, key: Key | None) -> None:
    origin = asked.headers.get("Origin")
    known = origin is None or _is_own(origin, asked) or origin.lower() in settings.extension_origins
    meets = extension_origin(asked) is not None and (key is not None or _may_read(asked, settings))
    if not known and not meets:
        raise OriginRefused(
            "A web page of another origin may not call this service. An extension may, once somebody connected it, or "
            "named its origin in GEGENCHECK_EXTENSION_ORIGINS."
        )
    foreign = asked.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    if foreign and asked.headers.get("Sec-Fetch-Mode") == "no-cors":
        raise OriginRefused("A web page of another origin may not load anything from this service.")


def _is_stranger(asked: Request, settings: Settings) -> bool:
    """Whether a browser extension asks that was not configured."""
    origin = extension_origin(asked)
    return origin is not None and origin not in settings.extension_origins


def _may_read(asked: Request, settings: Settings) -> bool:
    """Whether an extension may send this request, and read what is said to it. What it is let do is decided apart."""
    origin = asked.headers.get("Origin", "").lower()
    if not origin:
        return False
    if origin in settings.extension_origins:
        return True
    return extension_origin(asked) is not None and (asked.endpoint in MEETING or application().keys.is_paired(origin))


def _is_own(origin: str, asked: Request) -> bool:
    return origin.lower() == f"{asked.scheme}://{asked.host}".lower()


def _check_kind(asked: Request) -> None:
    writes = asked.method not in (*SAFE_METHODS, "DELETE")
    polls = asked.endpoint == "pairings.fetch_key"  # has no body, and takes an extension's Origin alone
    if writes and asked.mimetype in SIMPLE_TYPES and not is_own_form(asked) and not polls and not _is_guarded(asked):
        if scopes := scopes_of(asked):
            require(*scopes)  # who may not call at all is not told to send it in another way
        raise TypeUnsupported("Send JSON with Content-Type: application/json.")


def _is_guarded(asked: Request) -> bool:
    """Whether a call takes this type with a header that no page can make a browser send without a preflight."""
    declared = getattr(current_app.view_functions.get(asked.endpoint or ""), "operation", None)
    return declared is not None and asked.mimetype in declared.guarded_types and "X-Requested-With" in asked.headers


def scopes_of(asked: Request) -> tuple[Scope, ...]:
    """The scopes of which the call needs one; none for pages and what anybody may call."""
    declared = getattr(current_app.view_functions.get(asked.endpoint or ""), "operation", None)
    return declared.scopes if declared is not None else ()


def is_own_form(asked: Request) -> bool:
    """Whether our own page posts a form, as it does without JavaScript; only the browser can say so."""
    ours = asked.blueprint == "pages" and _is_own(asked.headers.get("Origin", ""), asked)
    return ours and asked.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


# ---------------------------------------------------------------- keys and extensions


def _bearer_key(asked: Request) -> Key | None:
    secret = _bearer(asked)
    return None if secret is None else application().keys.find(secret)


def _bearer(asked: Request) -> str | None:
    scheme, _, secret = asked.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None


def _why_closed(asked: Request, settings: Settings) -> str:
    if _bearer(asked) is not None:
        return "This key is wrong, expired or revoked."
    if not application().asks_who_calls():
        doubt = find_doubt(asked, settings.trusted_proxies) if is_loopback(settings.host) else None
        return doubt or "Create a key (gegencheck keys create NAME) and send it as Authorization: Bearer KEY."
    if application().has_accounts():
        return "Sign in, or send a key as Authorization: Bearer KEY (gegencheck keys create NAME makes one)."
    return "Send a key as Authorization: Bearer KEY (gegencheck keys create NAME makes one)."


# ---------------------------------------------------------------- methods


def _check_method(asked: Request) -> None:
    if asked.routing_exception is not None:
        if asked.method not in KNOWN_METHODS and not _allowed(asked):  # CONNECT names a host, no address of ours
            raise MethodNotAllowed(KNOWN_METHODS)
        raise asked.routing_exception


def _options(asked: Request) -> Response:
    allowed = KNOWN_METHODS if asked.path in ("*", "/*") else _allowed(asked)
    if not allowed:
        _check_method(asked)
    reply = Response(status=204)
    reply.allow.update(allowed)
    return reply


def _allowed(asked: Request) -> list[str]:
    found: list[str] = sorted(current_app.create_url_adapter(asked).allowed_methods())  # type: ignore[union-attr]
    return found


def _preflight(asked: Request, settings: Settings) -> Response:
    if not _may_read(asked, settings):
        raise OriginRefused(
            "Only extensions that were connected or named in GEGENCHECK_EXTENSION_ORIGINS may call from another origin."
        )
    reply = Response(status=204)
    reply.headers["Access-Control-Allow-Methods"] = METHODS
    reply.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
    reply.headers["Access-Control-Max-Age"] = "600"
    if asked.headers.get("Access-Control-Request-Private-Network") == "true":
        reply.headers["Access-Control-Allow-Private-Network"] = "true"
    return reply
