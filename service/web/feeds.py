"""/feeds: the statements of this installation's own publishers, for everybody to read, with their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from flask import Blueprint, Response, request

from index.errors import StoreUnavailable
from index.exchange.feeds import data_feed_parts, review_lines, write_rss
from index.models import Statement
from index.store.walking import own_statements
from service import wording
from service.errors import NotFound, ServiceBusy, TooManyRequests
from service.web.context import application, language
from service.web.crowd import computing
from service.web.operations import Operation, operation
from service.web.statement_page import address_of, for_everybody

blueprint = Blueprint("feeds", __name__)

NEWEST = 50  # in RSS; the others hold all
SEEN = {"If-None-Match": "The ETag of what you already have."}
FAULTS = (NotFound, TooManyRequests, ServiceBusy, StoreUnavailable)
DATA_FEED, LINES, RSS = "application/ld+json", "application/x-ndjson", "application/rss+xml"


def public(summary: str, kind: str) -> Operation:
    """A call for everybody that gives a feed of this kind, or says that the caller has it already."""
    return Operation(summary, (), {200: None, 304: None}, gives_bytes=kind, headers=SEEN, faults=FAULTS)


@blueprint.get("/feeds/claimreview.json")
@operation(public("Get the published statements as a schema.org DataFeed.", DATA_FEED))
def data_feed() -> Response:
    """A DataFeed in the shape of Data Commons."""
    return published(DATA_FEED, lambda found: "".join(data_feed_parts(found, address_of)).encode("utf-8", "replace"))


@blueprint.get("/feeds/claimreview.ndjson")
@operation(public("Get the published statements as ClaimReview, one per line.", LINES))
def lines() -> Response:
    """One ClaimReview a line."""
    return published(LINES, lambda found: "".join(review_lines(found, address_of)).encode("utf-8", "replace"))


@blueprint.get("/feeds/claimreview.rss")
@operation(public("Get the newest published statements as RSS.", RSS))
def rss() -> Response:
    """The newest ones, for a feed reader."""
    return published(RSS, write_newest)


def write_newest(found: Iterator[Statement]) -> bytes:
    """The newest statements as RSS."""
    sites = application().settings.publishes
    title = wording.say(language(), "feeds.title", names=", ".join(sites))
    return write_rss(islice(found, NEWEST), title, f"https://{sites[0]}/", address_of)


def published(kind: str, write: Callable[[Iterator[Statement]], bytes]) -> Response:
    """What is published, as one kind of feed; 304 where the caller has it already. Raises NotFound where nothing is."""
    sites, statements = application().settings.publishes, application().statements
    if not sites:
        raise NotFound("Nothing is published here: GEGENCHECK_PUBLISHES names the sites whose statements are.")
    made = Response(content_type=f"{kind}; charset=utf-8" if kind == RSS else kind)
    made.set_etag(f"{statements.checkpoint()}-{language()}")
    made.make_conditional(request)
    if made.status_code != 304:
        with computing():
            made.set_data(write(for_everybody(each) for each in own_statements(statements, sites)))
    return made
