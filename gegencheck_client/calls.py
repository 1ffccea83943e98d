"""A call before it is sent, and what its reply means: the same for both clients, and without any network."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ValidationError

from gegencheck_client.errors import BY_STATUS, Refused, ReplyUnreadable
from gegencheck_client.models import Error
from gegencheck_client.versions import ReadStatement

Reply = TypeVar("Reply", bound=BaseModel)
Body = TypeVar("Body", bound=BaseModel)
SHOWN = 200  # characters of a reply that nobody understands


@dataclass(frozen=True)
class Call(Generic[Reply]):
    """One call of the API. If it `creates`, all tries carry one Idempotency-Key, so that it creates one thing."""

    method: str
    path: str
    gives: type[Reply]
    query: Mapping[str, object] = field(default_factory=dict)
    body: BaseModel | None = None
    content: bytes | None = None
    content_type: str = "application/json"
    creates: bool = False
    idempotency_key: str | None = None
    repeatable: bool = True  # sending it twice does what sending it once does
    takes_seconds: float = 0.0  # longer than other calls
    if_match: str | None = None  # the version that must still be there

    def headers(self) -> dict[str, str]:
        """What is sent with each try."""
        made: dict[str, str] = {}
        if self.creates:
            made["Idempotency-Key"] = self.idempotency_key or str(uuid.uuid4())
        if self.if_match is not None:
            made["If-Match"] = self.if_match
        if self.data() is not None:
            made["Content-Type"] = self.content_type
        if self.content_type.startswith("multipart/"):
            made["X-Requested-With"] = "gegencheck_client"  # or a service without keys takes us for a web page
        return made

    def parameters(self) -> dict[str, str]:
        """The query, without what was not given."""
        return {name: written(value) for name, value in self.query.items() if value is not None}

    def data(self) -> bytes | None:
        """The body in bytes."""
        if self.body is None:
            return self.content
        return json.dumps(self.body.model_dump(mode="json", by_alias=True, exclude_unset=True)).encode()

    def asking(self, **query: object) -> Call[Reply]:
        """The same call with further parameters."""
        return Call(self.method, self.path, self.gives, {**self.query, **query})


AnyCall = Call[Any]


class Nothing(BaseModel):
    """The reply of a call that gives none."""


def written(value: object) -> str:
    """A parameter as text."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def path(*parts: str) -> str:
    """The address of something under /v1, whatever its id."""
    return "/v1/" + "/".join(quote(part, safe="") for part in parts)


def body(kind: type[Body], /, **given: object) -> Body:
    """A body of what was given. Raises pydantic.ValidationError for what no service would take."""
    return kind.model_validate({name: value for name, value in given.items() if value is not None})


def form_with(file: bytes, /, **given: object) -> tuple[bytes, str]:
    """A form of a file and what was given beside it, and its content type."""
    boundary = uuid.uuid4().hex
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{in_form(value)}'.encode()
        for name, value in given.items()
        if value is not None
    ]
    parts.append(b'Content-Disposition: form-data; name="file"; filename="file"\r\n\r\n' + file)
    content = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    return content + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def in_form(value: object) -> str:
    """A field of a form as text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_reply(call: Call[Reply], reply: httpx2.Response, retry_after: float | None, tried: int) -> Reply:
    """What a reply says. Raises Refused, ReplyUnreadable."""
    if call.method == "DELETE" and (reply.status_code == 204 or (reply.status_code == 404 and tried > 1)):
        return call.gives()  # not found any more: a try before, whose answer got lost, has deleted it
    if not reply.is_success:
        raise refusal(reply, retry_after)
    try:
        made = call.gives.model_validate_json(reply.content)
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ReplyUnreadable(
            f"The reply to {call.method} {call.path} is not understood: {place} {first['msg']}"
        ) from None
    if isinstance(made, ReadStatement):
        made.etag = reply.headers.get("ETag", "").removeprefix("W/")  # as proxies that compress mark it
    return made


def refusal(reply: httpx2.Response, retry_after: float | None) -> Refused | ReplyUnreadable:
    """A reply without success as an error."""
    kind = BY_STATUS.get(reply.status_code, Refused)
    if reply.status_code < 400:
        return ReplyUnreadable(f"The reply has the status {reply.status_code}: is the address the service's?")
    try:
        told = Error.model_validate_json(reply.content)
    except ValidationError:
        return kind(reply.status_code, detail=reply.text[:SHOWN], retry_after=retry_after)
    return kind(reply.status_code, told.code, told.title, told.detail, tuple(told.errors), retry_after)
