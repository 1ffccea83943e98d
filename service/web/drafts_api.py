"""/v1/drafts: statements that somebody began to write, and changes that wait for somebody else to release them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any, Literal

from flask import Blueprint, Response
from pydantic import Field

from index.errors import StatementChanged, StatementExists
from service.drafts import Change, Draft, DraftAct, DraftState
from service.editing_errors import DraftChanged, ReleaseRefused
from service.errors import NotFound
from service.presenters import present_statement
from service.presenters_drafts import content_of_statement, present_draft
from service.presenters_history import names_of_writers
from service.store.keys import Scope
from service.web.context import application, caller
from service.web.fields import FullLine
from service.web.operations import Operation, operation, reply
from service.web.releasing import based_on_present, needs_release, release
from service.web.replies import Shape, StatementShape
from service.web.requests import Body, Query, ReasonBody, StatementBody
from service.web.statement_bodies import correct_checks, statement_of
from service.web.versions import writer_of

blueprint = Blueprint("drafts", __name__)
CONFLICTS = (StatementChanged, StatementExists)


class DraftsQuery(Query):
    """Which drafts to list."""

    state: Literal["waiting"] | None = Field(None, description="Everybody's that wait for release, instead of yours.")


class ReleaseBody(Body):
    """What is released: the `tag` of the draft as you read it."""

    tag: FullLine


class DraftShape(Shape):
    """A statement that the caller began to write, or a change that waits for release."""

    id: str
    claim: str
    language: str | None
    asked: str | None = Field(description="The id of the claim under /v1/asked that it is about.")
    created_at: datetime
    owner: str = Field(description="The id of the account or key that wrote it; empty on the open API.")
    owner_name: str | None
    state: DraftState
    act: DraftAct
    statement: str | None = Field(description="The id of the statement that it would change; null: a new one.")
    content: dict[str, Any] = Field(description="The statement that it would make, as far as it was written.")
    reason: str | None
    refused_because: str | None
    tag: str = Field(description="Names just what it would do; releasing takes it.")


class DraftsShape(Shape):
    """Drafts, newest first."""

    drafts: list[DraftShape]


@blueprint.get("/v1/drafts")
@operation(
    Operation("List your drafts, or those that wait for release, newest first.", (Scope.WRITE,), {200: DraftsShape},
              query=DraftsQuery)
)  # fmt: skip
def list_drafts(asked: DraftsQuery) -> Response:
    """The drafts of whoever calls, or those that anybody may release who did not write them."""
    held = application().drafts
    found = held.waiting() if asked.state else held.list(caller().owner)
    return reply({"drafts": [shown(each) for each in found]})


@blueprint.get("/v1/drafts/<id>")
@operation(Operation("Show a draft of yours, or one that waits for release.", (Scope.WRITE,), {200: DraftShape}))
def get_draft(id: str) -> Response:
    """The draft."""
    return reply(shown(find_draft(id)))


@blueprint.delete("/v1/drafts/<id>")
@operation(Operation("Throw a draft of yours away.", (Scope.WRITE,), {204: None}))
def drop_draft(id: str) -> Response:
    """Nothing, once it is gone."""
    application().drafts.remove(id, caller().owner)
    return Response(status=204)


@blueprint.post("/v1/drafts/<id>/publish")
@operation(
    Operation(
        "Complete a draft of yours: what you send becomes a statement, and the draft goes. With four eyes, it waits.",
        (Scope.WRITE,),
        {200: StatementShape, 202: DraftShape},
        takes=StatementBody,
        faults=CONFLICTS,
    )
)
def publish_draft(id: str, body: StatementBody) -> Response:
    """The statement, or the draft that waits."""
    draft = application().drafts.get(id, caller().owner)
    made = publish(draft, body)
    if isinstance(made, Draft):
        return reply(shown(made), 202)
    return reply(made, location=f"/v1/statements/{made['id']}")


@blueprint.post("/v1/drafts/<id>/release")
@operation(
    Operation(
        "Release what somebody else wrote. Takes a person who is signed in.",
        (Scope.WRITE,),
        {200: StatementShape},
        takes=ReleaseBody,
        faults=(ReleaseRefused, DraftChanged, *CONFLICTS),
    )
)
def release_draft(id: str, body: ReleaseBody) -> Response:
    """The statement as it is now, or as it was when it was taken out of use."""
    return reply(present_statement(release(id, body.tag)))


@blueprint.post("/v1/drafts/<id>/refuse")
@operation(
    Operation(
        "Give a draft back to whoever wrote it, and say why.",
        (Scope.WRITE,),
        {200: DraftShape},
        takes=ReasonBody,
        faults=(ReleaseRefused,),
    )
)
def refuse_draft(id: str, body: ReasonBody) -> Response:
    """The draft."""
    return reply(shown(application().drafts.refuse(id, caller().owner, body.reason)))


def publish(draft: Draft, body: StatementBody) -> dict[str, object] | Draft:
    """Make a statement of a draft and let past checks be judged anew; with four eyes let it wait. Raises NotFound."""
    held, given, id = application(), statement_of(body), draft.change.statement_id
    if needs_release():
        change = Change(content_of_statement(given), DraftAct.WRITE, id, draft.change.version, body.reason)
        return held.drafts.rewrite(draft.id, draft.owner, based_on_present(change), DraftState.WAITING)
    writer = writer_of(body.reason)
    made = (  # before the draft goes: done twice, it is the same statement
        held.statements.create(given, writer=writer)
        if id is None
        else held.statements.revise(id, given, draft.change.version, writer)
    )
    held.drafts.remove(draft.id, draft.owner)
    correct_checks()
    return present_statement(made)


def find_draft(id: str) -> Draft:
    """A draft that the caller may see. Raises NotFound."""
    with suppress(NotFound):
        return application().drafts.get(id, caller().owner)
    return application().drafts.get_waiting(id)


def shown(draft: Draft) -> dict[str, Any]:
    """A draft with the name of whoever wrote it."""
    held = application()
    return present_draft(draft, names_of_writers(held.keys, held.accounts))
