"""Spans as OpenTelemetry keeps them: what goes on in what, how it ended, and nothing of what people read."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from service.config import Settings
from service.telemetry import OpenTelemetryTracer, open_tracer, trace_to
from service.tracing import Untraced

from .conftest import open_house

ROOT = Path(__file__).parents[2]
SECRETS = ("Zitronengeheimnis", "zitronengeheimnis.example", "ticket-zitronengeheimnis")
STAGES = [
    "stage fetch",
    "stage article",
    "stage sentences",
    "stage claims",
    "stage evidence",
    "stage stance",
    "stage verdict",
]


@pytest.fixture
def exporter() -> Any:
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    return InMemorySpanExporter()


@pytest.fixture
def tracer(exporter) -> OpenTelemetryTracer:
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    return trace_to(SimpleSpanProcessor(exporter))


@pytest.fixture
def traced(settings, prepared, tracer) -> Iterator[Any]:
    """A house whose spans are kept."""
    shutil.copytree(prepared.folder, settings.data_dir, dirs_exist_ok=True)
    made = open_house(settings, tracer=tracer)
    yield made
    made.application.close()


def tree(exporter) -> list[tuple[str, str]]:
    """Each span's name with that of the one it is part of, in the order in which they ended."""
    spans = exporter.get_finished_spans()
    names = {span.context.span_id: span.name for span in spans}
    return [(span.name, names[span.parent.span_id] if span.parent else "") for span in spans]


def named(exporter, name: str) -> Any:
    (found,) = [span for span in exporter.get_finished_spans() if span.name == name]
    return found


def test_a_check_is_told_stage_by_stage_inside_its_job(traced, exporter) -> None:
    traced.client.post("/v1/checks", json={"text": f"{SECRETS[0]} heilt Diabetes.", "wait": 0})
    traced.work()
    checked = [("check", "job check"), ("job check", "")]
    assert tree(exporter) == [("POST /v1/checks", ""), *((stage, "check") for stage in STAGES), *checked]
    asked = dict(named(exporter, "POST /v1/checks").attributes)
    assert re.fullmatch("[0-9a-f]{16}", str(asked.pop("gegencheck.request")))
    assert asked == {"gegencheck.status": 202}
    assert dict(named(exporter, "check").attributes) == {"gegencheck.sentences": 1, "gegencheck.claims": 1}
    assert dict(named(exporter, "job check").attributes) == {"gegencheck.lane": "interactive", "gegencheck.failed": 0}
    assert all(span.end_time >= span.start_time for span in exporter.get_finished_spans())


def test_a_stage_that_fails_says_by_which_code_and_its_check_too(traced, exporter) -> None:
    traced.client.post("/v1/checks", json={"url": f"https://{SECRETS[1]}/", "wait": 0})
    traced.work()
    assert tree(exporter)[1:] == [("stage fetch", "check"), ("check", "job check"), ("job check", "")]
    for name in ("stage fetch", "check"):
        span = named(exporter, name)
        assert span.attributes["gegencheck.problem"] == "page-unavailable"
        assert not span.status.is_ok
        assert not span.events
    assert named(exporter, "job check").status.is_unset, "the job did what it had to"


def test_nothing_of_what_people_read_is_in_a_span(traced, exporter) -> None:
    key = traced.key("check", "read")
    body = {"text": f"{SECRETS[0]} heilt Diabetes.", "wait": 0, "reference": SECRETS[2]}
    made = traced.client.post("/v1/checks", json=body, headers=key).json
    traced.client.post("/v1/checks", json={"url": f"https://{SECRETS[1]}/", "wait": 0}, headers=key)
    traced.work()
    traced.client.get(f"/v1/checks/{made['id']}", headers=key)
    traced.client.get(f"/{SECRETS[0]}?x={SECRETS[1]}")
    traced.client.open(f"/{SECRETS[0]}", method="ZITRONENGEHEIMNIS")
    told = "".join(span.to_json() for span in exporter.get_finished_spans())
    assert "zitronengeheimnis" not in told.lower()
    assert made["id"] not in told
    assert key["Authorization"].split()[1] not in told
    assert "GET /v1/checks/<id>" in told
    assert "request no such route" in told


def test_an_error_s_message_is_left_out(tracer, exporter) -> None:
    with pytest.raises(ValueError, match="geheim"), tracer.span("check"):
        raise ValueError("geheim")
    (span,) = exporter.get_finished_spans()
    assert span.attributes["gegencheck.problem"] == "ValueError"
    assert "geheim" not in span.to_json()


def test_a_request_that_ends_with_a_fault_is_a_failure(empty_house, settings, exporter, tracer) -> None:
    made = open_house(settings, tracer=tracer)
    assert made.client.get("/readyz").status_code == 503
    made.application.close()
    span = named(exporter, "GET /readyz")
    assert (span.attributes["gegencheck.status"], span.attributes["gegencheck.problem"]) == (503, "503")


def test_by_default_there_are_none_and_the_library_is_not_loaded() -> None:
    assert isinstance(open_tracer(Settings(data_dir=Path("/nowhere"))), Untraced)
    program = (
        "import sys, tempfile; from pathlib import Path; from service.bootstrap import build; "
        "from service.config import Settings; from service.app import create_app; "
        "made = build(Settings(data_dir=Path(tempfile.mkdtemp()))); create_app(made); made.close(); "
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.strip() == "[]"


def test_without_the_library_it_is_said_how_to_install_it() -> None:
    program = (
        "import sys; sys.modules['opentelemetry.sdk.trace.export'] = None; from pathlib import Path; "
        "from service.cli import main; main(['keys', 'list'])"
    )
    where = ["env", "GEGENCHECK_OTEL_ENDPOINT=http://127.0.0.1:9", "GEGENCHECK_DATA_DIR=/nowhere"]
    ran = subprocess.run([*where, sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 1
    assert "pip install '.[otel]'" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.fixture
def collector() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """An address that takes spans, and what it got."""
    got: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()


@pytest.mark.loopback
def test_spans_reach_the_collector_that_is_set_at_the_latest_when_it_is_closed(collector) -> None:
    address, got = collector
    tracer = open_tracer(replace(Settings(data_dir=Path("/nowhere")), otel_endpoint=f"{address}/"))
    with tracer.span("check"), tracer.span("stage fetch"):
        pass
    tracer.close()
    ((path, body),) = got
    assert path == "/v1/traces"
    assert b"stage fetch" in body
    assert b"gegencheck" in body


@pytest.mark.loopback
def test_a_collector_that_is_not_there_harms_nothing() -> None:
    tracer = open_tracer(replace(Settings(data_dir=Path("/nowhere")), otel_endpoint="http://127.0.0.1:9"))
    with tracer.span("check"):
        pass
    tracer.close()


@pytest.mark.loopback
def test_over_the_network_a_request_with_a_body_is_one_span_though_its_header_is_judged_first(
    traced, serve, exporter
) -> None:
    address = serve(traced.application)
    request = urllib.request.Request(f"{address}/v1/checks", b'{"text": "x", "wait": 0}', method="POST")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as reply:
        assert reply.status == 202
    request.add_header("Content-Type", "text/plain")
    with pytest.raises(urllib.error.HTTPError, match="415"):
        urllib.request.urlopen(request, timeout=30)
    found = [(span.name, span.attributes["gegencheck.status"]) for span in exporter.get_finished_spans()]
    assert found == [("POST /v1/checks", 202), ("POST /v1/checks", 415)]
