"""/v1/transparency: decisions as statements of reasons, for the EU's transparency database."""

from __future__ import annotations

from datetime import date
from typing import Literal

from flask import Blueprint, Response
from pydantic import Field

from service.actions import Action
from service.store.check_lists import CheckPage, Wanted
from service.transparency import present_reasons, reasons_csv
from service.web.checks_api import SEE, refuse_listing_everybody
from service.web.context import application, caller, language
from service.web.crowd import computing
from service.web.fields import CheckCursor, Moment
from service.web.operations import Operation, link_next, operation, reply
from service.web.replies import Shape
from service.web.requests import Query

blueprint = Blueprint("transparency", __name__)


class ReasonsQuery(Query):
    """Which decisions to show."""

    action: Literal[Action.FLAG, Action.REVIEW] = Field(Action.FLAG, description="Decisions with this action.")
    from_: Moment = Field(None, alias="from", description="Only checks asked for at this time (RFC 3339) or later.")
    to: Moment = Field(None, description="Only checks asked for before this time (RFC 3339).")
    cursor: CheckCursor | None = None
    limit: int = Field(100, ge=1, le=100)


class ReasonsShape(Shape):
    """A decision in the fields of the EU's transparency database (DSA, version 2). `puid` is the id of the check."""

    puid: str
    decision_visibility: list[str]
    decision_visibility_other: str
    decision_ground: str
    incompatible_content_ground: str
    incompatible_content_explanation: str
    incompatible_content_illegal: str
    category: str
    category_specification: list[str]
    content_type: list[str]
    content_language: str | None
    content_date: date
    application_date: date
    decision_facts: str
    source_type: str
    automated_detection: str
    automated_decision: str


class AllReasonsShape(Shape):
    """A page of decisions, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    statements: list[ReasonsShape]
    next_cursor: str | None


@blueprint.get("/v1/transparency")
@operation(
    Operation(
        "List decisions on your checks as statements of reasons, without addresses and texts.",
        SEE,
        {200: AllReasonsShape},
        query=ReasonsQuery,
    )
)
def list_reasons(asked: ReasonsQuery) -> Response:
    """A page of decisions."""
    page = decided(asked)
    rows = [present_reasons(check, language()) for check in page.checks]
    return linked(reply({"statements": rows, "next_cursor": page.next_cursor}), asked, page, "/v1/transparency")


@blueprint.get("/v1/transparency.csv")
@operation(
    Operation(
        "The same list as CSV. A list in a cell is JSON; the Link header leads to the next page.",
        SEE,
        {200: None},
        query=ReasonsQuery,
        gives_bytes="text/csv",
    )
)
def list_reasons_as_csv(asked: ReasonsQuery) -> Response:
    """A page of decisions."""
    page = decided(asked)
    made = Response(reasons_csv(present_reasons(check, language()) for check in page.checks), mimetype="text/csv")
    return linked(made, asked, page, "/v1/transparency.csv")


def decided(asked: ReasonsQuery) -> CheckPage:
    """The caller's checks with such decisions. Raises KeyRequired: on the open API everybody is one caller."""
    refuse_listing_everybody(None)
    wanted = Wanted(since=asked.from_, until=asked.to, action=Action(asked.action))
    with computing():
        return application().checks.select(caller().owner, wanted, asked.cursor, asked.limit)


def linked(made: Response, asked: ReasonsQuery, page: CheckPage, path: str) -> Response:
    """A page with a link to the next one."""
    query = asked.model_dump(mode="json", by_alias=True, exclude_none=True)
    return link_next(made, path, query, page.next_cursor)
