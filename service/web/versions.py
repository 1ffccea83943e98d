"""Which version of a statement somebody means, and who writes: ETag and If-Match, so that nobody overwrites unseen."""

from __future__ import annotations

from flask import Response, request

from index.errors import StatementChanged
from index.models import Statement
from index.store.changes import Writer
from index.store.rows import tag_of
from service.editing_errors import VersionRequired
from service.errors import BadRequest
from service.web.audit_trail import LOCAL
from service.web.context import caller

IF_MATCH = {
    "If-Match": "The ETag of the version that you read: if it was changed meanwhile, nothing is written. A browser "
    "session needs it."
}
AS_CLAIMREVIEW = "-ld"


def writer_of(reason: str | None = None) -> Writer:
    """Whoever calls, as the history names them."""
    return Writer(caller().owner or LOCAL, reason)


def expected_tag() -> str | None:
    """The tag of the version that must still be there; None where any will do. Raises VersionRequired, BadRequest.

    Machines may do without, as they always could: what they replace is kept in the history. A person may not.
    """
    if "If-Match" not in request.headers:
        if caller().account is not None:
            raise VersionRequired("Send the ETag of the version that you read as If-Match.")
        return None
    if request.if_match.star_tag:
        return None
    tags = {tag.removesuffix(AS_CLAIMREVIEW) for tag in request.if_match.as_set()}
    if len(tags) > 1:
        raise BadRequest("If-Match takes the ETag of one version.")
    if not tags:
        raise StatementChanged("If-Match names no version: send the ETag as it came, with its quotes.")
    return tags.pop()


def tagged(reply: Response, statement: Statement, *, as_claimreview: bool = False) -> Response:
    """A reply that shows a statement, with the tag of this version."""
    reply.set_etag(tag_of(statement) + (AS_CLAIMREVIEW if as_claimreview else ""))
    return reply
