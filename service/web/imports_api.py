"""/v1/statements/import and /v1/imports: ClaimReview in, worked off by a worker, with a report."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from index.exchange.decoding import decode
from index.exchange.workbooks import XLSX
from service.editing_errors import ReleaseRefused
from service.errors import BadRequest
from service.store.keys import Scope
from service.store.spool import Spool
from service.web.callbacks import callback_to
from service.web.column_requests import ImportQuery
from service.web.context import application, caller, language
from service.web.crowd import uploading
from service.web.operations import Operation, body_digest, check_header, idempotency_key, operation, reply
from service.web.reading import check_model, parse_json, read_parts
from service.web.releasing import refuse_without_release
from service.web.replies import ImportShape
from service.web.requests import ImportUrlBody, check_fetchable
from service.work_presenters import present_import

blueprint = Blueprint("imports", __name__)

MAX_IMPORT_BYTES = 64 * 1024 * 1024
MAX_PAGE_BYTES = 5_000_000
MAX_CHARSET = 40  # characters
MAX_URL_BODY = 16_384  # a JSON body that only names a URL is no larger
JSON = "application/json"
IMPORT_TYPES = (JSON, "application/ld+json", "application/x-ndjson", "text/csv", "text/html", XLSX)
JSON_TYPES = (JSON, "application/ld+json")
BEFORE_JSON = "\ufeff \t\r\n"  # a byte order mark, and what JSON calls white space
GUARDED = {"X-Requested-With": "Required for CSV and HTML from a browser that writes without a key; any value."}


IMPORT = Operation(
    "Import ClaimReview (JSON-LD, NDJSON, a DataFeed, CSV, Excel or HTML, by Content-Type), or fetch it from a URL.",
    (Scope.WRITE,),
    {202: ImportShape},
    takes=ImportUrlBody,
    takes_types=IMPORT_TYPES,
    guarded_types=("text/csv", "text/html"),
    headers=GUARDED,
    max_body=MAX_IMPORT_BYTES,
    limits={"text/html": MAX_PAGE_BYTES},
    uploads=True,
    creates=True,
    query=ImportQuery,
    faults=(ReleaseRefused,),
)


@blueprint.post("/v1/statements/import")
@operation(IMPORT)
def create_import(asked: Any) -> Response:
    """A committed import, on its way."""
    refuse_without_release()
    callback, columns = callback_to(asked.callback_url), asked.to_mapping()
    kind = request.mimetype
    limit = check_header(IMPORT)
    imports = application().imports
    with uploading(), imports.spooling() as spool:
        receive(spool, limit)
        start = spool.read() if kind in JSON_TYPES and spool.size <= MAX_URL_BODY else b"{"
        if decode(start).lstrip(BEFORE_JSON)[:1] not in ("{", "["):
            raise BadRequest("This is not ClaimReview: send an object or a list.")
        url = named_url(start) if kind == JSON and spool.size <= MAX_URL_BODY else None
        told = [callback.url.encode()] if callback else []
        told += [body_digest(asked)] if columns else []
        key = idempotency_key(kind.encode(), spool.digest, *told)
        found = imports.submit(caller().owner, spool, typed(kind), url, key, callback, columns)
    return reply(present_import(found, language()), 202, location=f"/v1/imports/{found.id}")


def typed(kind: str) -> str:
    """The type of the body with its charset, which a CSV or a page may not say itself."""
    charset = request.mimetype_params.get("charset")
    return f"{kind}; charset={charset[:MAX_CHARSET]}" if charset else kind


@blueprint.get("/v1/imports/<id>")
@operation(Operation("Show an import and its report.", (Scope.WRITE, Scope.READ), {200: ImportShape}))
def get_import(id: str) -> Response:
    """The import, whatever its state."""
    return reply(present_import(application().imports.get(id, caller().sees), language()))


def receive(spool: Spool, limit: int) -> None:
    """Write the body to disk as it comes. Raises BadRequest for an empty one, BodyTooLarge, StoreUnavailable."""
    for part in read_parts(limit):
        spool.write(part)
    if spool.is_blank:
        raise BadRequest("The body is empty.")


def named_url(body: bytes) -> str | None:
    """The URL to import from, where the body is `{"url": …}` and nothing else. Raises BadRequest for a bad one."""
    value = parse_json(body)
    if not isinstance(value, dict) or set(value) != {"url"}:
        return None
    url = check_model(ImportUrlBody, value).url
    check_fetchable(url, application().settings.fetch_hosts)
    return url
