"""What a call may be refused with: follows from its declaration, so that OpenAPI names every status that may come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.errors import StoreUnavailable
from service import errors
from service.presenters import problem_title
from service.web.errors import CODES, STATUS, nearest_of
from service.web.google_errors import INSTEAD
from service.web.operations import Operation
from service.web.replies import ErrorShape

Json = dict[str, Any]
PROBLEM = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{ErrorShape.__name__}"}}}
SECONDS = {
    "description": "Seconds to wait before sending the request again.",
    "required": True,
    "schema": {"type": "integer"},
}
LEFT = {"description": "What is left of the key's limits, if it has any.", "schema": {"type": "string"}}
POLICY = {"description": "The key's limits, if it has any.", "schema": {"type": "string"}}
HEADERS: dict[int, Json] = {
    401: {"WWW-Authenticate": {"description": "How to authenticate.", "required": True, "schema": {"type": "string"}}},
    429: {"Retry-After": SECONDS, "RateLimit": LEFT, "RateLimit-Policy": POLICY},
    503: {"Retry-After": SECONDS},
}


def find_faults(path: str, declared: Operation) -> Iterator[type[Exception]]:
    """The errors that a call may end with."""
    if not declared.refuses_nobody:
        yield from (errors.OriginRefused, errors.HostRefused)  # of the open API, wherever it is called
    if declared.scopes:
        yield from (errors.KeyRequired, errors.ScopeMissing, errors.TooManyRequests, errors.ServiceBusy)
        yield StoreUnavailable
    if declared.takes is not None or declared.takes_types:
        yield from (errors.BadRequest, errors.BodyTooLarge, errors.TypeUnsupported)
    if declared.query is not None:
        yield errors.BadRequest
    if declared.creates:
        yield errors.KeyReused
    if "{" in path:
        yield errors.NotFound
    yield from declared.faults


def describe_refusals(path: str, declared: Operation) -> Json:
    """The replies of a call that are problems, by status."""
    titles: dict[int, list[str]] = {}
    for kind in find_faults(path, declared):
        status = nearest_of(kind, STATUS)
        titles.setdefault(INSTEAD.get(status, status) if declared.errors else status, []).append(_title(kind))
    return {
        str(status): {
            "description": "; ".join(dict.fromkeys(said)) + ".",
            "content": refusal_content(declared),
            **({"headers": HEADERS[status]} if status in HEADERS else {}),
        }
        for status, said in sorted(titles.items())
    }


def refusal_content(declared: Operation) -> Json:
    """What the body of a refusal is."""
    if declared.errors is None:
        return PROBLEM
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{declared.errors.__name__}"}}}


def _title(kind: type[Exception]) -> str:
    code = kind.code if issubclass(kind, errors.GegencheckError) else nearest_of(kind, CODES)
    return problem_title(code, "en")
