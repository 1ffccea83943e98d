"""/account: what a person sees and changes of their own account. /accounts: all of them, for admins.

They belong to the blueprint of pages.py. Accounts are made and changed on the command line alone.
"""

from __future__ import annotations

from flask import Response, g, redirect, request, url_for

from service import wording
from service.account_errors import SignInRefused, WeakPassword
from service.errors import KeyRequired, TooManyRequests
from service.signing_in import Attempt, change_password
from service.store.keys import Scope
from service.web.audit_trail import note_own
from service.web.auth import require
from service.web.context import application
from service.web.crowd import crowd
from service.web.errors import status_of
from service.web.forms import admit_form_key, read_asked
from service.web.pages import blueprint
from service.web.proxies import caller_address
from service.web.rendering import asked_language, page, page_language
from service.web.sign_in_page import refuse_without_accounts, why_refused
from service.web.signed_in import SignedIn, find_signed_in, known_mark, open_session

__all__ = ("blueprint",)


@blueprint.get("/account")
def show_account() -> Response:
    """Who somebody is here, where they are signed in, and how to change their password."""
    refuse_without_accounts()
    return _show(_person())


@blueprint.post("/account/password")
def set_password() -> Response:
    """Another password: every session ends, and this browser gets a new one."""
    asked = read_asked()
    found = _person_with_form()
    new, account = asked.get("new", ""), found.account
    if new != asked.get("again", ""):
        return _show(found, wording.say(page_language(), "account.password.differ"), 400)
    note_own(account.id)
    address = caller_address(request, application().settings.trusted_proxies)
    attempt = Attempt(account.name, asked.get("current", ""), address, known_mark(account.name))
    try:
        with crowd().hands.resting():
            change_password(application(), account, attempt, new)
    except (WeakPassword, SignInRefused, TooManyRequests) as fault:
        return _show(found, _why(fault), status_of(fault))
    reply = _back("password")
    open_session(account, reply)
    return reply


@blueprint.post("/account/sessions")
def end_sessions() -> Response:
    """Sign out elsewhere: in one browser, or in all but this one."""
    asked = read_asked()
    found = _person_with_form()
    note_own(found.account.id)
    held, which = application().account_sessions, asked.get("end", "")
    if which == "others":
        held.end_all(found.account.id, but=found.session.id)
    else:
        held.end(found.account.id, which)
    return _back("ended")


@blueprint.get("/accounts")
def list_accounts() -> Response:
    """Who may sign in, for admins."""
    refuse_without_accounts()
    require(Scope.ADMIN)
    title = wording.say(page_language(), "accounts.title")
    return page("accounts.html", title=title, accounts=application().accounts.list())


def _show(found: SignedIn, refused: str | None = None, status: int = 200) -> Response:
    done = request.args.get("done")
    reply = page(
        "account.html",
        title=wording.say(page_language(), "account.title"),
        here=url_for("pages.show_account"),
        sessions=application().account_sessions.list(found.account.id),
        own=found.session.id,
        refused=refused,
        done=done if done in ("password", "ended") else None,
    )
    reply.status_code = status
    return reply


def _person() -> SignedIn:
    """Whoever is signed in. Raises KeyRequired for anybody else, keys too."""
    found = find_signed_in()
    if g.caller is None or g.caller.account is None or found is None:
        raise KeyRequired("This is for people who are signed in.")
    return found


def _person_with_form() -> SignedIn:
    admit_form_key("", Scope.READ)
    return _person()


def _back(done: str) -> Response:
    return redirect(url_for("pages.show_account", lang=asked_language(), done=done), 303)  # type: ignore[return-value]


def _why(fault: Exception) -> str:
    if isinstance(fault, SignInRefused):
        return wording.say(page_language(), "account.password.wrong")
    if isinstance(fault, WeakPassword):
        return wording.say(page_language(), "account.password.weak")
    return why_refused(fault, page_language())
