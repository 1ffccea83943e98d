"""/statements/ID: a published statement as a page for everybody, with ClaimReview and Open Graph for machines.

Published is what is of a site that GEGENCHECK_PUBLISHES names, as in /feeds. Of everything else, and of what does not
exist, the page says the same.
"""

from __future__ import annotations

import json

from flask import Response, request, url_for

from index.errors import StatementNotFound
from index.exchange.claimreview import statement_to_claimreview
from index.models import Statement
from service import wording
from service.errors import NotFound
from service.web.context import application
from service.web.pages import blueprint
from service.web.rendering import page, page_language

SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
LOCALES = {"de": "de_DE", "de-CH": "de_CH", "en": "en_GB"}
KEPT_SECONDS = 300  # by browsers and others: what is corrected is seen soon


class StatementNotPublished(NotFound):
    """There is no such statement for everybody to read."""

    code = "statement-not-published"


@blueprint.get("/statements/<id>")
def show_statement(id: str) -> Response:
    """The statement. Raises StatementNotPublished."""
    statement, language = published(id), page_language()
    rating, claim = wording.rating_label(statement, language), " ".join(statement.claim_reviewed.split())
    made = page(
        "statement.html",
        title=wording.say(language, "statement.title", claim=claim, rating=rating),
        statement=statement,
        claim_review=in_script(claim_review(statement)),
        address=address_of(statement),
        locale=LOCALES.get(language, "en_GB"),
        described=described(statement, language),
    )
    made.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    made.set_etag(f"{application().statements.checkpoint()}-{language}")
    made.make_conditional(request)
    return made


def address_of(statement: Statement) -> str | None:
    """The address of its page for others; None where nobody set one, for the Host header is whatever a caller wrote."""
    public_url = application().settings.public_url
    return public_url + url_for("pages.show_statement", id=statement.id) if public_url else None


def published(id: str) -> Statement:
    """A statement that everybody may read. Raises StatementNotPublished."""
    try:
        statement = application().statements.get(id)
    except StatementNotFound:
        statement = None
    if statement is None or (statement.publisher.site or "").lower() not in application().settings.publishes:
        raise StatementNotPublished("There is no such statement, or it is not published here.")
    return statement


def claim_review(statement: Statement) -> dict[str, object]:
    """A statement as markup on a page: with an author whose name is never missing, as search engines ask for it."""
    review = statement_to_claimreview(statement)
    author = {"name": statement.publisher.name or statement.publisher.site, **review["author"]}
    return {**review, "author": author}


def in_script(value: object) -> str:
    """JSON that may stand inside a script element, whatever it says."""
    return json.dumps(value, ensure_ascii=False).translate({ord(sign): put for sign, put in SCRIPT.items()})


def described(statement: Statement, language: str) -> str:
    """Who rated it how, and why, in a line."""
    said = wording.say(
        language, "statement.rated", publisher=wording.publisher_words(statement, language),
        rating=wording.rating_label(statement, language),
    )  # fmt: skip
    reason = wording.reason_of(statement)
    return f"{said} {reason}" if reason else said
