"""/v1/negatives: texts that a person ruled out for a statement."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response
from pydantic import Field

from index.errors import StatementNotFound
from service.store.corrections import CORRECTION
from service.store.keys import Scope
from service.web.context import application, caller
from service.web.fields import Cursor, FullPassage, Line
from service.web.operations import Operation, body_digest, idempotency_key, link_next, operation, reply
from service.web.replies import Shape
from service.web.requests import Body, Query
from service.work_presenters import present_negative

blueprint = Blueprint("negatives", __name__)


class NegativeBody(Body):
    """A text that must not match a statement. A text that is nearly the same will not match it either."""

    text: FullPassage
    statement: str = Field(min_length=1, max_length=100, description="The id of the statement.")
    note: Line | None = None


class NegativesQuery(Query):
    """Which entries to list."""

    statement: str | None = Field(None, max_length=100, description="Only those of the statement with this id.")
    cursor: Cursor | None = None
    limit: int = Field(50, ge=1, le=500)


class NegativeShape(Shape):
    """An entry of the negative list. `feedback` is the id of the accepted feedback that it comes from, if any."""

    id: str
    text: str
    statement: str
    created_at: datetime
    note: str | None
    feedback: str | None


class NegativesShape(Shape):
    """A page of the negative list, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    negatives: list[NegativeShape]
    next_cursor: str | None


@blueprint.get("/v1/negatives")
@operation(
    Operation(
        "List the entries of the negative list, newest first; those from others' feedback with scope admin alone.",
        (Scope.WRITE,),
        {200: NegativesShape},
        query=NegativesQuery,
    )
)
def list_negatives(asked: NegativesQuery) -> Response:
    """A page of the list."""
    page = application().negatives.select(asked.statement, asked.cursor, asked.limit, caller().sees)
    made = reply({"negatives": [present_negative(each) for each in page.negatives], "next_cursor": page.next_cursor})
    query = asked.model_dump(exclude_none=True)
    return link_next(made, "/v1/negatives", query, page.next_cursor)


@blueprint.post("/v1/negatives")
@operation(
    Operation(
        "Rule out a match: this text, or one that is nearly the same, does not match that statement again.",
        (Scope.WRITE,),
        {201: NegativeShape},
        takes=NegativeBody,
        creates=True,
        faults=(StatementNotFound,),
    )
)
def rule_out(body: NegativeBody) -> Response:
    """The entry. Raises StatementNotFound."""
    key = idempotency_key(body_digest(body))
    application().statements.get(body.statement)
    made = application().negatives.add(body.text, body.statement, caller().owner, body.note, key)
    application().schedules.hurry(CORRECTION)
    return reply(present_negative(made), 201, location=f"/v1/negatives/{made.id}")


@blueprint.get("/v1/negatives/<id>")
@operation(Operation("Show an entry of the negative list.", (Scope.WRITE,), {200: NegativeShape}))
def get_negative(id: str) -> Response:
    """The entry."""
    return reply(present_negative(application().negatives.get(id, caller().sees)))


@blueprint.delete("/v1/negatives/<id>")
@operation(Operation("Take an entry off the negative list: the text may match again.", (Scope.WRITE,), {204: None}))
def let_match(id: str) -> Response:
    """Nothing, once it is off."""
    application().negatives.remove(id, caller().sees)
    application().schedules.hurry(CORRECTION)
    return Response(status=204)
