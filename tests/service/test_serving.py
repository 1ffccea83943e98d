"""Real processes with the bundled model: serve and worker start, answer, and stop when told to."""

from __future__ import annotations

import gc
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from index.model.weights import prepare_engine
from service.bootstrap import build
from service.config import Settings
from service.models import CheckRequest, CheckState
from service.serving import PortTaken, create_server, offers_link, say_link, show_metrics

pytestmark = pytest.mark.loopback

ROOT = Path(__file__).parents[2]
SENTENCE = "Hot lemon water cures diabetes within seven days."


@pytest.fixture
def data_dir(tmp_path: Path, models_dir: Path, lemons: dict[str, Any]) -> Path:
    """A data folder with one statement, and the model prepared elsewhere."""
    prepare_engine(models_dir)
    (tmp_path / "models").symlink_to(models_dir)
    (tmp_path / "lemons.json").write_text(json.dumps(lemons))
    run = subprocess.run(
        [sys.executable, "-c", "from service.cli import main; main()", "statements", "import", tmp_path / "lemons.json"],
        env={**os.environ, "GEGENCHECK_DATA_DIR": str(tmp_path)}, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert run.stdout.startswith("1 added"), run.stderr
    return tmp_path


@pytest.fixture
def start(data_dir: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `gegencheck …` on the data folder; ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def start_one(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-uc", "from service.cli import main; main()", *arguments],
            env={**os.environ, "GEGENCHECK_DATA_DIR": str(data_dir)}, cwd=ROOT, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(base: str) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{base}/readyz", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            assert time.monotonic() < end, "not ready"
            time.sleep(0.1)


def write_by(link: str, base: str) -> int:
    """Open the link as a browser would, and delete the one statement with what it gave."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(link, timeout=10) as page:
        assert page.url == f"{base}/"
    with browser.open(f"{base}/v1/statements", timeout=10) as answer:
        (statement,) = json.load(answer)["statements"]
    asked = urllib.request.Request(f"{base}/v1/statements/{statement['id']}", method="DELETE", headers={"Origin": base})
    with browser.open(asked, timeout=10) as answer:
        return int(answer.status)


@pytest.mark.parametrize(
    ("changes", "keys", "offered"),
    [
        ({}, 0, True), ({"host": "localhost"}, 0, True), ({"host": "::1"}, 0, True), ({}, 1, False),
        ({"host": "0.0.0.0"}, 0, False), ({"host": "10.0.0.5"}, 0, False), ({"trusted_proxies": 1}, 0, False),
    ],
)  # fmt: skip
def test_a_link_for_writing_is_printed_where_it_can_be_used(open_other, changes, keys: int, offered: bool) -> None:
    house = open_other(**changes)
    for _ in range(keys):
        house.key("check")
    assert offers_link(house.application) is offered


def test_the_link_names_the_service_as_it_listens() -> None:
    said: list[str] = []
    say_link(said.append, Settings(host="::1", port=9000), "abc")
    assert said == ["To write from a browser, open this link once: http://[::1]:9000/?token=abc"]


def test_serve_answers_a_check_and_stops_on_a_signal(start) -> None:
    port = free_port()
    process = start("serve", "--port", str(port))
    base = f"http://127.0.0.1:{port}"
    wait_until_ready(base)
    body = json.dumps({"text": SENTENCE, "wait": 30}).encode()
    request = urllib.request.Request(f"{base}/v1/checks", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert json.load(answer)["verdict"]["code"] == "refuted"
    said = process.stderr.readline() + process.stderr.readline()
    link = re.search(rf"open this link once: ({base}/\?token=\S+)\n", said)
    assert link is not None
    assert write_by(link[1], base) == 204
    process.send_signal(signal.SIGTERM)
    rest = process.stderr.read()
    assert process.wait(timeout=30) == 0
    assert rest.count("open this link once") == 1, "another one, for another browser"
    assert link[1] not in rest
    said += rest
    assert f"Serving at {base}" in said
    assert "Ready: 1 verified statements." in said
    assert said.splitlines().count("Stopping.") == 1  # the check that lost its statement may be corrected meanwhile
    assert SENTENCE not in said


def test_a_worker_of_its_own_finishes_what_others_accepted_and_shows_how_long_its_stages_took(
    start, data_dir: Path
) -> None:
    application = build(Settings(data_dir=data_dir))
    check = application.checks.submit(CheckRequest(text=SENTENCE), "desk", None)
    port = free_port()
    process = start("worker", "--metrics-port", str(port))
    finished = application.checks.wait(check.id, "desk", 60)
    assert finished.state is CheckState.FINISHED
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
        assert 'gegencheck_stage_seconds_count{stage="verdict"} 1.0\n' in answer.read().decode()
    assert finished.finished_at <= datetime.now(UTC)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
    application.close()


def test_metrics_at_a_port_that_is_taken_are_refused(house) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortTaken, match="Cannot show metrics"):
            show_metrics(house.application, taken.getsockname()[1])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # waitress leaves its socket open
def test_a_port_that_is_taken_is_said_with_another_to_try(house) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Is the service already running\\? Try --port {port + 1}"):
            create_server(house.application, "127.0.0.1", port)
    gc.collect()
