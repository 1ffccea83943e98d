"""/v1/ratings: rating words that are not mapped, and what persons say that they mean."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from flask import Blueprint, Response
from pydantic import Field

from index.errors import MappingNotFound
from index.exchange.local_ratings import SITE
from index.models import NormalizedRating
from index.store.ratings import EXAMPLES, MOST_PUBLISHERS, Mapped
from service.presenters_ratings import present_mapped, present_mappings, present_unmapped
from service.store.idempotency import OnceByKey
from service.store.keys import Scope
from service.web.audit_trail import LOCAL
from service.web.context import application, caller
from service.web.crowd import computing
from service.web.fields import Cursor, FullPassage
from service.web.operations import Operation, body_digest, idempotency_key, link_next, operation, reply
from service.web.replies import Shape, StatementShape
from service.web.requests import Body, Query
from service.web.statement_bodies import correct_checks

blueprint = Blueprint("ratings", __name__)

Site = Annotated[str, Field(pattern=SITE)]
Meaning = Literal[
    "false", "mostly_false", "mixed", "missing_context", "mostly_true", "true", "satire", "altered_media", "unproven"
]


class MappingBody(Body):
    """What rating words mean. Case and signs make no difference, unless there are digits or a question mark."""

    words: FullPassage
    normalized: Meaning
    publisher: Site | None = Field(
        None, description="The site of the publisher that means this; it comes before what holds for all."
    )


class RatingsQuery(Query):
    """Which part of a list to show."""

    cursor: Cursor | None = None
    limit: int = Field(50, ge=1, le=200)


class SiteCount(Shape):
    """How many statements a publisher has with these words."""

    site: str | None
    count: int


class UnmappedShape(Shape):
    """Rating words that are not mapped, as one publisher writes them."""

    words: str
    count: int = Field(description="How many statements bear them.")
    publishers: list[SiteCount] = Field(description=f"The first {MOST_PUBLISHERS}.")
    examples: list[StatementShape] = Field(description=f"The {EXAMPLES} newest statements.")


class UnmappedPageShape(Shape):
    """Rating words, the most frequent first; `next_cursor`, sent as `cursor`, gets the next page."""

    ratings: list[UnmappedShape]
    words: int = Field(description="How many different ones there are in all.")
    statements: int = Field(description="How many statements bear them in all.")
    next_cursor: str | None


class MappingShape(Shape):
    """What somebody said that rating words mean."""

    id: str
    words: str
    publisher: str | None = Field(description="The site of the publisher for which it holds; null: for all.")
    normalized: NormalizedRating
    statements: int = Field(description="How many statements it decides for.")
    mapped_by: str = Field(description="The id of a key; `local`: no key, on this machine; `terminal`: a command.")
    mapped_at: datetime


class MappingsShape(Shape):
    """A page of mappings, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    mappings: list[MappingShape]
    next_cursor: str | None


@blueprint.get("/v1/ratings/unmapped")
@operation(
    Operation(
        "List the rating words that are mapped to none of our ratings, the most frequent first.",
        (Scope.WRITE,),
        {200: UnmappedPageShape},
        query=RatingsQuery,
    )
)
def list_unmapped(asked: RatingsQuery) -> Response:
    """A page of rating words."""
    with computing():
        found = application().ratings.unmapped(asked.cursor, asked.limit)
    made = reply(present_unmapped(found))
    return link_next(made, "/v1/ratings/unmapped", {"limit": asked.limit}, found.next_cursor)


@blueprint.get("/v1/ratings/mappings")
@operation(
    Operation(
        "List what people here mapped rating words to, newest first.",
        (Scope.WRITE,),
        {200: MappingsShape},
        query=RatingsQuery,
    )
)
def list_mappings(asked: RatingsQuery) -> Response:
    """A page of mappings."""
    found = application().ratings.list(asked.cursor, asked.limit)
    made = reply(present_mappings(found))
    return link_next(made, "/v1/ratings/mappings", {"limit": asked.limit}, found.next_cursor)


@blueprint.post("/v1/ratings/mappings")
@operation(
    Operation(
        "Map rating words to one of our ratings, for all statements that are there and all that come. The same words "
        "of the same publisher are mapped anew.",
        (Scope.WRITE,),
        {201: MappingShape},
        takes=MappingBody,
        creates=True,
        faults=(MappingNotFound,),
    )
)
def map_words(body: MappingBody) -> Response:
    """The mapping. Raises MappingNotFound where an Idempotency-Key made one that was taken back since."""
    mapped = put_mapping(body, OnceByKey(idempotency_key(body_digest(body)), application().clock))
    return reply(present_mapped(mapped), 201, location=f"/v1/ratings/mappings/{mapped.mapping.id}")


@blueprint.get("/v1/ratings/mappings/<id>")
@operation(Operation("Show a mapping of rating words.", (Scope.WRITE,), {200: MappingShape}, faults=(MappingNotFound,)))
def get_mapping(id: str) -> Response:
    """The mapping. Raises MappingNotFound."""
    return reply(present_mapped(application().ratings.get(id)))


@blueprint.delete("/v1/ratings/mappings/<id>")
@operation(
    Operation(
        "Take a mapping back: its words mean again what they would without it.",
        (Scope.WRITE,),
        {204: None},
        faults=(MappingNotFound,),
    )
)
def unmap_words(id: str) -> Response:
    """Nothing, once it is back. Raises MappingNotFound."""
    take_back(id)
    return Response(status=204)


def put_mapping(body: MappingBody, once: OnceByKey | None = None) -> Mapped:
    """Map words as the caller says, and let past checks be judged anew."""
    held, normalized = application(), NormalizedRating(body.normalized)
    by, at = caller().owner or LOCAL, held.clock.read().at
    mapped = held.ratings.map(body.words, normalized, by, at, body.publisher, once)
    correct_checks()
    return mapped


def take_back(id: str) -> None:
    """Take a mapping back, and let past checks be judged anew. Raises MappingNotFound."""
    application().ratings.unmap(id)
    correct_checks()
