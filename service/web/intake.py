"""Judges a request by its header, before its body is read: who calls, what kind of body comes, how long it may be.

The server asks with a permit in the environment (permits.py). Everything that a call checks before it reads its body is
checked here too: the caller by auth.py, scopes, type and length by the call's declaration.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, request

from service.errors import BodyTooLarge
from service.web.allowance import refuse_spent
from service.web.auth import require
from service.web.crowd import crowd
from service.web.operations import Operation, check_header
from service.web.permits import PERMIT, Permit
from service.web.reading import FORM_BYTES, SMALL_BODY_BYTES
from service.web.signed_in import known_caller

FORM_ROUTES = ("pages.submit", "pages.show", "pages.forget")  # a key may stand in the form itself


def register_intake(app: Flask) -> None:
    """Answer the server's questions; after auth.py has said who calls."""
    app.before_request(judge_header)


def judge_header() -> Response | None:
    """Nothing for a whole request; for a header alone status 100, or what is wrong with it. Raises like the call."""
    permit: Permit | None = request.environ.get(PERMIT)
    if permit is None or not permit.asking:
        return None
    if request.routing_exception is not None:
        raise request.routing_exception
    permit.limit = _limit()
    if (request.content_length or 0) > permit.limit:
        raise BodyTooLarge(f"The body is larger than {permit.limit:,} bytes.")
    _take_place(permit)
    return Response(status=100)


def _declared() -> Operation | None:
    found: Operation | None = getattr(current_app.view_functions[request.endpoint or ""], "operation", None)
    return found


def _limit() -> int:
    declared = _declared()
    if declared is not None:
        if declared.scopes:
            require(*declared.scopes)
            refuse_spent()
        return check_header(declared)
    is_known = known_caller() is not None
    return FORM_BYTES if request.endpoint in FORM_ROUTES and is_known else SMALL_BODY_BYTES


def _take_place(permit: Permit) -> None:
    found = known_caller()
    owner = found.owner if found is not None else ""
    declared = _declared()
    if declared is not None and declared.uploads:
        permit.hold(crowd().uploads.take(owner, permit.body))
    elif (permit.limit if request.content_length is None else request.content_length) > SMALL_BODY_BYTES:
        permit.hold(crowd().bodies.take(owner, permit.body))
