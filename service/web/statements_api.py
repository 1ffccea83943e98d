"""/v1/statements: the verified statements, as our own JSON or as ClaimReview (application/ld+json)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.routing import BaseConverter

from index.errors import StoreUnavailable
from index.exchange.claimreview import read_review, statement_to_claimreview
from index.exchange.fields import host_of
from index.exchange.language import detect_language
from index.exchange.ratings import normalize_rating
from index.models import Publisher, Rating, Statement
from service.errors import BadRequest
from service.presenters import present_statement
from service.store.corrections import CORRECTION
from service.store.idempotency import OnceByKey
from service.store.keys import Scope
from service.web.context import application
from service.web.crowd import computing
from service.web.operations import Operation, body_digest, idempotency_key, link_next, operation, reply
from service.web.reading import parse_json, read_body
from service.web.replies import StatementShape, StatementsShape
from service.web.requests import StatementBody, StatementsQuery

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
    wanted = asked.model_dump(exclude_none=True)
    with computing():
        page = application().statements.select(**wanted)
    if wants_claimreview():
        items = [statement_to_claimreview(statement) for statement in page.statements]
        feed = {"@type": "DataFeedItem", "item": items}
        made = reply({"@context": "https://schema.org", "@type": "DataFeed", "dataFeedElement": [feed]})
        made.headers["Content-Type"] = CLAIMREVIEW
    else:
        shown = [present_statement(statement) for statement in page.statements]
        made = reply({"statements": shown, "next_cursor": page.next_cursor})
    return link_next(made, "/v1/statements", wanted, page.next_cursor)


@blueprint.post("/v1/statements")
@operation(
    Operation(
        "Add a statement. If one with the same URL and claim exists, it is updated instead.",
        (Scope.WRITE,),
        {201: StatementShape},
        takes=StatementBody,
        takes_types=(CLAIMREVIEW,),
        creates=True,
    )
)
def create_statement(body: StatementBody | None = None) -> Response:
    """The statement, with its id."""
    given, warnings, content = read_statement(body)
    once = OnceByKey(idempotency_key(content), application().clock)
    statement = application().statements.create(given, once)
    correct_checks()
    return present(statement, 201, warnings)


@blueprint.get("/v1/statements/<statement:id>")
@operation(Operation("Show a verified statement.", (Scope.READ,), {200: StatementShape}, gives_claimreview=True))
def get_statement(id: str) -> Response:
    """The statement, or its ClaimReview."""
    statement = application().statements.get(id)
    if wants_claimreview():
        return reply(statement_to_claimreview(statement), content_type=CLAIMREVIEW)
    return present(statement)


@blueprint.put("/v1/statements/<statement:id>")
@operation(
    Operation(
        "Replace a statement's content. Its id stays the same, and the old version is kept.",
        (Scope.WRITE,),
        {200: StatementShape},
        takes=StatementBody,
        takes_types=(CLAIMREVIEW,),
    )
)
def replace_statement(id: str, body: StatementBody | None = None) -> Response:
    """The statement as it is now."""
    given, warnings, _ = read_statement(body)
    statement = application().statements.revise(id, given)
    correct_checks()
    return present(statement, warnings=warnings)


@blueprint.delete("/v1/statements/<statement:id>")
@operation(Operation("Take a statement out of use.", (Scope.WRITE,), {204: None}))
def delete_statement(id: str) -> Response:
    """Nothing, once it is gone."""
    application().statements.delete(id)
    return Response(status=204)


def correct_checks() -> None:
    """Let past checks be judged anew beside what was written, at once if that can be queued now and soon otherwise."""
    with suppress(StoreUnavailable):
        application().schedules.hurry(CORRECTION)


def wants_claimreview() -> bool:
    """Whether the caller prefers ClaimReview to our own JSON."""
    return request.accept_mimetypes.best_match(["application/json", CLAIMREVIEW]) == CLAIMREVIEW


def present(statement: Statement, status: int = 200, warnings: tuple[str, ...] = ()) -> Response:
    """A statement as a reply, with what was dropped of it."""
    shown: dict[str, Any] = present_statement(statement)
    if warnings:
        shown["warnings"] = list(warnings)
    return reply(shown, status, location=f"/v1/statements/{statement.id}" if status == 201 else "")


def read_statement(body: StatementBody | None) -> tuple[Statement, tuple[str, ...], bytes]:
    """What was sent as a statement, what was dropped of it, and its content. Raises BadRequest."""
    if body is not None:
        return statement_of(body), (), body_digest(body)
    raw = read_body()
    review = read_review(parse_json(raw))
    if review.statement is None:
        raise BadRequest(f"This ClaimReview cannot be used: {review.rejection}.")
    return with_language(review.statement), review.warnings, raw


def statement_of(body: StatementBody) -> Statement:
    """The statement that a body describes; the site, where it is not said, is the URL's."""
    rating, publisher = body.rating, body.publisher
    statement = Statement(
        claim_reviewed=body.claim_reviewed,
        url=body.url,
        rating=Rating(rating.alternate_name, rating.rating_value, rating.best_rating, rating.worst_rating),
        publisher=Publisher(publisher.name, publisher.site or host_of(body.url)),
        language=body.language,
        headline=body.headline,
        author=body.author,
        claimant=body.claimant,
        date_published=body.date_published,
        explanation=body.explanation,
        cluster=body.cluster,
        license=body.license,
    )
    return with_language(statement)


def with_language(statement: Statement) -> Statement:
    """The statement with its language and what its rating words mean in it."""
    language = statement.language or detect_language(statement.claim_reviewed)
    normalized = normalize_rating(statement.rating.alternate_name, language, statement.publisher.site)
    return replace(statement, language=language, rating=replace(statement.rating, normalized=normalized))
