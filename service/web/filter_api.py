"""/v1/filter: the signed filter of pages with a verdict, for the extension."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, request

from service.web.checks_api import SEE
from service.web.context import application
from service.web.operations import Operation, operation

blueprint = Blueprint("filter", __name__)


@blueprint.get("/v1/filter")
@operation(
    Operation(
        "Get the signed filter of pages with a verdict (docs/extension.md says how it is read).",
        SEE,
        {200: None, 304: None},
        gives_bytes="application/octet-stream",
        headers={"If-None-Match": "The ETag of the filter that you already have."},
    )
)
def get_filter() -> Response:
    """The filter's bytes, or 304 where the caller has them already."""
    content = application().page_filter.current()
    made = Response(content, content_type="application/octet-stream")
    made.set_etag(hashlib.sha256(content).hexdigest())
    return made.make_conditional(request)  # type: ignore[return-value]
