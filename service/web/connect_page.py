"""/connect: the page where a person allows a browser extension, by one press.

A page elsewhere must not be able to press it: it cannot be framed (app.py), it takes only forms that the browser says
come from itself, and showing it changes nothing. On the open API whoever sits at this machine may allow; where keys are
asked for, an admin's is.
"""

from __future__ import annotations

from flask import Response, g, request

from service import wording
from service.errors import NotFound, OriginRefused, TooManyRequests
from service.store.keys import Scope
from service.web.audit_trail import note_write
from service.web.auth import is_own_form
from service.web.forms import admit_form_key, read_asked
from service.web.pages import blueprint
from service.web.pairings import Pairing, read_code
from service.web.pairings_api import pairings
from service.web.rendering import page, page_language


@blueprint.get("/connect")
def connect() -> Response:
    """Which browser asks, under which code. Where a key is needed nothing is said before it was shown."""
    code = read_code(request.args.get("code", ""))
    found = pairings().find(code) if code and g.caller is not None else None
    unknown = bool(request.args.get("code")) and found is None and g.caller is not None
    return _show("asked" if found else "unknown" if unknown else "blank", code, found, 404 if unknown else 200)


@blueprint.post("/connect")
def decide_pairing() -> Response:
    """Allow or refuse it, once."""
    if not is_own_form(request):
        raise OriginRefused("Only this page itself decides who is allowed.")
    asked = read_asked()
    code = read_code(asked.get("code", ""))
    if g.caller is None or g.caller.owner:  # on the open API whoever sits at this machine decides
        admit_form_key(asked.get("key", ""), Scope.ADMIN)
    else:
        note_write(Scope.ADMIN)
    if asked.get("decision") not in ("allow", "refuse"):  # the code was typed in: now compare it
        found = pairings().find(code)
        return _show("asked" if found else "unknown", code, found, 200 if found else 404)
    allow = asked["decision"] == "allow"
    try:
        found = pairings().decide(code, allow)
    except NotFound:
        return _show("unknown", code, None, 404)
    except TooManyRequests as fault:
        reply = _show("locked", code, None, 429)
        reply.headers["Retry-After"] = str(fault.retry_after)
        return reply
    return _show("allowed" if allow else "refused", code, found)


def _show(state: str, code: str, found: Pairing | None, status: int = 200) -> Response:
    reply = page(
        "connect.html",
        title=wording.say(page_language(), f"page.connect.{state}.title"),
        state=state,
        code=code,
        pairing=found,
        kept=f"code={code}&" if code and state != "unknown" else "",
    )
    reply.status_code = status
    return reply
