"""Feedback on checks: what somebody holds to be wrong, and what was decided about it."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response

from service.errors import BadRequest, FieldProblem
from service.models import Check
from service.ruling_out import decide_feedback as decide_and_settle
from service.store.feedback import Feedback, FeedbackKind, FeedbackStatus
from service.store.idempotency import IdempotencyKey
from service.store.keys import Scope
from service.web.auth import require
from service.web.checks_api import SEE
from service.web.context import application, caller
from service.web.operations import Operation, body_digest, idempotency_key, link_next, operation, reply
from service.web.replies import Shape
from service.web.requests import DecisionBody, FeedbackBody, FeedbackQuery
from service.work_presenters import present_feedback

blueprint = Blueprint("feedback", __name__)


class FeedbackShape(Shape):
    """What somebody said about a check, and what was decided."""

    id: str
    check: str
    kind: FeedbackKind
    claim: int | None
    comment: str | None
    created_at: datetime
    status: FeedbackStatus
    note: str | None
    decided_at: datetime | None


class FeedbackListShape(Shape):
    """A page of feedback, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    feedback: list[FeedbackShape]
    next_cursor: str | None


@blueprint.post("/v1/checks/<id>/feedback")
@operation(
    Operation("Report that a check is wrong.", (Scope.CHECK,), {201: FeedbackShape}, takes=FeedbackBody, creates=True)
)
def add_feedback(id: str, body: FeedbackBody) -> Response:
    """The feedback as it was kept."""
    check = application().checks.get(id, caller().sees)
    made = keep_feedback(check, body, idempotency_key(body_digest(body)))
    return reply(present_feedback(made), 201, location=f"/v1/feedback/{made.id}")


def keep_feedback(check: Check, body: FeedbackBody, key: IdempotencyKey | None) -> Feedback:
    """Keep what the caller says about a check that they may see. Raises BadRequest for a claim that is not there."""
    if body.claim is not None and body.claim >= len(check.result.claims):
        detail = f"the check has {len(check.result.claims)} claims; the first is 0"
        raise BadRequest(f"claim: {detail}.", (FieldProblem("/claim", detail),))
    return application().feedback.add(check.id, caller().owner, body.kind, body.claim, body.comment, key)


@blueprint.get("/v1/feedback")
@operation(
    Operation(
        "List feedback, newest first: your own, or everybody's with scope admin or the role editor.",
        SEE,
        {200: FeedbackListShape},
        query=FeedbackQuery,
    )
)
def list_feedback(asked: FeedbackQuery) -> Response:
    """A page of feedback. On the open API everybody is one caller, and a list would tell whose checks there are."""
    if not caller().owner:
        require(Scope.WRITE)
    page = application().feedback.select(caller().decides_on, asked.status, asked.cursor, asked.limit)
    made = reply({"feedback": [present_feedback(each) for each in page.feedback], "next_cursor": page.next_cursor})
    return link_next(made, "/v1/feedback", asked.model_dump(mode="json", exclude_none=True), page.next_cursor)


@blueprint.patch("/v1/feedback/<id>")
@operation(
    Operation(
        "Decide on your own feedback, or on everybody's with scope admin or the role editor. "
        "An accepted wrong match goes on the negative list.",
        (Scope.WRITE,),
        {200: FeedbackShape},
        takes=DecisionBody,
    )
)
def decide_feedback(id: str, body: DecisionBody) -> Response:
    """The feedback with the decision."""
    decided = decide_and_settle(application(), id, body.status, body.note, caller().owner, caller().decides_on)
    return reply(present_feedback(decided))
