"""/v1/statements/ID/history and /restore: what a statement said when, who wrote that and why, and bringing it back."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response
from pydantic import Field

from index.store.editing import restore
from index.store.history import versions_of
from service.drafts import Change, DraftAct
from service.presenters_history import VersionAct, names_of_writers, present_versions
from service.store.keys import Scope
from service.web.context import application
from service.web.drafts_api import DraftShape
from service.web.operations import Operation, operation, reply
from service.web.releasing import hand_in, needs_release
from service.web.replies import Shape, StatementShape
from service.web.requests import ReasonBody
from service.web.statement_bodies import correct_checks
from service.web.statements_api import present, waits
from service.web.versions import writer_of

blueprint = Blueprint("history", __name__)


class FieldChangeShape(Shape):
    """A field that says something else than in the version before; null where it said or says nothing."""

    field: str
    before: str | float | None
    after: str | float | None


class VersionShape(Shape):
    """A version of a statement."""

    version: int = Field(description="Counted from 1.")
    written_at: datetime | None = Field(description="Null where nobody knows any more.")
    written_by: str | None = Field(
        description="The id of an account or a key, `local` or `terminal`. Null for imports and for old versions."
    )
    writer: str | None = Field(description="The name of the account or key that it was.")
    reason: str | None
    released_by: str | None = Field(description="The id of the account that released it, if that had to be done.")
    releaser: str | None = Field(description="The name of that account.")
    act: VersionAct
    changes: list[FieldChangeShape]
    statement: StatementShape


class HistoryShape(Shape):
    """All versions of a statement, newest first."""

    versions: list[VersionShape]


@blueprint.get("/v1/statements/<statement:id>/history")
@operation(
    Operation(
        "List the versions of a statement, newest first: who wrote each, why, and what it changed.",
        (Scope.WRITE,),
        {200: HistoryShape},
    )
)
def show_history(id: str) -> Response:
    """The versions, also of a statement that was taken out of use."""
    held = application()
    return reply(
        {"versions": present_versions(versions_of(held.statements, id), names_of_writers(held.keys, held.accounts))}
    )


@blueprint.post("/v1/statements/<statement:id>/restore")
@operation(
    Operation(
        "Bring a statement back that was taken out of use.",
        (Scope.WRITE,),
        {200: StatementShape, 202: DraftShape},
        takes=ReasonBody,
    )
)
def restore_statement(id: str, body: ReasonBody) -> Response:
    """The statement as it was."""
    if needs_release():
        return waits(hand_in(Change({}, DraftAct.RESTORE, id, None, body.reason)))
    statement = restore(application().statements, id, writer_of(body.reason))
    correct_checks()
    return present(statement)
