"""/v1/statements/import and /v1/imports: ClaimReview in, worked off by a worker, with a report."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.errors import BadRequest, TypeUnsupported
from service.presenters import present_import
from service.store.keys import Scope
from service.web.context import application, caller, language
from service.web.operations import Operation, idempotency_key, operation, reply
from service.web.reading import check_model, parse_json, read_body
from service.web.replies import ImportShape
from service.web.requests import ImportUrlBody, check_fetchable

blueprint = Blueprint("imports", __name__)

MAX_IMPORT_BYTES = 64 * 1024 * 1024
MAX_URL_BODY = 16_384  # a JSON body that only names a URL is no larger
JSON = "application/json"
IMPORT_TYPES = (JSON, "application/ld+json", "application/x-ndjson", "text/csv", "text/html")
GUARDED_TYPES = ("text/csv", "text/html")  # files that a browser may be made to send


@blueprint.post("/v1/statements/import")
@operation(
    Operation(
        "Import ClaimReview: JSON-LD, NDJSON, a DataFeed, CSV or HTML by Content-Type, or from a URL.",
        (Scope.WRITE,),
        {202: ImportShape},
        takes=ImportUrlBody,
        takes_types=IMPORT_TYPES,
        headers={"X-Requested-With": "Needed with CSV and HTML from a browser that writes without a key; any value."},
        creates=True,
    )
)
def create_import() -> Response:
    """A committed import, on its way."""
    kind = request.mimetype
    if kind not in IMPORT_TYPES:
        raise TypeUnsupported(f"Send one of {', '.join(IMPORT_TYPES)}.")
    if kind in GUARDED_TYPES and not caller().owner and "X-Requested-With" not in request.headers:
        raise TypeUnsupported(f"Send {kind} with a key, or with the header X-Requested-With.")
    body = read_body(MAX_IMPORT_BYTES)
    if not body.strip():
        raise BadRequest("The body is empty.")
    url = named_url(body) if kind == JSON else None
    key = idempotency_key(kind.encode(), body)
    found = application().imports.submit(caller().owner, body, kind, url, key)
    return reply(present_import(found, language()), 202, location=f"/v1/imports/{found.id}")


@blueprint.get("/v1/imports/<id>")
@operation(Operation("An import and its report.", (Scope.WRITE, Scope.READ), {200: ImportShape}))
def get_import(id: str) -> Response:
    """The import, whatever its state."""
    return reply(present_import(application().imports.get(id, caller().sees), language()))


def named_url(body: bytes) -> str | None:
    """The URL to import from, where the body is `{"url": …}` and nothing else. Raises BadRequest for a bad one."""
    if len(body) > MAX_URL_BODY:
        return None
    value = parse_json(body)
    if not isinstance(value, dict) or set(value) != {"url"}:
        return None
    url = check_model(ImportUrlBody, value).url
    check_fetchable(url, application().settings.fetch_hosts)
    return url
