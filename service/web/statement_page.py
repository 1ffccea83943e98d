"""/statements/ID: a published statement as a page for everybody, with ClaimReview and Open Graph for machines.

Published is what is of a site that GEGENCHECK_PUBLISHES names, as in /feeds. Of everything else, and of what does not
exist, the page says the same.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

from flask import Response, current_app, request, url_for

from index.errors import IndexFault, StatementNotFound
from index.exchange.claimreview import statement_to_claimreview
from index.models import Statement
from index.retrieval.clusters import cluster_of
from index.retrieval.search import StatementIndex
from service import wording
from service.errors import NotFound, Overload
from service.source_presets import known_hosts
from service.sources import Allowlist
from service.twins import are_rated_alike
from service.web.context import application
from service.web.crowd import computing
from service.web.pages import blueprint
from service.web.rendering import page, page_language

CLUSTERS = "gegencheck-clusters"
KEPT_CLUSTERS = 2000  # to find one takes as long as a search
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
    others = others_to_show(statement)
    rating, claim = wording.rating_label(statement, language), " ".join(statement.claim_reviewed.split())
    made = page(
        "statement.html",
        title=wording.say(language, "statement.title", claim=claim, rating=rating),
        statement=statement,
        claim_review=in_script(claim_review(statement)),
        address=address_of(statement),
        locale=LOCALES.get(language, "en_GB"),
        described=described(statement, language),
        others=others,
        rated_alike=are_rated_alike(statement, *others),
    )
    made.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    made.set_etag(f"{application().statements.checkpoint()}-{language}-{','.join(str(each.key) for each in others)}")
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
    return for_everybody(statement)


def for_everybody(statement: Statement) -> Statement:
    """A statement without what concerns nobody outside: who of the house keeps it right."""
    return replace(statement, owner=None)


def others_to_show(statement: Statement) -> list[Statement]:
    """Others that say the same and that everybody may see: published here, or of a fact-checker that the program knows.

    Whoever keeps statements for themselves finds none of them here. Where the index cannot say now, none are shown.
    """
    try:
        found = cluster_in(application().index.current(), statement)
    except (IndexFault, Overload):
        return []
    return [each for each in found if is_for_everybody(each)]


def cluster_in(index: StatementIndex, statement: Statement) -> tuple[Statement, ...]:
    """The others of a statement's cluster in one state of the index, found once. Raises IndexUnavailable, Overload."""
    kept: dict[tuple[str, str | None], tuple[Statement, ...]] = current_app.extensions.setdefault(CLUSTERS, {})
    place = (index.checkpoint, statement.id)
    if place not in kept:
        if len(kept) >= KEPT_CLUSTERS:
            kept.clear()
        with computing():
            kept[place] = tuple(cluster_of(index, statement))
    return kept.get(place, ())


def is_for_everybody(statement: Statement) -> bool:
    """Whether it is published here, or a fact-check that lies on the site of a publisher that the program knows."""
    site = (statement.publisher.site or "").lower()
    return site in application().settings.publishes or known_fact_checkers().holds(statement.url)


@cache
def known_fact_checkers() -> Allowlist:
    """The sites of publishers that the program knows."""
    return Allowlist(known_hosts())


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
