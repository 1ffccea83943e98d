"""Errors as Google's APIs give them, for the calls that speak as Google's do."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from index.errors import IndexFault
from service.errors import BadRequest, GegencheckError, Overload
from service.web.errors import RETRY_AFTER_SECONDS, present_surprise, status_of
from service.web.operations import reply

UNREGISTERED = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
    "form of API consumer identity to call this API."
)
NAMES = {
    400: "INVALID_ARGUMENT", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL",
    503: "UNAVAILABLE",
}  # fmt: skip
INSTEAD = {401: 403, 421: 403}  # Google has one status for all that is not allowed
DOMAIN = "googleapis.com"


class KeyNotValid(BadRequest):
    """The key is wrong, expired or revoked."""


def register_google_errors(blueprint: Blueprint) -> None:
    """Answer every error of a blueprint's calls as Google does."""
    blueprint.register_error_handler(GegencheckError, present_fault)
    blueprint.register_error_handler(IndexFault, present_fault)
    blueprint.register_error_handler(HTTPException, present_http_error)
    blueprint.register_error_handler(Exception, present_unforeseen)


def present_fault(fault: Exception) -> Response:
    """An error of ours."""
    details: list[dict[str, Any]] = []
    if isinstance(fault, KeyNotValid):
        info = "type.googleapis.com/google.rpc.ErrorInfo"
        details.append({"@type": info, "reason": "API_KEY_INVALID", "domain": DOMAIN})
    elif isinstance(fault, BadRequest) and fault.problems:
        wrong = [{"field": each.pointer.lstrip("/"), "description": each.detail} for each in fault.problems]
        details.append({"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": wrong})
    status = status_of(fault)
    made = google_error(INSTEAD.get(status, status), str(fault), details)
    if status in (429, 503):
        seconds = fault.retry_after if isinstance(fault, Overload) else RETRY_AFTER_SECONDS
        made.headers["Retry-After"] = str(seconds)
    return made


def present_http_error(error: HTTPException) -> Response:
    """An error of Flask's."""
    return google_error(error.code or 500, error.description or error.name, [])


def present_unforeseen(error: Exception) -> Response:
    """An error that nobody foresaw; it is logged where the API logs such."""
    present_surprise(error)
    return google_error(500, "Internal error encountered.", [])


def google_error(status: int, message: str, details: list[dict[str, Any]]) -> Response:
    """The error as a reply."""
    error: dict[str, Any] = {"code": status, "message": message, "status": NAMES.get(status, "UNKNOWN")}
    if details:
        error["details"] = details
    return reply({"error": error}, status)
