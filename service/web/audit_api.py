"""/v1/audit: who changed what."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response
from pydantic import Field

from service.store.keys import Scope
from service.web.context import application
from service.web.fields import Cursor
from service.web.operations import Operation, link_next, operation, reply
from service.web.replies import Shape
from service.web.requests import Query
from service.work_presenters import present_entry

blueprint = Blueprint("audit", __name__)


class AuditQuery(Query):
    """Which entries to list."""

    cursor: Cursor | None = None
    limit: int = Field(50, ge=1, le=500)


class EntryShape(Shape):
    """The beginning or the end of a write. At the end, `begun_by` is the number of the entry for its beginning."""

    number: int
    at: datetime
    actor: str = Field(
        description="The id of a key or an account; `local`: neither, on this machine; `terminal`: a command."
    )
    actor_name: str | None = Field(description="The name of the account that it was.")
    action: str = Field(description="The method and the address as the API declares it, or the command.")
    subject: str = Field(description="The id of what it is about; empty if that was not known.")
    outcome: str = Field(description="`begun`; at the end the status of the answer, for a command `done` or `failed`.")
    begun_by: int | None
    digest: str = Field(description="SHA-256 over the entry and the digest before it.")


class AuditShape(Shape):
    """A page of entries, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    entries: list[EntryShape]
    next_cursor: str | None


@blueprint.get("/v1/audit")
@operation(
    Operation(
        "List who changed what, newest first: by calls that need scope write or admin, and by commands.",
        (Scope.ADMIN,),
        {200: AuditShape},
        query=AuditQuery,
    )
)
def list_entries(asked: AuditQuery) -> Response:
    """A page of the audit log."""
    page = application().audit.select(asked.cursor, asked.limit)
    names = application().accounts.names()
    made = reply({"entries": [present_entry(each, names) for each in page.entries], "next_cursor": page.next_cursor})
    return link_next(made, "/v1/audit", {"limit": asked.limit}, page.next_cursor)
