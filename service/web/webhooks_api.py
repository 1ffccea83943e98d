"""/v1/webhooks/deliveries: what was delivered and what was not, and sending it again."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response
from pydantic import Field

from service.store.callbacks import DeliveryState, Event
from service.store.keys import Scope
from service.web.checks_api import SEE
from service.web.context import application, caller
from service.web.operations import Operation, link_next, operation, reply
from service.web.replies import Shape
from service.web.requests import DeliveriesQuery
from service.work_presenters import present_delivery

blueprint = Blueprint("webhooks", __name__)


class DeliveryShape(Shape):
    """One webhook. `status` is what the receiver answered last; a dead one is not tried again by itself."""

    id: str = Field(description="The webhook-id, the same at each try.")
    type: Event
    subject: str = Field(description="The id of the check, batch or import that it is about.")
    url: str
    state: DeliveryState
    created_at: datetime
    tries: int
    tried_at: datetime | None
    status: int | None
    problem: str | None


class DeliveriesShape(Shape):
    """A page of deliveries, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    deliveries: list[DeliveryShape]
    next_cursor: str | None


@blueprint.get("/v1/webhooks/deliveries")
@operation(
    Operation(
        "List webhooks, newest first: your own, or everybody's with scope admin. `state=dead` lists those that nobody "
        "received.",
        SEE,
        {200: DeliveriesShape},
        query=DeliveriesQuery,
    )
)
def list_deliveries(asked: DeliveriesQuery) -> Response:
    """A page of deliveries."""
    page = application().deliveries.select(caller().sees, asked.state, asked.cursor, asked.limit)
    shown = [present_delivery(each) for each in page.deliveries]
    query = asked.model_dump(mode="json", exclude_none=True)
    made = reply({"deliveries": shown, "next_cursor": page.next_cursor})
    return link_next(made, "/v1/webhooks/deliveries", query, page.next_cursor)


@blueprint.get("/v1/webhooks/deliveries/<id>")
@operation(Operation("Show a webhook and what became of it.", SEE, {200: DeliveryShape}))
def get_delivery(id: str) -> Response:
    """The delivery."""
    return reply(present_delivery(application().deliveries.get(id, caller().sees)))


@blueprint.post("/v1/webhooks/deliveries/<id>/resend")
@operation(Operation("Send a webhook again, at once and under the same id.", (Scope.CHECK,), {200: DeliveryShape}))
def resend_delivery(id: str) -> Response:
    """The delivery, which waits again."""
    return reply(present_delivery(application().deliveries.resend(id, caller().sees)))
