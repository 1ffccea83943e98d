"""Statements as they are sent: our own JSON or ClaimReview, read as the store takes them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from index.errors import StoreUnavailable
from index.exchange.claimreview import read_review
from index.exchange.fields import host_of
from index.exchange.language import detect_language
from index.exchange.ratings import normalize_rating
from index.models import Citation, Publisher, Rating, Statement
from service.bootstrap import Application
from service.errors import BadRequest
from service.store.corrections import CORRECTION
from service.web.context import application
from service.web.operations import body_digest
from service.web.reading import parse_json, read_body
from service.web.requests import StatementBody


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
        citations=tuple(Citation(each.url, (each.title or "").strip() or None) for each in body.citations),
        valid_from=body.valid_from,
        valid_until=body.valid_until,
        owner=(body.owner or "").strip() or None,
    )
    return with_language(statement)


def with_language(statement: Statement) -> Statement:
    """The statement with its language and what its rating words mean in it."""
    language = statement.language or detect_language(statement.claim_reviewed)
    normalized = normalize_rating(statement.rating.alternate_name, language, statement.publisher.site)
    return replace(statement, language=language, rating=replace(statement.rating, normalized=normalized))


def correct_checks(held: Application | None = None) -> None:
    """Let past checks be judged anew beside what was written, at once if that can be queued now and soon otherwise."""
    with suppress(StoreUnavailable):
        (held or application()).schedules.hurry(CORRECTION)
