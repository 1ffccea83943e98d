"""A page in the words of the reader's language, with what every template may ask for."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, g, make_response, render_template, request, url_for
from markupsafe import Markup

from service import elsewhere, explaining, wording
from service.store.accounts import Account
from service.store.keys import Scope
from service.twins import also_checked, are_rated_otherwise, standing_alone, twins_of
from service.web.context import Caller, application
from service.web.contrast import contrast
from service.web.signed_in import CSRF_FIELD, csrf_token, known_caller

STANDING = (
    "pages.start",
    "pages.show",
    "pages.accuracy",
    "pages.show_statement",
    "pages.inbox",
    "pages.sources",
    "pages.show_coverage",
    "pages.show_replay",
    "pages.ratings",
    "pages.asked",
    "pages.draft",
    "pages.review_draft",
    "pages.editor",
    "pages.new_statement",
    "pages.edit_statement",
    "pages.translate_statement",
    "pages.show_history",
    "pages.connect",
    "pages.decide_pairing",
    "pages.show_sign_in",
    "pages.show_account",
    "pages.list_accounts",
)  # pages that can be shown again in the other language


def asked_language() -> str | None:
    """The language of `?lang=`, where it is one of ours."""
    asked = request.args.get("lang")
    return asked if asked in wording.LANGUAGES else None


def page_language() -> str:
    """The language of `?lang=`, else the browser's."""
    return asked_language() or wording.choose_language(request.headers.get("Accept-Language"), swiss=True)


def page(template: str, title: str, **values: Any) -> Response:
    """A template with the words of the page's language. Nothing of it may be kept by the browser or on the way.

    `here` is the address under which it is shown in the other language: of pages that were posted to another one.
    """
    language = page_language()
    values.setdefault("here", request.path if request.endpoint in STANDING else url_for("pages.start"))
    values.setdefault("fault", None)
    values.setdefault("pasted", "")
    values.setdefault("kept", "")  # of the query, in the other language too
    html = render_template(
        template,
        title=title.rstrip(".:"),
        language=language,
        key_posted=bool(request.form.get("key")),
        asked_language=asked_language(),
        csrf_field=csrf_field(),
        t=partial(wording.say, language),
        words=wording,
        explaining=explaining,
        elsewhere=elsewhere,
        contrast=contrast,
        safe_link=safe_link,
        twins_of=twins_of,
        standing_alone=standing_alone,
        also_checked=also_checked,
        are_rated_otherwise=are_rated_otherwise,
        needs_key=needs_key(),
        may_write=may_write(),
        account=signed_in_account(),
        signs_in=application().has_accounts(),
        csrf=csrf_token() if known_caller() else "",
        **values,
    )
    reply = make_response(html)
    reply.headers["Cache-Control"] = "no-store"
    reply.headers["Content-Language"] = language
    reply.vary.update(["Accept-Language", "Authorization", "Cookie"])
    return reply


def csrf_field() -> Markup:
    """What each form of ours holds of the session in this browser; nothing where nobody is signed in."""
    token = csrf_token()
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, token) if token else Markup("")


def needs_key() -> bool:
    """Whether this caller would have to show a key to ask for anything."""
    return known_caller() is None


def may_write() -> bool:
    """Whether this browser may write by itself: by the link that `serve` printed, or by the role of an account."""
    found: Caller | None = g.get("caller")
    return found is not None and found.is_person and Scope.WRITE in found.scopes


def signed_in_account() -> Account | None:
    """The account of whoever is signed in, as far as the page may be shown to them."""
    found = known_caller()
    return found.account if found else None


def safe_link(url: str | None) -> str | None:
    """A link that may stand on a page: http or https alone."""
    return url if wording.is_link(url) else None
