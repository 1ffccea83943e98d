"""/v1/asked: claims that many asked about and nobody verified."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response
from pydantic import Field

from service.asked_claims import MIN_APART, AskedState
from service.presenters_asked import present_asked, present_asked_page
from service.store.keys import Scope
from service.web.audit_trail import LOCAL
from service.web.context import application, caller
from service.web.crowd import computing
from service.web.drafts_api import DraftShape, shown
from service.web.fields import Cursor
from service.web.operations import Operation, link_next, operation, reply
from service.web.replies import Shape
from service.web.requests import Body, Query

blueprint = Blueprint("asked", __name__)


class AskedQuery(Query):
    """Which claims to list."""

    state: AskedState = AskedState.OPEN
    cursor: Cursor | None = None
    limit: int = Field(20, ge=1, le=100)


class AskedBody(Body):
    """Whether to put a claim aside, or to list it again."""

    state: AskedState = Field(strict=False)


class AskedShape(Shape):
    """A claim that no statement matched. Whose checks had it is not told."""

    id: str
    claim: str = Field(description=f"Words that {MIN_APART} callers or fetched pages had at least.")
    language: str | None
    checks: int = Field(description="How many checks had it, or nearly the same.")
    callers: int = Field(description="How many callers those were; all without a key count as one.")
    pages: int = Field(description="How many pages those were that the service fetched itself.")
    asked_on: date = Field(description="The day of the newest of these checks.")
    state: AskedState


class AskedPageShape(Shape):
    """Claims, those that most checks had first; `next_cursor`, sent as `cursor`, gets the next page."""

    claims: list[AskedShape]
    next_cursor: str | None


@blueprint.get("/v1/asked")
@operation(
    Operation(
        "List the claims that many checks had and no statement matched, those of most checks first.",
        (Scope.WRITE,),
        {200: AskedPageShape},
        query=AskedQuery,
    )
)
def list_asked(asked: AskedQuery) -> Response:
    """A page of claims."""
    with computing():
        found = application().asked.select(asked.state, asked.cursor, asked.limit)
    made = reply(present_asked_page(found))
    return link_next(made, "/v1/asked", {"state": asked.state.value, "limit": asked.limit}, found.next_cursor)


@blueprint.get("/v1/asked/<id>")
@operation(Operation("Show a claim that many checks had and no statement matched.", (Scope.WRITE,), {200: AskedShape}))
def get_asked(id: str) -> Response:
    """The claim."""
    return reply(present_asked(application().asked.get(id)))


@blueprint.patch("/v1/asked/<id>")
@operation(
    Operation(
        "Put a claim aside, or list it again. It is forgotten with the last check that had it.",
        (Scope.WRITE,),
        {200: AskedShape},
        takes=AskedBody,
    )
)
def mark_asked(id: str, body: AskedBody) -> Response:
    """The claim as it is now."""
    return reply(present_asked(application().asked.mark(id, body.state, caller().owner or LOCAL)))


@blueprint.post("/v1/asked/<id>/draft")
@operation(
    Operation(
        "Begin a statement about a claim. Asked again, this gives the draft that you have.",
        (Scope.WRITE,),
        {200: DraftShape},
    )
)
def begin_draft(id: str) -> Response:
    """The draft."""
    made = application().drafts.begin(application().asked.get(id), caller().owner)
    return reply(shown(made), location=f"/v1/drafts/{made.id}")
