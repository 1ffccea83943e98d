"""Writes as the audit log has them: the entry when one begins, before anything is changed, and the one when it ends.

What needs scope write or admin is a write. Checks, feedback and what becomes of them are their owners' own.
"""

from __future__ import annotations

import logging
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, g, request

from index.errors import StoreUnavailable
from service.logs import describe
from service.store.keys import Scope
from service.web.context import application
from service.web.signed_in import SAFE_METHODS

log = logging.getLogger(__name__)

# Posted to only with the key of whoever looks at them.
LISTS = (
    "pages.inbox",
    "pages.sources",
    "pages.show_coverage",
    "pages.show_replay",
    "pages.ratings",
    "pages.asked",
    "pages.draft",
)
LOCAL = "local"


def register_audit(app: Flask) -> None:
    """Note how each write ended."""
    app.after_request(end_write)


def note_write(*scopes: Scope) -> None:
    """Note that a write begins, where these scopes make the current request one. Raises StoreUnavailable."""
    looks = request.method in SAFE_METHODS or request.endpoint in LISTS or {Scope.CHECK, Scope.READ} & set(scopes)
    if not looks and scopes:
        subject = "/".join(str(part) for part in (request.view_args or {}).values())
        rule = request.url_rule.rule if request.url_rule else request.path
        g.written = application().audit.begin(g.caller.owner or LOCAL, f"{request.method} {rule}", subject)


def note_own(subject: str, actor: str = "") -> None:
    """Note that a person changes something of their own account. Raises StoreUnavailable."""
    rule = request.url_rule.rule if request.url_rule else request.path
    g.written = application().audit.begin(actor or g.caller.owner, f"{request.method} {rule}", subject)


def end_write(reply: Response) -> Response:
    """Note the status of a write, and the id of what it made."""
    begun = g.pop("written", None)
    if begun is not None:
        made = unquote(urlsplit(reply.headers.get("Location", "")).path.rpartition("/")[2])
        try:
            application().audit.end(begun, str(reply.status_code), begun.subject or made)
        except StoreUnavailable as fault:  # that it began is known, and what it did is done
            log.error("the end of a write was not noted: %s", describe(fault))
    return reply
