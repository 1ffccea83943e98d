"""A worker killed in the middle: nothing accepted is lost, and the next one finishes it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.models import CheckRequest, CheckState
from service.store.jobs import WorkerName

PAGE = "https://news.example/lemons"
SENTENCE = "Hot lemon water cures diabetes within seven days."
ROOT = Path(__file__).parents[3]

# A worker process on a data folder. Its pages never come, so a check of one hangs at the first stage.
PROGRAM = """
import importlib.util, sys, threading, time
from pathlib import Path
from service.config import Settings
spec = importlib.util.spec_from_file_location("conftest", sys.argv[1])
conftest = importlib.util.module_from_spec(spec)
sys.modules["conftest"] = conftest
spec.loader.exec_module(conftest)
house = conftest.open_house(Settings(data_dir=Path(sys.argv[2]), database_url=sys.argv[3], min_checkworthiness=0.0))
house.fetcher.before = lambda url: time.sleep(600)
house.worker.start()
print("working", flush=True)
time.sleep(600)
"""


@pytest.fixture
def start(settings) -> Iterator[object]:
    """Starts worker processes, killed at the end."""
    started: list[subprocess.Popen[str]] = []

    def start_one() -> subprocess.Popen[str]:
        conftest = Path(__file__).parents[1] / "conftest.py"
        command = [sys.executable, "-c", PROGRAM, str(conftest), str(settings.data_dir), settings.database_url]
        known = os.pathsep.join([str(ROOT / "tests" / "doubles"), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": known}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
        started.append(process)
        assert process.stdout.readline().strip() == "working"
        return process

    yield start_one
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def wait_until(condition, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_a_check_whose_worker_was_killed_is_finished_by_the_next(house, start) -> None:
    house.publish(PAGE, SENTENCE, "So it was told on the radio.")
    checks = house.application.checks
    hanging = [checks.submit(CheckRequest(url=PAGE, reference=str(n)), "ann", None) for n in range(2)]
    waiting = checks.submit(CheckRequest(text=SENTENCE), "ann", None)
    process = start()
    wait_until(lambda: all(checks.get(check.id, "ann").state is CheckState.RUNNING for check in hanging))
    process.send_signal(signal.SIGKILL)
    process.wait()
    worker = house.worker
    worker.start()  # takes up what the dead process held, without waiting for its leases
    try:
        ends = [checks.wait(check.id, "ann", 10) for check in (*hanging, waiting)]
    finally:
        worker.stop()
    assert [end.result.verdict.code for end in ends] == ["refuted"] * 3
    assert house.fetcher.fetched == [PAGE, PAGE]


def test_an_import_whose_worker_was_killed_is_completed_by_the_next(house, start, lemons) -> None:
    lines = [json.dumps({**lemons, "claimReviewed": f"Pear number {number} is purple."}) for number in range(4000)]
    made = house.application.imports.submit("ann", "\n".join(lines).encode(), "application/x-ndjson")
    process = start()
    wait_until(lambda: house.application.statements.count() > 1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert house.application.imports.get(made.id, "ann").state is CheckState.RUNNING
    house.application.jobs.release_dead(WorkerName.own())
    house.work()
    done = house.application.imports.get(made.id, "ann")
    assert done.state is CheckState.FINISHED
    assert done.report.added + done.report.unchanged == 4000
    assert house.application.statements.count() == 4001
    assert house.application.index.status().statements == 4001


def test_two_processes_share_the_work(house, start) -> None:
    checks = house.application.checks
    submitted = [checks.submit(CheckRequest(text=f"{SENTENCE} {n}"), "ann", None) for n in range(30)]
    start()
    house.work()
    ends = [checks.wait(check.id, "ann", 20) for check in submitted]
    assert all(end.state is CheckState.FINISHED for end in ends)
    assert house.application.jobs.count() == 0
