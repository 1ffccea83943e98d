"""Who may call. With a key: whoever holds one that covers the call. Without: this machine alone, on the open API.

The open API believes no more than it must, because any web page can make the browser on this machine call it:
- the Host must be one of our names, or a page could rebind its own name to this machine (DNS rebinding);
- a page of another origin is refused by its Origin; `null` (sandboxed frames, files) is refused as well;
- what a page can send without a preflight is refused: form types on writes (see also reading.py), `no-cors` loads;
- a forwarding header means that a proxy stands in front, so the caller is not this machine: closed, unless
  `trusted_proxies` says how many there are, and then the address that they saw decides.
"""

from __future__ import annotations

import ipaddress

from flask import Flask, Request, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from service.config import Settings
from service.errors import HostRefused, KeyRequired, OriginRefused, ScopeMissing, TypeUnsupported
from service.store.keys import Scope
from service.web.context import Caller, application

LOCAL = Caller("", frozenset(Scope))
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
SIMPLE_TYPES = ("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data")
METHODS = "GET, POST, PUT, PATCH, DELETE"
REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, Accept-Language, X-Requested-With, If-None-Match"


def register_auth(app: Flask, settings: Settings) -> None:
    """Let every request pass `admit`, and answer extensions that were configured with CORS."""
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(admit)
    app.after_request(allow_extensions)


def admit() -> Response | None:
    """Say who calls (`g.caller`; None: nobody known, which public routes allow). Raises NotAllowed."""
    g.caller = None
    settings = application().settings
    is_open = _is_open(request, settings)
    if is_open:
        _check_host(request, settings)
        _check_origin(request, settings)
        _check_kind(request)
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return _preflight(request, settings)
    secret = _bearer(request)
    if secret is not None:
        key = application().keys.find(secret)
        if key is not None:
            g.caller = Caller(key.id, frozenset(key.scopes))
    elif is_open:
        g.caller = LOCAL
    return None


def require(*scopes: Scope) -> Caller:
    """The caller, who must have one of these scopes. Raises KeyRequired, ScopeMissing."""
    found: Caller | None = g.caller
    if found is None:
        raise KeyRequired(_why_closed(request, application().settings))
    if not found.scopes & {*scopes, Scope.ADMIN}:
        raise ScopeMissing(f"This key does not have the scope {' or '.join(scopes)}: make one that has.")
    return found


def allow_extensions(reply: Response) -> Response:
    """CORS for the extensions that were configured, and nobody else."""
    reply.vary.add("Origin")
    origin = request.headers.get("Origin", "").lower()
    if origin and origin in application().settings.extension_origins:
        reply.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        reply.headers["Access-Control-Expose-Headers"] = "Location, Retry-After, Link, ETag"
    return reply


# ---------------------------------------------------------------- the open API


def _is_open(asked: Request, settings: Settings) -> bool:
    """Whether this request comes from this machine to a service that only this machine is meant to reach."""
    here = is_loopback(settings.host) and is_loopback(asked.remote_addr or "")
    return here and not _is_forwarded_blindly(asked, settings) and not application().keys.any_made()


def _is_forwarded_blindly(asked: Request, settings: Settings) -> bool:
    names = [name.lower() for name in asked.headers.keys()]  # noqa: SIM118 - headers iterate as pairs
    forwarded = any(name in ("forwarded", "x-real-ip") or name.startswith("x-forwarded-") for name in names)
    if not settings.trusted_proxies:
        return forwarded
    # Whoever comes past the proxies, or through one that does not say for whom, is not known to be this machine.
    return len(asked.headers.get("X-Forwarded-For", "").split(",")) < settings.trusted_proxies or not forwarded


def is_loopback(address: str) -> bool:
    """Whether an address or name means this machine alone."""
    if address.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]").split("%")[0]).is_loopback
    except ValueError:
        return False


def _check_host(asked: Request, settings: Settings) -> None:
    given = asked.headers.get("Host", "").lower()
    own = {*LOOPBACK_NAMES, settings.host.lower(), f"[{settings.host.lower()}]", *settings.allowed_hosts}
    if given not in own and _without_port(given) not in own:
        raise HostRefused("Call this service as 127.0.0.1 or localhost, or name this host in GEGENCHECK_ALLOWED_HOSTS.")


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _check_origin(asked: Request, settings: Settings) -> None:
    origin = asked.headers.get("Origin")
    if origin is not None and not _is_own(origin, asked) and origin.lower() not in settings.extension_origins:
        raise OriginRefused(
            "A web page of another origin may not call this service. An extension may, once its origin is named in "
            "GEGENCHECK_EXTENSION_ORIGINS."
        )
    foreign = asked.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    if foreign and asked.headers.get("Sec-Fetch-Mode") == "no-cors":
        raise OriginRefused("A web page of another origin may not load anything from this service.")


def _is_own(origin: str, asked: Request) -> bool:
    return origin.lower() == f"{asked.scheme}://{asked.host}".lower()


def _check_kind(asked: Request) -> None:
    writes = asked.method not in ("GET", "HEAD", "OPTIONS", "DELETE")
    if writes and asked.mimetype in SIMPLE_TYPES and not _is_own_form(asked):
        raise TypeUnsupported("Send JSON with Content-Type: application/json.")


def _is_own_form(asked: Request) -> bool:
    """Whether our own page posts a form, as it does without JavaScript; only the browser can say so."""
    ours = asked.blueprint == "pages" and _is_own(asked.headers.get("Origin", ""), asked)
    return ours and asked.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


# ---------------------------------------------------------------- keys and extensions


def _bearer(asked: Request) -> str | None:
    scheme, _, secret = asked.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None


def _why_closed(asked: Request, settings: Settings) -> str:
    if _bearer(asked) is not None:
        return "This key is wrong, expired or revoked."
    if not application().keys.any_made():
        if is_loopback(settings.host) and _is_forwarded_blindly(asked, settings):
            return (
                "This call came through a proxy: create a key (gegencheck keys create NAME) and send it as "
                "Authorization: Bearer KEY, or say in GEGENCHECK_TRUSTED_PROXIES how many proxies stand in front."
            )
        return "Create a key (gegencheck keys create NAME) and send it as Authorization: Bearer KEY."
    return "Send a key as Authorization: Bearer KEY (gegencheck keys create NAME makes one)."


def _preflight(asked: Request, settings: Settings) -> Response:
    if asked.headers.get("Origin", "").lower() not in settings.extension_origins:
        raise OriginRefused("Only extensions named in GEGENCHECK_EXTENSION_ORIGINS may call from another origin.")
    reply = Response(status=204)
    reply.headers["Access-Control-Allow-Methods"] = METHODS
    reply.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
    reply.headers["Access-Control-Max-Age"] = "600"
    if asked.headers.get("Access-Control-Request-Private-Network") == "true":
        reply.headers["Access-Control-Allow-Private-Network"] = "true"
    return reply
