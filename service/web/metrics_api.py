"""/metrics for Prometheus: how much waits and for how long, what was done, how requests went. No address, text or key.

What waits and what was done come from the database, so every process tells the same; requests are this process's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from index.errors import StoreUnavailable
from service.store.jobs import JobKind, JobStore, Lane
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
    found: Metrics = current_app.extensions[EXTENSION]
    return Response(generate_latest(found.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def register_metrics(app: Flask, jobs: JobStore) -> None:
    """Let an application count its requests and tell of its queue."""
    app.extensions[EXTENSION] = Metrics(jobs)


def note_request(status: int, seconds: float) -> None:
    """Count the current request under its route, whatever address was asked."""
    found: Metrics = current_app.extensions[EXTENSION]
    found.note(request.url_rule.rule if request.url_rule else "none", request.method, status, seconds)


class Metrics:
    """One application's metrics."""

    def __init__(self, jobs: JobStore) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(QueueCollector(jobs))
        names = ("route", "method", "status")
        self._requests = Counter("gegencheck_requests", "Requests answered.", names, registry=self.registry)
        self._seconds = Histogram(
            "gegencheck_request_seconds", "How long requests took.", ("route",), registry=self.registry
        )

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        known = method if method in METHODS else "other"  # anybody can make up methods, each would stay for ever
        self._requests.labels(route, known, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class QueueCollector:
    """Asks the queue whenever the metrics are asked for."""

    def __init__(self, jobs: JobStore) -> None:
        self._jobs = jobs

    def describe(self) -> list[Metric]:
        """Nothing: or registering would already ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """What waits, for how long, and what has ended. Raises StoreUnavailable."""
        state = self._jobs.state()
        depth = GaugeMetricFamily("gegencheck_queue_depth", "Jobs that wait.", labels=("lane", "kind"))
        for lane in Lane:
            for kind in sorted({*JobKind, *(kind for _, kind in state.waiting)}):
                depth.add_metric((lane.value, kind), state.waiting.get((lane, kind), 0))
        yield depth
        yield GaugeMetricFamily(
            "gegencheck_queue_oldest_seconds", "How long the oldest of them has waited.", state.oldest_seconds
        )
        ended = CounterMetricFamily("gegencheck_jobs_finished", "Jobs that ended.", labels=("kind", "outcome"))
        for (kind, outcome), count in self._jobs.ends().items():
            ended.add_metric((kind, outcome.value), count)
        yield ended
