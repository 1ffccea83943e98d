"""Spans by OpenTelemetry, sent to a collector: the only place that knows this library, and loaded only if it is set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from service.config import Settings
from service.errors import GegencheckError
from service.tracing import Fact, Span, Tracer, Untraced, code_of

if TYPE_CHECKING:
    from opentelemetry import trace
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

PREFIX = "gegencheck."
EXPORT_SECONDS = 5  # for one try to reach the collector, also when the process ends


class TelemetryMissing(GegencheckError):
    """The library is not installed."""


class OpenTelemetrySpan:
    """One of OpenTelemetry's spans, told nothing but facts and codes."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def note(self, **facts: Fact) -> None:
        """Keep what became known of it."""
        self._span.set_attributes({f"{PREFIX}{name}": value for name, value in facts.items()})

    def fail(self, code: str) -> None:
        """Keep that it failed."""
        from opentelemetry.trace import Status, StatusCode

        self._span.set_status(Status(StatusCode.ERROR))
        self._span.set_attribute(f"{PREFIX}problem", code)


class OpenTelemetryTracer:
    """Spans in OpenTelemetry's form."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("gegencheck")

    @contextmanager
    def span(self, name: str, **facts: Fact) -> Iterator[Span]:
        """One that is handed over when it has ended."""
        with self._tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as begun:
            span = OpenTelemetrySpan(begun)
            span.note(**facts)
            try:
                yield span
            except BaseException as error:
                span.fail(code_of(error))
                raise

    def close(self) -> None:
        """Hand over what was kept; not waited for longer than EXPORT_SECONDS."""
        self._provider.shutdown()


def open_tracer(settings: Settings) -> Tracer:
    """The tracer that the settings ask for. Raises TelemetryMissing."""
    if not settings.otel_endpoint:
        return Untraced()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise TelemetryMissing(
            "GEGENCHECK_OTEL_ENDPOINT needs OpenTelemetry: pip install '.[otel]' in the project's folder."
        ) from None
    address = f"{settings.otel_endpoint.rstrip('/')}/v1/traces"
    return trace_to(BatchSpanProcessor(OTLPSpanExporter(endpoint=address, timeout=EXPORT_SECONDS)))


def trace_to(processor: SpanProcessor) -> OpenTelemetryTracer:
    """A tracer whose spans go to one processor, under this program's name and version."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    named = Resource.create({"service.name": "gegencheck", "service.version": version("gegencheck")})
    provider = TracerProvider(resource=named, shutdown_on_exit=False)
    provider.add_span_processor(processor)
    return OpenTelemetryTracer(provider)
