"""A span for each request, under its route: never the address that was asked."""

from __future__ import annotations

from flask import Flask, Response, g, request

from service.tracing import Tracer


def register_traces(app: Flask, tracer: Tracer) -> None:
    """Let an application tell of its requests."""

    def begin() -> None:
        route = request.url_rule.rule if request.url_rule else "no such route"
        g.span_context = tracer.span(f"{request.method if request.url_rule else 'request'} {route}")
        g.span = g.span_context.__enter__()

    def note(reply: Response) -> Response:
        if "span" in g:
            g.span.note(status=reply.status_code)
            if reply.status_code >= 500:
                g.span.fail(str(reply.status_code))
        return reply

    def end(_fault: BaseException | None) -> None:
        context = g.pop("span_context", None)
        if context is not None:
            context.__exit__(None, None, None)

    app.before_request(begin)
    app.after_request(note)
    app.teardown_request(end)
