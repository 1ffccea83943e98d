"""What Prometheus is told, in its terms: no address, text or key.

What waits, what was done, sources and webhooks come from the database, so every process tells the same of them. Stages
are those of the checks that this process did, requests those that it answered.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from service.bootstrap import Application
from service.measuring import BOUNDS
from service.sources import Health
from service.store.callbacks import DeliveryState
from service.store.jobs import JobKind, Lane

CONTENT_TYPE = CONTENT_TYPE_LATEST
LOOPBACK = "127.0.0.1"


class Metrics:
    """One process's metrics."""

    def __init__(self, application: Application) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(Collector(application))

    def text(self) -> bytes:
        """All of them in Prometheus's text format. Raises StoreUnavailable."""
        return bytes(generate_latest(self.registry))

    def serve(self, port: int) -> None:
        """Show them to this machine, in a thread of their own. Raises OSError where the port is taken."""
        start_http_server(port, LOOPBACK, self.registry)


class RequestMetrics(Metrics):
    """Those of a process that answers requests."""

    def __init__(self, application: Application) -> None:
        super().__init__(application)
        names = ("route", "method", "status")
        self._requests = Counter("gegencheck_requests", "Requests answered.", names, registry=self.registry)
        self._seconds = Histogram(
            "gegencheck_request_seconds", "How long requests took.", ("route",), registry=self.registry
        )

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class Collector:
    """Asks the application whenever the metrics are asked for."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def describe(self) -> list[Metric]:
        """Nothing: or registering would already ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """What is so now. Raises StoreUnavailable."""
        yield from self._queue()
        yield from self._stages()
        yield from self._sources()
        yield from self._webhooks()

    def _queue(self) -> Iterator[Metric]:
        state = self._application.jobs.state()
        depth = GaugeMetricFamily("gegencheck_queue_depth", "Jobs that wait.", labels=("lane", "kind"))
        for lane in Lane:
            for kind in sorted({*JobKind, *(kind for _, kind in state.waiting)}):
                depth.add_metric((lane.value, kind), state.waiting.get((lane, kind), 0))
        yield depth
        yield GaugeMetricFamily(
            "gegencheck_queue_oldest_seconds", "How long the oldest of them has waited.", state.oldest_seconds
        )
        ended = CounterMetricFamily("gegencheck_jobs_finished", "Jobs that ended.", labels=("kind", "outcome"))
        for (kind, outcome), count in self._application.jobs.ends().items():
            ended.add_metric((kind, outcome.value), count)
        yield ended

    def _stages(self) -> Iterator[Metric]:
        measures = self._application.measures
        took = HistogramMetricFamily(
            "gegencheck_stage_seconds", "How long the stages of checks took here.", labels=("stage",)
        )
        for stage, times in measures.stages().items():
            within = [(str(bound), float(count)) for bound, count in zip(BOUNDS, times.within, strict=True)]
            took.add_metric((stage.value,), [*within, ("+Inf", float(times.times))], times.seconds)
        yield took
        failed = CounterMetricFamily("gegencheck_check_problems", "Checks that failed here.", labels=("stage", "code"))
        for (stage, code), count in measures.failed().items():
            failed.add_metric((stage.value, code), count)
        yield failed

    def _sources(self) -> Iterator[Metric]:
        sources, now = self._application.sources.list(runs=0), self._application.clock.read().at
        healths = Tally(source.health(now) for source in sources)
        found = GaugeMetricFamily("gegencheck_sources", "Sources of statements.", labels=("health",))
        for health in Health:
            found.add_metric((health.value,), healths[health])
        yield found
        failures = GaugeMetricFamily("gegencheck_source_failures", "Runs that failed in a row.", labels=("source",))
        silent = GaugeMetricFamily(
            "gegencheck_source_silent_seconds",
            "How long ago a run last succeeded, or it was added.",
            labels=("source",),
        )
        for source in sources:
            failures.add_metric((source.id,), source.failures)
            since = now - (source.succeeded_at or source.created_at)
            silent.add_metric((source.id,), max(since.total_seconds(), 0))
        yield failures
        yield silent

    def _webhooks(self) -> Iterator[Metric]:
        counts = self._application.deliveries.counts()
        kept = GaugeMetricFamily("gegencheck_webhooks", "Webhooks that are kept.", labels=("state",))
        for state in DeliveryState:
            kept.add_metric((state.value,), counts.get(state, 0))
        yield kept
