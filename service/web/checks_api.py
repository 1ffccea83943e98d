"""/v1/checks: ask for a check, look at it, find a page's newest, delete it."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, request

from index.errors import IndexFault
from service.errors import BadRequest, FieldProblem, KeyRequired, NotFound
from service.models import Check, CheckRequest, CheckState
from service.pipeline.pictures.opening import MAX_BYTES
from service.presenters import present_check
from service.store.check_lists import Wanted
from service.store.keys import Scope
from service.store.reuse import Freshness
from service.web.allowance import spend_checks
from service.web.callbacks import callback_to
from service.web.check_replies import CheckShape, FoundShape
from service.web.context import application, caller, language
from service.web.crowd import computing, crowd
from service.web.forms import text_of_upload
from service.web.naming import policy_id
from service.web.operations import (
    MULTIPART,
    Operation,
    body_digest,
    check_header,
    idempotency_key,
    link_next,
    operation,
    reply,
)  # fmt: skip
from service.web.picture_requests import PictureForm
from service.web.reading import DOCUMENT_BODY_BYTES, SMALL_FORM_BYTES, check_model, read_upload
from service.web.requests import CheckBody, CheckQuery, ChecksQuery, check_fetchable

blueprint = Blueprint("checks", __name__)
ENDED = (CheckState.FINISHED, CheckState.FAILED)
SEE = (Scope.CHECK, Scope.READ)
ALONE = "stands alone: it finds one check, and the other parameters narrow a list"
LISTS_EVERYBODY = (
    "Without a key everybody on this machine is one caller, so checks are listed by their reference only. To list all, "
    "create a key (gegencheck keys create NAME) and send it as Authorization: Bearer KEY."
)


PICTURE_BODY_BYTES = MAX_BYTES + SMALL_FORM_BYTES
CREATE = Operation(
    "Check a page, a text, HTML or a picture. Answers 202 with Location if this takes longer than `wait` seconds.",
    (Scope.CHECK,),
    {200: CheckShape, 202: CheckShape},
    takes=CheckBody,
    takes_types=(MULTIPART,),
    takes_file=PictureForm,
    guarded_types=(MULTIPART,),
    headers={"X-Requested-With": "Required for a picture from a browser that calls without a key; any value."},
    max_body=DOCUMENT_BODY_BYTES,
    limits={MULTIPART: PICTURE_BODY_BYTES},
    creates=True,
    faults=(IndexFault,),
)


@blueprint.post("/v1/checks")
@operation(CREATE)
def create_check(body: CheckBody | None = None) -> Response:
    """A committed check: finished, failed, or on its way."""
    if body is None:
        picture, fields = read_upload("file", check_header(CREATE), MAX_BYTES)
        form = check_model(PictureForm, fields)
        spend_checks(1)
        check = wait_for(submit_file(form, picture), form.wait)
    else:
        spend_checks(1)
        check = wait_for(submit_check(body), body.wait)
    location = f"/v1/checks/{check.id}"
    return reply(present_check(check, language()), 200 if check.state in ENDED else 202, location=location)


@blueprint.get("/v1/checks/<id>")
@operation(Operation("Show a check, whatever its state.", SEE, {200: CheckShape}, query=CheckQuery))
def get_check(id: str, asked: CheckQuery) -> Response:
    """The check, with the article's text where that is asked for."""
    check = application().checks.get(id, caller().sees)
    return reply(present_check(check, language(), include_text=asked.include == "text"))


@blueprint.get("/v1/checks")
@operation(
    Operation(
        "List the caller's checks, newest first; with `url` alone, show the newest finished check of a page that the "
        "service fetched. Never starts a check.",
        SEE,
        {200: FoundShape},
        query=ChecksQuery,
        faults=(NotFound,),
    )
)
def find_checks(asked: ChecksQuery) -> Response:
    """The caller's newest check of a page, or a page of the caller's checks."""
    if asked.url is None:
        return list_checks(asked)
    if asked.narrows:
        problems = tuple(FieldProblem(f"/{name}", ALONE) for name in sorted(asked.narrows))
        raise BadRequest(f"url {ALONE}.", problems)
    check = application().checks.find_page(asked.url, caller().owner)
    return reply(present_check(check, language(), include_text=asked.include == "text"))


@blueprint.delete("/v1/checks/<id>")
@operation(Operation("Delete a check, and cancel the work queued for it.", (Scope.CHECK,), {204: None}))
def delete_check(id: str) -> Response:
    """Nothing, once the check is gone."""
    application().checks.forget(id, caller().sees)
    return Response(status=204)


def list_checks(asked: ChecksQuery) -> Response:
    """A page of the caller's checks. Raises KeyRequired."""
    refuse_listing_everybody(asked.reference)
    wanted = Wanted(asked.reference, asked.verdict, asked.from_, asked.to)
    with computing():
        page = application().checks.select(caller().owner, wanted, asked.cursor, asked.limit)
    shown = [present_check(check, language(), include_text=asked.include == "text") for check in page.checks]
    made = reply({"checks": shown, "next_cursor": page.next_cursor})
    return link_next(made, "/v1/checks", request.args.to_dict(), page.next_cursor)


def refuse_listing_everybody(reference: str | None) -> None:
    """Raises KeyRequired where a list would show what everybody checked.

    On the open API everybody is one caller: what somebody there did not ask for under a reference is not shown.
    """
    if not caller().owner and reference is None and Scope.WRITE not in caller().scopes:
        raise KeyRequired(LISTS_EVERYBODY)


def submit_check(body: CheckBody) -> Check:
    """The caller's check of a body: see submit_request. Raises BadRequest for an address that is not fetched."""
    address, field = (body.image.url, "/image/url") if body.image else (body.url, "/url")
    if body.html is None:
        check_fetchable(address, application().settings.fetch_hosts, field)
    request = body.to_request(policy_id(body.policy))
    return submit_request(request, body.fresh, body.callback_url, body_digest(body))


def submit_file(form: PictureForm, picture: bytes) -> Check:
    """The caller's check of a picture, or of the text in another file: see submit_request."""
    text = text_of_upload(picture)
    if text is not None:
        check_model(CheckBody, {"text": text})
    request = form.to_request(picture, policy_id(form.policy), text)
    return submit_request(request, form.fresh, form.callback_url, body_digest(form), hashlib.sha256(picture).digest())


def submit_request(request: CheckRequest, fresh: bool, callback_url: str | None, *content: bytes) -> Check:
    """The caller's check: committed, and answered from the store where the rules for that allow it.

    `content` is what an Idempotency-Key stands for. Also with `wait` 0 somebody may be watching, as the extension does,
    so it is never queued as bulk work. Raises IndexFault where there is nothing to check against, Overload where too
    much is waiting.
    """
    versions = application().checker.versions()
    reuse = None if fresh else Freshness(versions, application().settings.fresh_seconds)
    key, callback = idempotency_key(*content), callback_to(callback_url)
    resting = crowd().hands.resting
    return application().checks.submit(request, caller().owner, reuse, key, resting=resting, callback=callback)


def wait_for(check: Check, seconds: float) -> Check:
    """The check as it is after waiting for its end; not waited for where too many callers wait already."""
    places = crowd().waiters
    if check.state in ENDED or not seconds or not places.acquire(blocking=False):
        return check
    try:
        with crowd().hands.resting():
            return application().checks.wait(check.id, check.owner, seconds)
    finally:
        places.release()
