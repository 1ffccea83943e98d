"""/v1/batches: up to a thousand pages or texts at once, looked at item by item, cancelled."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response
from pydantic import Field

from index.errors import IndexFault
from service.errors import AddressRefused, BadRequest
from service.models import CheckRequest, CheckState
from service.pipeline.addresses import clean_url
from service.store.batch_items import ItemState, Refusal
from service.store.batches import Asked
from service.store.keys import Scope
from service.web.allowance import spend_checks
from service.web.batch_requests import BatchBody, BatchItemBody, ItemsQuery
from service.web.callbacks import callback_to
from service.web.check_replies import CheckShape
from service.web.checks_api import SEE
from service.web.context import application, caller, language
from service.web.crowd import computing, crowd
from service.web.fields import is_blank
from service.web.naming import policy_id
from service.web.operations import Operation, body_digest, idempotency_key, link_next, operation, reply
from service.web.reading import DOCUMENT_BODY_BYTES
from service.web.replies import ProblemShape, Shape
from service.work_presenters import present_batch, present_item

blueprint = Blueprint("batches", __name__)
BLANK = Refusal(BadRequest.code, "The text is empty: there is nothing in it to check.")


class BatchCountsShape(Shape):
    """How many items there are, in all and in each state."""

    total: int
    queued: int
    running: int
    finished: int
    failed: int
    cancelled: int


class BatchShape(Shape):
    """A batch. It is finished once each of its items is finished, failed or cancelled."""

    id: str
    state: CheckState
    created_at: datetime
    finished_at: datetime | None
    counts: BatchCountsShape


class ItemProblemShape(ProblemShape):
    """Why an item failed; `stage` is null if it was refused before anything was checked."""

    stage: str | None


class BatchItemShape(Shape):
    """An item; `place` counts from 0. `check` is null if it was refused or cancelled, or if the check was deleted."""

    place: int
    state: ItemState
    url: str | None = Field(description="The address as it was sent.")
    reference: str | None
    problem: ItemProblemShape | None
    check: CheckShape | None


class BatchItemsShape(Shape):
    """A page of items in the order in which they were sent; `next_cursor`, sent as `cursor`, gets the next page."""

    items: list[BatchItemShape]
    next_cursor: str | None


@blueprint.post("/v1/batches")
@operation(
    Operation(
        "Check up to 1,000 pages or texts. Single checks go first. If an item cannot be checked, only that item fails.",
        (Scope.CHECK,),
        {202: BatchShape},
        takes=BatchBody,
        max_body=DOCUMENT_BODY_BYTES,
        creates=True,
        faults=(IndexFault,),
    )
)
def create_batch(body: BatchBody) -> Response:
    """A committed batch, on its way."""
    spend_checks(len(body.items))
    application().checker.versions()  # where there is nothing to check against, that is said at once
    policy = policy_id(body.policy)
    asked = [asked_in(item, policy) for item in body.items]
    key, callback = idempotency_key(body_digest(body)), callback_to(body.callback_url)
    with crowd().hands.resting():
        batch = application().batches.submit(caller().owner, asked, key, callback)
    return reply(present_batch(batch), 202, location=f"/v1/batches/{batch.id}")


@blueprint.get("/v1/batches/<id>")
@operation(Operation("Show how far a batch has got.", SEE, {200: BatchShape}))
def get_batch(id: str) -> Response:
    """The batch with its counts."""
    return reply(present_batch(application().batches.get(id, caller().sees)))


@blueprint.get("/v1/batches/<id>/items")
@operation(
    Operation(
        "List the items of a batch in the order in which they were sent, each with its state.",
        SEE,
        {200: BatchItemsShape},
        query=ItemsQuery,
    )
)
def list_items(id: str, asked: ItemsQuery) -> Response:
    """A page of items with their checks."""
    with computing():
        page = application().batches.items(id, caller().sees, asked.cursor, asked.limit)
    shown = [present_item(item, language()) for item in page.items]
    made = reply({"items": shown, "next_cursor": page.next_cursor})
    return link_next(made, f"/v1/batches/{id}/items", {"limit": asked.limit}, page.next_cursor)


@blueprint.delete("/v1/batches/<id>")
@operation(
    Operation(
        "Cancel the items of a batch that have not begun. Finished ones stay, and running ones go on to their end.",
        (Scope.CHECK,),
        {204: None},
    )
)
def cancel_batch(id: str) -> Response:
    """Nothing; the batch tells what was cancelled."""
    application().batches.cancel(id, caller().sees)
    return Response(status=204)


def asked_in(item: BatchItemBody, policy: str | None) -> Asked:
    """What is asked for in an item; with the reason where it cannot be checked."""
    request = CheckRequest(url=item.url, text=item.text, reference=item.reference, policy=policy)
    if item.url is None:
        return Asked(request, BLANK if is_blank(item.text or "") else None)
    try:
        url = clean_url(item.url, application().settings.fetch_hosts)
    except AddressRefused as refused:
        return Asked(request, Refusal(refused.code, str(refused)))
    return Asked(CheckRequest(url=url, reference=item.reference, policy=policy))
