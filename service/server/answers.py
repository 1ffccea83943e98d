"""Answers that the server gives by itself or passes on: asking the door, refusals, and waitress' errors as problems."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from waitress.task import ErrorTask, WSGITask

from service.presenters import problem_fields
from service.web.permits import PERMIT, Permit
from service.wording import choose_language

if TYPE_CHECKING:
    from service.server.channel import Channel
    from service.server.parser import RequestParser

TELLING_SECONDS = 2  # a body's pace before that says little
CODES = {
    400: "bad-request", 408: "request-too-slow", 413: "body-too-large", 429: "too-many-requests",
    501: "type-unsupported",
}  # fmt: skip
HEADERS = [
    ("Content-Type", "application/problem+json"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]


class TooSlow:
    """A request that did not come in time, as waitress shows errors."""

    code, reason = 408, "Request Timeout"

    def __init__(self, body: str = "The request did not come in time: send it again, faster.") -> None:
        self.body = body


class TooMany:
    """More requests at once than one connection may send, as waitress shows errors."""

    code, reason = 429, "Too Many Requests"
    body = "Too many requests came at once on one connection: wait for the replies."


class CallTask(WSGITask):  # type: ignore[misc]
    """A call whose body has come, under the permit that it came with."""

    def get_environment(self) -> dict[str, Any]:
        """What WSGI wants to know."""
        environ: dict[str, Any] = super().get_environment()
        if self.request.permit is not None:
            environ[PERMIT] = self.request.permit
        return environ

    def execute(self) -> None:
        """Answer, or pass on the refusal that the header got."""
        if self.request.refusal is None:
            super().execute()
            return
        self.complete = True
        self.status, headers, body = self.request.refusal
        self.response_headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        self.content_length = len(body)
        self.set_close_on_finish()
        self.write(body)


class ProblemTask(ErrorTask):  # type: ignore[misc]
    """An error of waitress' as a problem (RFC 9457)."""

    def execute(self) -> None:
        """Say what is wrong and close."""
        error = self.request.error
        code = CODES.get(error.code, "bad-request" if error.code < 500 else "internal-error")
        language = choose_language(self.request.headers.get("ACCEPT_LANGUAGE"))
        shown = {**problem_fields(code, error.body, language), "status": error.code}
        body = json.dumps(shown, ensure_ascii=False).encode("utf-8", "replace")
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend(HEADERS)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


@dataclass(frozen=True, slots=True)
class Arriving:
    """A body on its way in through a channel."""

    channel: Channel
    request: RequestParser

    def pace(self) -> float | None:
        """Bytes a second so far; None where it is too early to tell, or all of it has come."""
        begun_at = self.request.body_at
        if begun_at is None or self.request.completed:
            return None
        seconds = time.monotonic() - begun_at
        return self.request.body_bytes_received / seconds if seconds > TELLING_SECONDS else None

    def turn_away(self) -> None:
        """Read no more of it and say why."""
        self.channel.fail(
            self.request, TooSlow("The request came too slowly and others needed its place: send it again, faster.")
        )


class Question:
    """A task: ask the application about a request whose header has come and whose body has not been read."""

    def __init__(self, channel: Channel, request: RequestParser) -> None:
        self.channel, self.request = channel, request

    def service(self) -> None:
        """Let the body in or refuse it."""
        permit = Permit(Arriving(self.channel, self.request))
        try:
            environ = {**CallTask(self.channel, self.request).get_environment(), PERMIT: permit}
            status, headers, body = ask(self.channel.server.application, environ)
        except BaseException:
            permit.close()
            self.channel.cancel()
            raise
        permit.asking = False
        if status.startswith("100"):
            self.channel.let_in(self.request, permit)
        else:
            permit.close()
            self.channel.refuse(self.request, status, headers, body)

    def cancel(self) -> None:
        """The server stops."""
        self.channel.cancel()


def ask(application: Any, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    """A WSGI application's whole reply."""
    said: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> None:
        said[:] = [status, headers]

    parts: Iterable[bytes] = application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return said[0], said[1], body
