"""/healthz and /readyz: alive, and able to answer."""

from __future__ import annotations

from flask import Blueprint, Response

from index.errors import IndexUnavailable, StoreUnavailable
from service.web.context import application
from service.web.operations import Operation, operation, reply
from service.web.replies import HealthShape, ReadyShape

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@operation(Operation("Say whether the process is alive.", (), {200: HealthShape}, refuses_nobody=True))
def healthz() -> Response:
    """The process answers."""
    return reply({"status": "ok"})


@blueprint.get("/readyz")
@operation(
    Operation(
        "Say whether the service is ready. 503 with the reason while there is no index yet, or no place to write.",
        (),
        {200: ReadyShape},
        faults=(IndexUnavailable, StoreUnavailable),
    )
)
def readyz() -> Response:
    """The index answers, and what is accepted can be kept.

    Statements that changed a moment ago may be missing: `behind` says how many.
    """
    status = application().index.status()
    if not status.ready:
        raise IndexUnavailable(status.reason)
    queue = application().jobs.state()
    application().writable.require()
    shown = {
        "status": "ready",
        "index": {"checkpoint": status.checkpoint, "statements": status.statements, "behind": status.behind},
        "queue": {"waiting": queue.in_all, "oldest_seconds": round(queue.oldest_seconds, 1)},
    }
    return reply(shown)
