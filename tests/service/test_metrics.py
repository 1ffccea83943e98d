"""Metrics of a process that answers no requests. (Those of one that does: web/test_metrics_api.py.)"""

from __future__ import annotations

import socket
import urllib.error
import urllib.request

import pytest

from service.metrics import Metrics


def test_they_are_told_without_any_request(house) -> None:
    house.check(text="Hot lemon water cures diabetes within seven days.")
    told = Metrics(house.application).text().decode()
    assert 'gegencheck_stage_seconds_count{stage="verdict"} 1.0\n' in told
    assert 'gegencheck_stage_seconds_bucket{le="30.0",stage="verdict"} 1.0\n' in told
    assert 'gegencheck_jobs_finished_total{kind="check",outcome="finished"} 1.0\n' in told
    assert "gegencheck_requests" not in told


def test_the_database_is_asked_when_they_are_and_not_before(house) -> None:
    metrics = Metrics(house.application)
    house.client.post("/v1/checks", json={"text": "Another text.", "wait": 0})
    assert 'gegencheck_queue_depth{kind="check",lane="interactive"} 1.0\n' in metrics.text().decode()


@pytest.mark.loopback
def test_this_machine_alone_is_shown_them(house) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    Metrics(house.application).serve(port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        assert b"gegencheck_webhooks" in answer.read()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.2:{port}/metrics", timeout=10)
