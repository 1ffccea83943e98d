"""/metrics for Prometheus: what waits, what was done, how requests went. No address, text or key."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, request

from index.errors import StoreUnavailable
from service.bootstrap import Application
from service.metrics import CONTENT_TYPE, RequestMetrics
from service.web.operations import Operation, operation

blueprint = Blueprint("metrics", __name__)
EXTENSION = "gegencheck-metrics"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@blueprint.get("/metrics")
@operation(
    Operation(
        "Show what is waiting and what was done, for Prometheus.",
        (),
        {200: None},
        gives_bytes="text/plain",
        faults=(StoreUnavailable,),
    )
)
def metrics() -> Response:
    """All metrics in Prometheus's text format."""
    found: RequestMetrics = current_app.extensions[EXTENSION]
    return Response(found.text(), headers={"Content-Type": CONTENT_TYPE})


def register_metrics(app: Flask, application: Application) -> None:
    """Let an application count its requests and tell of its work."""
    app.extensions[EXTENSION] = RequestMetrics(application)


def note_request(status: int, seconds: float) -> None:
    """Count the current request under its route, whatever address was asked."""
    found: RequestMetrics = current_app.extensions[EXTENSION]
    method = request.method if request.method in METHODS else "other"  # anybody can make up methods, each would stay
    found.note(request.url_rule.rule if request.url_rule else "none", method, status, seconds)
