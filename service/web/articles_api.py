"""/v1/extract and /v1/claims: what a page says, and which of its sentences are claims. Nothing is stored."""

from __future__ import annotations

from flask import Blueprint, Response

from service.errors import (
    PageBehindWall,
    PageNotFound,
    PageTooLarge,
    PageTooSlow,
    PageUnavailable,
    PageUnreadable,
    PageUnsupported,
)
from service.models import Article
from service.pipeline.article import article_from_text, extract_article
from service.pipeline.fetch import supplied_page
from service.presenters import present_article, present_sentences
from service.store.keys import Scope
from service.web.context import application
from service.web.operations import Operation, operation, reply
from service.web.replies import ArticleShape, ClaimsShape
from service.web.requests import ArticleBody, ClaimsBody, check_fetchable

blueprint = Blueprint("articles", __name__)
UNREADABLE = (PageUnavailable, PageTooSlow, PageNotFound, PageBehindWall, PageTooLarge, PageUnsupported, PageUnreadable)


@blueprint.post("/v1/extract")
@operation(
    Operation(
        "The article of a page or of HTML.",
        (Scope.CHECK,),
        {200: ArticleShape},
        takes=ArticleBody,
        faults=UNREADABLE,
    )
)
def extract(body: ArticleBody) -> Response:
    """The article; its text is empty where there is none to read."""
    return reply(present_article(read_article(body.url, body.html, body.language)))


@blueprint.post("/v1/claims")
@operation(
    Operation(
        "Every sentence of a text or page, with how worth-while checking it is.",
        (Scope.CHECK,),
        {200: ClaimsShape},
        takes=ClaimsBody,
        faults=UNREADABLE,
    )
)
def claims(body: ClaimsBody) -> Response:
    """The sentences in their order. Of a very long text some are scored by their words alone."""
    if body.text is not None:
        article = application().reader.read(article_from_text, body.text, body.language)
    else:
        article = read_article(body.url, body.html, body.language)
    claims, looked_at = application().checker.read_claims(article)
    return reply(present_sentences(article.language, claims, looked_at))


def read_article(url: str | None, html: str | None, language: str | None) -> Article:
    """The article of supplied HTML, or of the page of an address. Raises PageUnavailable, PageUnreadable."""
    if html is not None:
        page = supplied_page(html, url)
    else:
        check_fetchable(url, application().settings.fetch_hosts)
        page = application().fetcher.fetch(url or "")
    return application().reader.read(extract_article, page, language)
