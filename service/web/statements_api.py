"""/v1/statements: the verified statements, as our own JSON or as ClaimReview (application/ld+json)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.routing import BaseConverter

from index.errors import IndexFault, StatementChanged
from index.exchange.claimreview import statement_to_claimreview
from index.models import Statement
from index.retrieval.clusters import cluster_of
from service.drafts import Change, Draft, DraftAct
from service.editing_errors import VersionRequired
from service.presenters import present_statement
from service.presenters_drafts import content_of_statement
from service.store.idempotency import OnceByKey
from service.store.keys import Scope
from service.twins import are_rated_alike
from service.web.context import application
from service.web.crowd import computing
from service.web.drafts_api import DraftShape, shown
from service.web.operations import Operation, idempotency_key, link_next, operation, reply
from service.web.releasing import hand_in, needs_release
from service.web.replies import ClusterShape, StatementShape, StatementsShape
from service.web.requests import ReasonQuery, StatementBody, StatementsQuery
from service.web.statement_bodies import correct_checks, read_statement
from service.web.versions import IF_MATCH, expected_tag, tagged, writer_of

blueprint = Blueprint("statements", __name__)
CLAIMREVIEW = "application/ld+json"


class StatementId(BaseConverter):
    """What may stand for a statement in an address: anything but the names of the calls beside it."""

    regex = "(?!(?:import|preview)$)[^/]+"


@blueprint.get("/v1/statements")
@operation(
    Operation(
        "List verified statements, newest first.",
        (Scope.READ,),
        {200: StatementsShape},
        query=StatementsQuery,
        gives_claimreview=True,
    )
)
def list_statements(asked: StatementsQuery) -> Response:
    """A page of statements, or of their ClaimReviews as a DataFeed."""
    wanted = {name: value for name, value in asked.model_dump(exclude_none=True).items() if value is not False}
    with computing():
        page = application().statements.select(**wanted)
    if wants_claimreview():
        items = [statement_to_claimreview(statement) for statement in page.statements]
        feed = {"@type": "DataFeedItem", "item": items}
        made = reply({"@context": "https://schema.org", "@type": "DataFeed", "dataFeedElement": [feed]})
        made.headers["Content-Type"] = CLAIMREVIEW
    else:
        listed = [present_statement(statement) for statement in page.statements]
        made = reply({"statements": listed, "next_cursor": page.next_cursor})
    return link_next(made, "/v1/statements", wanted, page.next_cursor)


@blueprint.post("/v1/statements")
@operation(
    Operation(
        "Add a statement. If one with the same URL and claim exists, it is updated instead.",
        (Scope.WRITE,),
        {201: StatementShape, 202: DraftShape},
        takes=StatementBody,
        takes_types=(CLAIMREVIEW,),
        creates=True,
    )
)
def create_statement(body: StatementBody | None = None) -> Response:
    """The statement, with its id."""
    given, warnings, content = read_statement(body)
    key, reason = idempotency_key(content), body.reason if body else None
    if needs_release():
        return waits(hand_in(Change(content_of_statement(given), reason=reason), key))
    statement = application().statements.create(given, OnceByKey(key, application().clock), writer_of(reason))
    correct_checks()
    return present(statement, 201, warnings)


@blueprint.get("/v1/statements/<statement:id>")
@operation(Operation("Show a verified statement.", (Scope.READ,), {200: StatementShape}, gives_claimreview=True))
def get_statement(id: str) -> Response:
    """The statement, or its ClaimReview."""
    statement = application().statements.get(id)
    if wants_claimreview():
        made = reply(statement_to_claimreview(statement), content_type=CLAIMREVIEW)
        return tagged(made, statement, as_claimreview=True)
    return present(statement)


@blueprint.get("/v1/statements/<statement:id>/cluster")
@operation(
    Operation(
        "List other statements that say the same as this one.",
        (Scope.READ,),
        {200: ClusterShape},
        faults=(IndexFault,),
    )
)
def get_cluster(id: str) -> Response:
    """The others, nearest first, and whether all are rated alike."""
    statement = application().statements.get(id)
    index = application().index.current()
    with computing():
        others = cluster_of(index, statement)
    found = {
        "statements": [present_statement(each) for each in others],
        "rated_alike": are_rated_alike(statement, *others),
    }
    return reply(found)


@blueprint.put("/v1/statements/<statement:id>")
@operation(
    Operation(
        "Replace a statement's content. Its id stays the same, and the old version is kept.",
        (Scope.WRITE,),
        {200: StatementShape, 202: DraftShape},
        takes=StatementBody,
        takes_types=(CLAIMREVIEW,),
        headers=IF_MATCH,
        faults=(StatementChanged, VersionRequired),
    )
)
def replace_statement(id: str, body: StatementBody | None = None) -> Response:
    """The statement as it is now."""
    given, warnings, _ = read_statement(body)
    reason = body.reason if body else None
    tag = expected_tag()
    if needs_release():
        return waits(hand_in(Change(content_of_statement(given), DraftAct.WRITE, id, tag, reason)))
    statement = application().statements.revise(id, given, tag, writer_of(reason))
    correct_checks()
    return present(statement, warnings=warnings)


@blueprint.delete("/v1/statements/<statement:id>")
@operation(
    Operation(
        "Take a statement out of use. It matches nothing any more, and its history is kept.",
        (Scope.WRITE,),
        {202: DraftShape, 204: None},
        query=ReasonQuery,
        headers=IF_MATCH,
        faults=(StatementChanged, VersionRequired),
    )
)
def delete_statement(id: str, asked: ReasonQuery) -> Response:
    """Nothing, once it is gone."""
    tag = expected_tag()
    if needs_release():
        return waits(hand_in(Change({}, DraftAct.RETIRE, id, tag, asked.reason)))
    application().statements.delete(id, tag, writer_of(asked.reason))
    correct_checks()
    return Response(status=204)


def wants_claimreview() -> bool:
    """Whether the caller prefers ClaimReview to our own JSON."""
    return request.accept_mimetypes.best_match(["application/json", CLAIMREVIEW]) == CLAIMREVIEW


def waits(draft: Draft) -> Response:
    """A change that waits for somebody else to release it."""
    return reply(shown(draft), 202, location=f"/v1/drafts/{draft.id}")


def present(statement: Statement, status: int = 200, warnings: tuple[str, ...] = ()) -> Response:
    """A statement as a reply, with what was dropped of it."""
    told: dict[str, Any] = present_statement(statement)
    if warnings:
        told["warnings"] = list(warnings)
    made = reply(told, status, location=f"/v1/statements/{statement.id}" if status == 201 else "")
    return tagged(made, statement)
