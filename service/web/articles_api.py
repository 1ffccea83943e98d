"""/v1/extract and /v1/claims: what a page says, and which of its sentences are claims. Nothing is stored."""

from __future__ import annotations

from flask import Blueprint, Response

from service.errors import (
    PageAsksConsent,
    PageAsksLogin,
    PageBehindPaywall,
    PageBehindWall,
    PageBrokenOff,
    PageLeadsInCircles,
    PageLeadsOn,
    PageLimitsVisits,
    PageNeedsCookies,
    PageNeedsScript,
    PageNotFound,
    PageNotShownHere,
    PageOnlyPictures,
    PageTooLarge,
    PageTooSlow,
    PageUnavailable,
    PageUnderRepair,
    PageUnreadable,
    PageUnsupported,
)
from service.models import Page
from service.pipeline.article import article_from_text, extract_article
from service.pipeline.fetch import supplied_page
from service.presenters import present_article, present_sentences
from service.store.keys import Scope
from service.web.context import application, caller
from service.web.crowd import computing, crowd
from service.web.operations import Operation, operation, reply
from service.web.reading import DOCUMENT_BODY_BYTES
from service.web.replies import ArticleShape, ClaimsShape
from service.web.requests import ArticleBody, ClaimsBody, check_fetchable

blueprint = Blueprint("articles", __name__)
MARKUP = 10  # so many characters of a page's source are one of its text, or more
UNREADABLE = (
    PageUnavailable, PageTooSlow, PageNotFound, PageUnderRepair, PageLeadsInCircles, PageNeedsCookies, PageBehindWall,
    PageAsksConsent, PageAsksLogin, PageBehindPaywall, PageNotShownHere, PageLimitsVisits, PageTooLarge,
    PageBrokenOff, PageUnsupported, PageUnreadable, PageNeedsScript, PageOnlyPictures, PageLeadsOn,
)  # fmt: skip


@blueprint.post("/v1/extract")
@operation(
    Operation(
        "Extract the article from a page or from HTML.",
        (Scope.CHECK,),
        {200: ArticleShape},
        takes=ArticleBody,
        faults=UNREADABLE,
        max_body=DOCUMENT_BODY_BYTES,
    )
)
def extract(body: ArticleBody) -> Response:
    """The article; its text is empty where there is none to read."""
    page = read_page(body.url, body.html)
    with computing(characters=len(page.content) // MARKUP):
        return reply(present_article(application().reader.read(extract_article, page, body.language)))


@blueprint.post("/v1/claims")
@operation(
    Operation(
        "List every sentence of a text or page with its check-worthiness.",
        (Scope.CHECK,),
        {200: ClaimsShape},
        takes=ClaimsBody,
        faults=UNREADABLE,
        max_body=DOCUMENT_BODY_BYTES,
    )
)
def claims(body: ClaimsBody) -> Response:
    """The sentences in their order. Of a very long text some are scored by their words alone."""
    page = None if body.text is not None else read_page(body.url, body.html)
    with computing(characters=len(body.text or "") if page is None else len(page.content) // MARKUP):
        reader = application().reader
        if page is None:
            article = reader.read(article_from_text, body.text or "", body.language)
        else:
            article = reader.read(extract_article, page, body.language)
        claims, looked_at = application().checker.read_claims(article)
        return reply(present_sentences(article, claims, looked_at))


def read_page(url: str | None, html: str | None) -> Page:
    """Supplied HTML as a page, or the page of an address. Raises PageUnavailable, Overload."""
    if html is not None:
        return supplied_page(html, url)
    check_fetchable(url, application().settings.fetch_hosts)
    with crowd().fetches.place(caller().owner), crowd().hands.resting():
        return application().fetcher.fetch(url or "")
