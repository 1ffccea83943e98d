"""/v1alpha1/claims:search: the read call of Google's Fact Check Tools API, answered from this service's statements.

A client that was written for Google works by changing the base address. Whoever may read statements gets all of them;
everybody else those of the sites that GEGENCHECK_PUBLISHES names, as /feeds gives them, or a 403 where it names none.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from flask import Blueprint, Response, g, request

from index.errors import IndexFault
from index.exchange.google_claims import statement_to_google_claim
from index.models import Statement
from service.errors import BadRequest, FieldProblem, KeyRequired, TooManyRequests
from service.store.keys import Scope
from service.web.allowance import spend_request
from service.web.auth import require
from service.web.claims_search_shapes import MAX_OFFSET, MAX_PAGE, ClaimsFoundShape, ClaimsSearchQuery, GoogleErrorShape
from service.web.context import Caller, application
from service.web.crowd import computing
from service.web.google_errors import UNREGISTERED, KeyNotValid, register_google_errors
from service.web.operations import Operation, operation, reply
from service.web.statement_search import Wanted, find_statements

blueprint = Blueprint("claims_search", __name__)
register_google_errors(blueprint)
KEY_HEADER = "X-Goog-Api-Key"


@blueprint.get("/v1alpha1/claims:search")
@operation(
    Operation(
        "Search fact-checked claims as Google's Fact Check Tools API does, with its parameters, shape and errors. Your "
        "key may be in `key` or X-Goog-Api-Key, too. Without a key, only published statements are searched.",
        (),
        {200: ClaimsFoundShape},
        query=ClaimsSearchQuery,
        headers={KEY_HEADER: "A key of this service."},
        faults=(KeyRequired, KeyNotValid, TooManyRequests, IndexFault),
        errors=GoogleErrorShape,
    )
)
def search_claims(asked: ClaimsSearchQuery) -> Response:
    """A page of claims."""
    sites = sites_to_search(asked.key)
    start = offset_of(asked.pageToken) if asked.pageToken else asked.offset
    size = min(asked.pageSize, MAX_PAGE)
    wanted = Wanted(asked.query, asked.languageCode, asked.reviewPublisherSiteFilter, asked.maxAgeDays, sites)
    with computing():
        found = list(islice(find_statements(application(), wanted), start, start + size + 1))
    return reply(present_found(found, start, size))


def present_found(found: Sequence[Statement], start: int, size: int) -> dict[str, object]:
    """Some claims, and what asks for those after them."""
    shown: dict[str, object] = {"claims": [statement_to_google_claim(each) for each in found[:size]]} if found else {}
    if len(found) > size and start + size <= MAX_OFFSET:
        shown["nextPageToken"] = f"n{start + size}"
    return shown


def offset_of(token: str) -> int:
    """Where the page begins that a token asks for. Raises BadRequest for one that no page gave."""
    number = token[1:]
    if token[:1] != "n" or not (number.isascii() and number.isdecimal()) or int(number) > MAX_OFFSET:
        raise BadRequest(
            "This pageToken was not given by any page.", (FieldProblem("/pageToken", "not given by any page"),)
        )
    return int(number)


def sites_to_search(key: str) -> tuple[str, ...] | None:
    """The sites whose statements the caller may search; None: all. Raises KeyRequired, KeyNotValid, ScopeMissing."""
    enter_by_key(key)
    if g.caller is not None:
        require(Scope.READ)
        spend_request()
        return None
    sites = application().settings.publishes
    if not sites or "Authorization" in request.headers:  # a key that is wrong is said to be
        raise KeyRequired(UNREGISTERED)
    return sites


def enter_by_key(key: str) -> None:
    """Let a caller in whose key stands where Google's clients put it. Raises KeyNotValid."""
    secret = request.headers.get(KEY_HEADER) or key
    if g.caller is not None or not secret:  # on the open API this machine may read, whatever its clients send
        return
    found = application().keys.find(secret)
    if found is None:
        raise KeyNotValid("API key not valid. Please pass a valid API key.")
    g.caller = Caller(found.id, frozenset(found.scopes), found.limits)
