"""Errors as problems (RFC 9457): the one place that decides HTTP statuses, for both error trees."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any, TypeVar

from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException

from index import errors as index_errors
from service import account_errors, editing_errors, errors
from service.errors import FieldProblem
from service.logs import describe
from service.presenters import problem_fields
from service.web.context import language

log = logging.getLogger(__name__)

Value = TypeVar("Value")

RETRY_AFTER_SECONDS = 5

# The nearest class of an error's ancestry decides.
STATUS: dict[type[Exception], int] = {
    errors.BadRequest: 400,
    errors.AddressRefused: 400,
    errors.KeyRequired: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    account_errors.ProviderUnavailable: 502,
    errors.SourcePaused: 409,
    errors.BodyTooLarge: 413,
    errors.TypeUnsupported: 415,
    errors.HostRefused: 421,
    errors.KeyReused: 422,
    editing_errors.VersionRequired: 428,
    editing_errors.DraftChanged: 412,
    errors.CheckFault: 422,
    errors.PageUnavailable: 502,
    errors.PageNotFound: 422,
    errors.PageBehindWall: 422,
    errors.PageTooLarge: 422,
    errors.PageUnsupported: 422,
    errors.PageTooSlow: 504,
    errors.IndexNotReady: 503,
    errors.ReaderUnavailable: 503,
    errors.Overload: 503,
    errors.TooManyRequests: 429,
    errors.GegencheckError: 500,
    index_errors.StatementNotFound: 404,
    index_errors.StatementChanged: 412,
    index_errors.StatementExists: 409,
    index_errors.MappingNotFound: 404,
    index_errors.ImportRejected: 400,
    index_errors.IndexFault: 503,
}

# What the index's errors are called outside; the service's carry their code themselves.
CODES: dict[type[Exception], str] = {
    index_errors.StatementNotFound: "not-found",
    index_errors.StatementChanged: "statement-changed",
    index_errors.StatementExists: "statement-exists",
    index_errors.MappingNotFound: "not-found",
    index_errors.ImportRejected: "import-rejected",
    index_errors.ModelUnavailable: "model-unavailable",
    index_errors.StoreUnavailable: "store-unavailable",
    index_errors.IndexFault: "index-not-ready",
}

# Flask's own errors, by status.
HTTP_CODES = {
    404: ("not-found", "There is nothing at this address: /docs lists all addresses."),
    405: ("method-not-allowed", "This address does not support this method: /docs lists those that it does."),
    413: ("body-too-large", "The body is larger than this call allows."),
    415: ("type-unsupported", "This call does not accept this type of data."),
}


def register_errors(app: Flask) -> None:
    """Answer every error with a problem."""
    app.register_error_handler(errors.GegencheckError, present_fault)
    app.register_error_handler(index_errors.IndexFault, present_fault)
    app.register_error_handler(HTTPException, present_http_error)
    app.register_error_handler(Exception, present_surprise)


def present_fault(fault: Exception) -> Response:
    """An error of ours, with the status of its class."""
    status = status_of(fault)
    code = fault.code if isinstance(fault, errors.GegencheckError) else nearest(fault, CODES)
    problems = fault.problems if isinstance(fault, errors.BadRequest) else ()
    reply = problem(code, status, str(fault), problems)
    if isinstance(fault, errors.Overload):
        reply.headers["Retry-After"] = str(fault.retry_after)
    return reply


def present_http_error(error: HTTPException) -> Response:
    """An error of Flask's; redirects and ready-made responses pass."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()  # type: ignore[return-value]
    code, detail = HTTP_CODES.get(status, ("bad-request", "This request cannot be understood."))
    if status >= 500:
        code, detail = "internal-error", "A fault in the service. It was logged."
    reply = problem(code, status, detail)
    for name, value in error.get_headers():
        if name == "Allow":
            reply.headers["Allow"] = value
    return reply


def present_surprise(error: Exception) -> Response:
    """An error that nobody foresaw: logged by its type and place, since its message may quote what somebody reads."""
    log.error("a request failed: %s", describe(error))
    return problem("internal-error", 500, "A fault in the service. It was logged, without what was asked.")


def problem(code: str, status: int, detail: str, problems: Sequence[FieldProblem] = ()) -> Response:
    """A problem as a reply."""
    body: dict[str, Any] = {**problem_fields(code, detail, language()), "status": status}
    if problems:
        body["errors"] = [{"pointer": field.pointer, "detail": field.detail} for field in problems]
    reply = Response(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), status)
    reply.headers["Content-Type"] = "application/problem+json"
    if status == 401:
        reply.headers["WWW-Authenticate"] = 'Bearer realm="Gegencheck"'
    if status == 503:
        reply.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    g.problem_code = code
    return reply


def status_of(fault: Exception) -> int:
    """The HTTP status of an error of either tree."""
    return nearest(fault, STATUS)


def nearest(fault: Exception, table: dict[type[Exception], Value]) -> Value:
    """The entry of the nearest class in an error's ancestry."""
    return nearest_of(type(fault), table)


def nearest_of(kind: type[Exception], table: dict[type[Exception], Value]) -> Value:
    """The entry of the nearest class in the ancestry of a kind of error."""
    return next(table[each] for each in kind.__mro__ if each in table)
