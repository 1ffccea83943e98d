"""OpenAPI 3.1 from the operations that the routes declare and the pydantic models of what they take and give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from service.store.keys import Scope
from service.web.operations import MAX_KEY_LENGTH, MULTIPART, Operation
from service.web.refusals import PROBLEM, describe_refusals, refusal_content
from service.web.replies import ErrorShape
from service.web.signed_in import CSRF_HEADER

CLAIMREVIEW = "application/ld+json"
ONE_REVIEW: dict[str, Any] = {
    "type": "object",
    "description": "ClaimReview (schema.org). Any other member that cannot be read is dropped with a warning.",
    "required": ["claimReviewed", "url", "reviewRating"],
    "properties": {
        "claimReviewed": {"type": "string", "pattern": r"\S"},
        "url": {"type": "string", "format": "uri"},
        "reviewRating": {"type": "object", "anyOf": [{"required": ["alternateName"]}, {"required": ["ratingValue"]}]},
    },
}
ANY_TEXT: dict[str, Any] = {"type": "string", "pattern": r"\S"}
ANY_JSON: dict[str, Any] = {"type": ["object", "array"], "description": "ClaimReview (schema.org)"}
Json = dict[str, Any]

SECURITY: Json = {
    "key": {"type": "http", "scheme": "bearer"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-gegencheck-session",
        "description": "Of somebody who signed in at /sign-in, from the service's own pages alone. A role has the "
        "scopes of a key: reader check and read, editor write too, admin all. Without TLS the cookie's name is "
        "gegencheck-session-PORT.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": CSRF_HEADER,
        "description": "What the service's pages hold in their meta element csrf-token, with a session.",
    },
}

ABOUT = (
    "Has anything in this page already been fact-checked, by whom, when, and with what rating? As long as nobody "
    "has made a key or an account and the service listens on a loopback address, this machine may check and read; "
    "writing takes a key, or a browser that opened the link printed by `gegencheck serve`. Otherwise every call under "
    "/v1 needs a key or somebody who is signed in, except those of a pairing. If a key has limits, each answer names "
    "them in RateLimit-Policy and says in RateLimit what is left of them (IETF draft httpapi-ratelimit-headers). Send "
    "bodies in UTF-8 and uncompressed; a JSON object may not name a member twice, and no number may exceed a double "
    "(RFC 7493). Unknown members and parameters are refused. Texts for people follow Accept-Language (de, en). Errors "
    "are problems (RFC 9457). A method that an address does not support is refused with 405; Allow names the supported "
    "ones, as the answer to "
    "OPTIONS does."
)


def describe_api(app: Flask) -> Json:
    """The OpenAPI document of the routes of `app`."""
    operations = list(find_operations(app))
    models: set[type[BaseModel]] = {
        ErrorShape,
        *(model for _, _, declared in operations for model in _models(declared)),
    }
    _, schemas = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template="#/components/schemas/{model}",
    )
    paths: Json = {}
    for path, method, declared in operations:
        paths.setdefault(path, {})[method] = {
            **describe_operation(path, declared),
            **describe_callers(method, declared),
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Gegencheck", "version": version("gegencheck"), "description": ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": SECURITY,
            "responses": {"Problem": {"description": "A problem.", "content": PROBLEM}},
        },
    }


def find_operations(app: Flask) -> Iterator[tuple[str, str, Operation]]:
    """Path, method and declaration of every declared route, in the order of paths."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        declared = getattr(app.view_functions[rule.endpoint], "operation", None)
        if declared is not None:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield openapi_path(rule), method.lower(), declared


