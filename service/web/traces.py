"""A span for each request, under its route: never the address that was asked."""

from __future__ import annotations

from contextlib import AbstractContextManager
from http import HTTPStatus

from flask import Flask, Response, g, request

from service.logs import REQUEST
from service.tracing import Span, Tracer
from service.web.permits import PERMIT


def register_traces(app: Flask, tracer: Tracer) -> None:
    """Let an application tell of its requests.

    The server asks about a header before it reads the body: that counts as a request only if it ends there, refused.
    """

    def begin() -> None:
        permit = request.environ.get(PERMIT)
        if permit is None or not permit.asking:
            g.span_context = span_of_request(tracer)
            g.span = g.span_context.__enter__()

    def note(reply: Response) -> Response:
        if "span" in g:
            tell(g.span, reply)
        elif reply.status_code != HTTPStatus.CONTINUE:
            with span_of_request(tracer) as span:
                tell(span, reply)
        return reply

    def end(_fault: BaseException | None) -> None:
        context = g.pop("span_context", None)
        if context is not None:
            context.__exit__(None, None, None)

    app.before_request(begin)
    app.after_request(note)
    app.teardown_request(end)


def span_of_request(tracer: Tracer) -> AbstractContextManager[Span]:
    """A span that is named after the current request's method and route, as far as both are ours."""
    return tracer.span(f"{request.method} {request.url_rule.rule}" if request.url_rule else "request no such route")


def tell(span: Span, reply: Response) -> None:
    """How the request ended."""
    span.note(status=reply.status_code, request=REQUEST.get())
    if reply.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        span.fail(str(reply.status_code))
