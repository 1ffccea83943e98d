"""An API call, declared once: who may make it, what it takes and gives. The routes enforce it, OpenAPI shows it."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from pydantic import BaseModel

from service.errors import BadRequest, TypeUnsupported
from service.store.idempotency import IdempotencyKey
from service.store.keys import Scope
from service.web.allowance import spend_request
from service.web.audit_trail import note_write
from service.web.auth import require
from service.web.context import caller
from service.web.reading import SEND_JSON, SMALL_BODY_BYTES, check_encoding, read_model, read_query

MAX_KEY_LENGTH = 255
MULTIPART = "multipart/form-data"
View = Callable[..., Response]


@dataclass(frozen=True)
class Operation:
    """What is said of a call: `scopes` empty is public; `takes` by content type is read by the view itself."""

    summary: str
    scopes: tuple[Scope, ...]
    gives: Mapping[int, type[BaseModel] | None]
    takes: type[BaseModel] | None = None
    takes_types: tuple[str, ...] = ()
    takes_file: type[BaseModel] | None = None  # fields beside a `file` in a form, which is read by the view itself
    query: type[BaseModel] | None = None
    creates: bool = False  # honours Idempotency-Key
    has_place: bool = True  # what it creates has an address of its own, which Location names
    gives_claimreview: bool = False
    gives_bytes: str = ""  # the content type of a reply that is not JSON
    headers: Mapping[str, str] = field(default_factory=dict)  # further ones that it looks at, and why
    faults: tuple[type[Exception], ...] = ()  # what only this call may end with (refusals.py knows what others share)
    errors: type[BaseModel] | None = None  # the shape of its refusals, where they are no problems but JSON of another's
    max_body: int = SMALL_BODY_BYTES
    limits: Mapping[str, int] = field(default_factory=dict)  # other limits than that, by content type
    guarded_types: tuple[str, ...] = ()  # that a browser may be made to send: taken with a key or X-Requested-With
    refuses_nobody: bool = False  # whatever name it is called by, and from which page
    uploads: bool = False  # takes a file of many statements: few at once, and written to disk as it comes


def operation(declared: Operation) -> Callable[[View], View]:
    """Check the caller's scope, read body and query as declared, and hand them to the view as `body` and `asked`."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def run(**path: str) -> Response:
            given: dict[str, Any] = dict(path)
            if declared.scopes:
                require(*declared.scopes)
                spend_request()
            if declared.query is not None:
                given["asked"] = read_query(declared.query)
            if declared.takes is not None and request.mimetype not in declared.takes_types:
                given["body"] = read_model(declared.takes, declared.max_body)
            note_write(*declared.scopes)
            return view(**given)

        run.operation = declared  # type: ignore[attr-defined]
        return run

    return decorate


def check_header(declared: Operation) -> int:
    """How many bytes a request's body may have, from its header alone. Raises TypeUnsupported."""
    check_encoding()
    taken = declared.takes_types if declared.takes is None else (*declared.takes_types, "application/json")
    if taken and request.mimetype not in taken:
        raise TypeUnsupported(f"Send one of {', '.join(taken)}." if len(taken) > 1 else SEND_JSON)
    kind = request.mimetype
    if kind in declared.guarded_types and not caller().owner and "X-Requested-With" not in request.headers:
        raise TypeUnsupported(f"Send {kind} with a key, or with the header X-Requested-With.")
    return declared.limits.get(request.mimetype, declared.max_body)


def idempotency_key(*content: bytes, owner: str | None = None) -> IdempotencyKey | None:
    """The request's Idempotency-Key with what it stands for, of the caller or another `owner`.

    Raises BadRequest for an unusable one.
    """
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    if not 1 <= len(given.strip()) <= MAX_KEY_LENGTH:
        raise BadRequest(f"An Idempotency-Key has 1 to {MAX_KEY_LENGTH} characters.")
    call = hashlib.sha256(f"{request.method} {request.path}".encode()).hexdigest()[:40]
    return IdempotencyKey.of(caller().owner if owner is None else owner, call, given.strip(), *content)


def body_digest(body: BaseModel) -> bytes:
    """What a body says, so that the same one is recognised however it is spelled."""
    return body.model_dump_json().encode()


def reply(value: Any, status: int = 200, content_type: str = "application/json", location: str = "") -> Response:
    """A JSON value as a reply."""
    made = Response(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), status)
    made.headers["Content-Type"] = content_type
    if location:
        made.headers["Location"] = location
    return made


def link_next(made: Response, path: str, query: Mapping[str, Any], cursor: str | None) -> Response:
    """A page of a list, with a link to the next one where there is one (RFC 8288)."""
    if cursor:
        made.headers["Link"] = f'<{path}?{urlencode({**query, "cursor": cursor})}>; rel="next"'
    return made