def openapi_path(rule: Rule) -> str:
    """A route as OpenAPI writes it: `/v1/checks/{id}`."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def describe_operation(path: str, declared: Operation) -> Json:
    """One operation: its parameters, body, replies and who may call it."""
    shown: Json = {"summary": declared.summary, "parameters": list(_parameters(path, declared))}
    if declared.takes is not None:
        content = _content("application/json", declared.takes)
        if declared.takes_file is not None:
            content[MULTIPART] = {"schema": _with_file(declared.takes_file)}
        if "application/json" in declared.takes_types:  # read by the view itself, which takes more than the model
            content["application/json"] = {"schema": {"anyOf": [content["application/json"]["schema"], ANY_JSON]}}
            content |= {kind: {"schema": ANY_TEXT} for kind in declared.takes_types if kind not in content}
            content[CLAIMREVIEW] = {"schema": ANY_JSON}
        content |= {kind: {"schema": ONE_REVIEW} for kind in declared.takes_types if kind not in content}
    else:
        content = {kind: {"schema": ANY_TEXT} for kind in declared.takes_types}
    if content:
        shown["requestBody"] = {"required": True, "content": content}
    shown["responses"] = {str(status): _response(status, model, declared) for status, model in declared.gives.items()}
    shown["responses"] |= describe_refusals(path, declared)
    shown["responses"]["default"] = (
        {"description": "An error.", "content": refusal_content(declared)}
        if declared.errors
        else {"$ref": "#/components/responses/Problem"}
    )
    return shown


def describe_callers(method: str, declared: Operation) -> Json:
    """Who may call an operation: by a key, signed in, or on the open API without either."""
    if not declared.scopes:
        return {"security": []}
    session: Json = {"session": []} if method == "get" else {"session": [], "csrf": []}
    is_open = {Scope.CHECK, Scope.READ} & set(declared.scopes)
    return {
        "security": [{"key": []}, session, *([{}] if is_open else [])],
        "description": f"Scope: {' or '.join(declared.scopes)}.",
    }


def _parameters(path: str, declared: Operation) -> Iterator[Json]:
    for name in re.findall(r"\{(\w+)\}", path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    if declared.query is not None:
        schema = declared.query.model_json_schema()
        for name, field in schema["properties"].items():
            about: Json = {"description": field.pop("description")} if "description" in field else {}
            needed = name in schema.get("required", [])
            shown = _without_null(_inlined(field, schema))
            about = {"description": shown.pop("description")} if "description" in shown else about
            yield {"name": name, "in": "query", "required": needed, **about, "schema": shown}
    for name, why in declared.headers.items():
        yield {"name": name, "in": "header", "required": False, "description": why, "schema": {"type": "string"}}
    if declared.creates:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "The same request sent twice with one key creates one thing. A key is kept for a day.",
            "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH, "pattern": r"\S"},
        }


def _without_null(field: Json) -> Json:
    """What a query can hold: a parameter is left out rather than null."""
    kinds = [kind for kind in field.get("anyOf", []) if kind.get("type") != "null"]
    if len(kinds) != 1:
        return field
    kept = {name: value for name, value in field.items() if name != "anyOf" and (name, value) != ("default", None)}
    return {**kinds[0], **kept}


def _inlined(field: Any, schema: Json) -> Any:
    if isinstance(field, dict):
        if "$ref" in field:
            return schema["$defs"][field["$ref"].rsplit("/", 1)[-1]]
        return {name: _inlined(value, schema) for name, value in field.items()}
    return [_inlined(value, schema) for value in field] if isinstance(field, list) else field


def _response(status: int, model: type[BaseModel] | None, declared: Operation) -> Json:
    if model is None and declared.gives_bytes and status != HTTPStatus.NOT_MODIFIED:
        return {"description": declared.summary, "content": {declared.gives_bytes: {"schema": {}}}}
    if model is None:
        return {"description": HTTPStatus(status).phrase + "."}
    content = _content("application/json", model)
    if declared.gives_claimreview:
        content[CLAIMREVIEW] = {"schema": {"type": "object", "description": "ClaimReview (schema.org)"}}
    shown: Json = {"description": (model.__doc__ or "").strip(), "content": content}
    if declared.has_place and (declared.creates or status == HTTPStatus.CREATED):
        shown["headers"] = {
            "Location": {
                "description": "The address of what was created.",
                "required": True,
                "schema": {"type": "string"},
            }
        }
    return shown


def _content(kind: str, model: type[BaseModel]) -> Json:
    return {kind: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}


def _with_file(fields: type[BaseModel]) -> Json:
    schema = fields.model_json_schema()
    shown = {name: _without_null(_inlined(field, schema)) for name, field in schema["properties"].items()}
    for field in shown.values():
        field.pop("title", None)
    file: Json = {"type": "string", "contentMediaType": "application/octet-stream", "description": "The picture."}
    return {
        "type": "object",
        "required": ["file"],
        "additionalProperties": False,
        "properties": {"file": file, **shown},
    }


def _models(declared: Operation) -> Iterator[type[BaseModel]]:
    yield from (model for model in declared.gives.values() if model is not None)
    yield from (model for model in (declared.takes, declared.errors) if model is not None)
