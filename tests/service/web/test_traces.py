from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from service.tracing import Fact, Span
from service.web.permits import PERMIT, Permit
from service.web.traces import register_traces


class Kept:
    """A span that keeps what it is told; it is its own tracer."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def note(self, **facts: Fact) -> None:
        self.told.append(facts)

    def fail(self, code: str) -> None:
        self.told.append(code)

    @contextmanager
    def span(self, name: str, **facts: Fact) -> Iterator[Span]:
        self.told.append(name)
        yield self
        self.told.append("ended")

    def close(self) -> None:
        pass


def traced_app() -> tuple[Flask, Kept]:
    app, kept = Flask("traced"), Kept()
    register_traces(app, kept)
    app.add_url_rule("/v1/things/<id>", view_func=lambda id: id, endpoint="thing")
    app.add_url_rule("/broken", view_func=lambda: ("", 500), endpoint="broken")
    return app, kept


def test_a_request_is_told_by_its_route_and_status() -> None:
    app, kept = traced_app()
    app.test_client().get("/v1/things/7?x=1")
    assert kept.told == ["GET /v1/things/<id>", {"status": 200, "request": ""}, "ended"]


def test_what_leads_nowhere_is_told_without_its_address_or_method() -> None:
    app, kept = traced_app()
    app.test_client().open("/elsewhere", method="ODD")
    app.test_client().delete("/v1/things/7")
    assert kept.told == [
        "request no such route",
        {"status": 404, "request": ""},
        "ended",
        "request no such route",
        {"status": 405, "request": ""},
        "ended",
    ]


def test_a_fault_is_told_as_one() -> None:
    app, kept = traced_app()
    app.test_client().get("/broken")
    assert kept.told == ["GET /broken", {"status": 500, "request": ""}, "500", "ended"]


def test_a_header_that_the_server_asks_about_is_told_only_if_it_ends_there() -> None:
    app, kept = traced_app()
    app.add_url_rule("/welcome", view_func=lambda: ("", 100), endpoint="welcome", methods=["POST"])
    app.add_url_rule("/refused", view_func=lambda: ("", 413), endpoint="refused", methods=["POST"])
    for path in ("/welcome", "/refused"):
        with app.test_request_context(path, method="POST", environ_overrides={PERMIT: Permit()}):
            app.full_dispatch_request()
    assert kept.told == ["POST /refused", {"status": 413, "request": ""}, "ended"]
