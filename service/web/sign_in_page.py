"""/sign-in and /sign-out: by name and password, or by the identity provider.

They belong to the blueprint of pages.py. Signing in takes no cookie that was there before, so the form counts only
where the browser says that it comes from this page itself: nobody signs others in as somebody else.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, current_app, redirect, request, url_for

from service import wording
from service.account_errors import ProviderUnavailable, SignInFailed, SignInRefused
from service.errors import NotFound, OriginRefused, ServiceBusy, TooManyRequests
from service.signing_in import Attempt, sign_in
from service.web.audit_trail import note_own
from service.web.auth import is_own_form
from service.web.context import application
from service.web.crowd import crowd
from service.web.errors import status_of
from service.web.forms import read_asked
from service.web.identity_provider import Begun, IdentityProvider
from service.web.pages import blueprint
from service.web.proxies import caller_address
from service.web.rendering import asked_language, page, page_language, signed_in_account
from service.web.signed_in import (
    admit_form,
    drop_session,
    end_session,
    find_signed_in,
    keep_state,
    known_mark,
    open_session,
    take_state,
)

__all__ = ("blueprint",)

log = logging.getLogger(__name__)

PROVIDER = "gegencheck-provider"
# An address of this service, and nothing that a browser could take for one of another.
OWN_ADDRESS = re.compile(r"/(?![/\\])[!-\[\]-~]*")
MAX_ADDRESS = 2000
BUSY = "Too many people are on their way to or from the identity provider: try again soon."
MAX_TYPED = 200  # characters of a name, more than any has


@blueprint.get("/sign-in")
def show_sign_in() -> Response:
    """The form, for whoever is not signed in."""
    refuse_without_accounts()
    if signed_in_account() is not None:
        return redirect(own_address(request.args.get("next")), 303)  # type: ignore[return-value]
    return _show(request.args.get("next"))


@blueprint.post("/sign-in")
def sign_in_by_password() -> Response:
    """Sign in, or say that it did not work and nothing else."""
    refuse_without_accounts()
    _refuse_others_forms()
    asked = read_asked()
    name, wanted = asked.get("name", "")[:MAX_TYPED], asked.get("next")
    address = caller_address(request, application().settings.trusted_proxies)
    attempt = Attempt(name, asked.get("password", ""), address, known_mark(name))
    try:
        with crowd().hands.resting():  # a password takes a while, and others need not wait for it
            account = sign_in(application(), attempt)
    except (SignInRefused, TooManyRequests) as fault:
        return _show(wanted, fault, name)
    reply: Response = redirect(own_address(wanted), 303)  # type: ignore[assignment]
    open_session(account, reply)
    return reply


@blueprint.get("/sign-in/provider")
def go_to_provider() -> Response:
    """To the identity provider, which leads back to `return_from_provider`."""
    try:
        with _asking_provider() as provider:
            address, begun = provider.begin(_return_address())
    except ProviderUnavailable as fault:
        return _show(request.args.get("next"), fault)
    reply: Response = redirect(address, 303)  # type: ignore[assignment]
    kept = {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier}
    keep_state(reply, {**kept, "next": own_address(request.args.get("next")), "lang": asked_language() or ""})
    reply.headers["Cache-Control"] = "no-store"
    return reply


@blueprint.get("/sign-in/callback")
def return_from_provider() -> Response:
    """Sign in whom the provider vouches for, in the browser that was sent there, once."""
    _provider()
    reply = Response(status=303)
    kept = take_state(reply)
    try:
        if kept is None:
            raise SignInFailed("This browser was not on its way to sign in.")
        begun = Begun(kept["state"], kept["nonce"], kept["verifier"])
        with _asking_provider() as provider:
            person = provider.finish(begun, request.args, _return_address())
        account = application().accounts.join(person)
        if account.disabled_at is not None:
            raise SignInFailed("This account is disabled.")
    except (SignInFailed, ProviderUnavailable) as fault:
        log.warning("signing in by the identity provider failed: %s (%s)", fault, type(fault.__cause__).__name__)
        refused = _show(kept["next"] if kept else None, fault)
        take_state(refused)
        return refused
    if account.signed_in_at is None:
        note_own(account.id, account.id)
    application().accounts.note_sign_in(account.id)
    open_session(account, reply)
    reply.headers["Location"] = kept["next"]
    return reply


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Sign out in this browser; the provider, which may have a session of its own, is named."""
    read_asked()
    admit_form()
    found = find_signed_in()
    by_provider = found is not None and found.account.issuer is not None
    with crowd().hands.resting():
        further = _provider().sign_out_address(_start_address()) if by_provider and _has_provider() else None
    end_session()
    if further:
        title, here = wording.say(page_language(), "sign_out.title"), url_for("pages.show_sign_in")
        reply = page("signed_out.html", title=title, here=here, further=further)
    else:
        reply = redirect(url_for("pages.show_sign_in", lang=asked_language(), out=1), 303)  # type: ignore[assignment]
    drop_session(reply)
    return reply


def own_address(wanted: str | None) -> str:
    """Where to go after signing in: an address of this service, else its first page."""
    if wanted and len(wanted) <= MAX_ADDRESS and OWN_ADDRESS.fullmatch(wanted):
        return wanted
    return url_for("pages.start", lang=asked_language())


def _show(wanted: str | None, fault: Exception | None = None, name: str = "") -> Response:
    language = page_language()
    reply = page(
        "sign_in.html",
        title=wording.say(language, "sign_in.title"),
        here=url_for("pages.show_sign_in"),
        wanted=wanted if wanted and own_address(wanted) == wanted else None,
        refused=why_refused(fault, language) if fault else None,
        is_out="out" in request.args,
        name=name,
        provider=_provider().host if _has_provider() else None,
        by_password=application().accounts.any_password(),
    )
    if fault is not None:
        reply.status_code = status_of(fault)
    if isinstance(fault, TooManyRequests):
        reply.headers["Retry-After"] = str(fault.retry_after)
    return reply


def why_refused(fault: Exception, language: str) -> str:
    """What a person reads: never which of name and password it was, nor whether somebody has that name."""
    if isinstance(fault, TooManyRequests):
        return wording.say(language, "sign_in.wait", n=math.ceil(fault.retry_after / 60))
    return wording.say(language, f"sign_in.fault.{getattr(fault, 'code', '')}")


def refuse_without_accounts() -> None:
    """Raise NotFound where there are no accounts: then all is as if there were none of these pages."""
    if not application().has_accounts():
        raise NotFound("Nobody signs in here: there are no accounts.")


def _refuse_others_forms() -> None:
    if not is_own_form(request):
        raise OriginRefused("Only this page itself signs anybody in.")


def _has_provider() -> bool:
    return current_app.extensions.get(PROVIDER) is not None


def _provider() -> IdentityProvider:
    found: IdentityProvider | None = current_app.extensions.get(PROVIDER)
    if found is None:
        raise NotFound("Nobody signs in here by an identity provider.")
    return found


@contextmanager
def _asking_provider() -> Iterator[IdentityProvider]:
    """The provider, while it is asked: anybody can have that done, and it may hang. Raises NotFound, ServiceBusy."""
    provider, places = _provider(), crowd().sign_ins
    if not places.acquire(blocking=False):
        raise ServiceBusy(BUSY)
    try:
        with crowd().hands.resting():
            yield provider
    finally:
        places.release()


def _return_address() -> str:
    return _start_address().rstrip("/") + url_for("pages.return_from_provider")


def _start_address() -> str:
    return f"{application().settings.public_url or request.host_url.rstrip('/')}/"
