"""`gegencheck erase` as a person and a pipe use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from service.bootstrap import build
from service.config import Settings
from service.models import CheckRequest

Run = Callable[..., Result]


def test_a_subject_is_erased_and_the_audit_log_has_that_without_its_name(run: Run, tmp_path: Path) -> None:
    run("keys", "list")
    application = build(Settings(data_dir=tmp_path / "data"))
    for number in range(2):
        application.checks.submit(CheckRequest(text=f"Lemons {number}.", reference="customer 7"), "desk", None)
    application.close()
    assert json.loads(run("erase", "--reference", "customer 7", "--json").stdout) == {
        "checks": 2, "items": 0, "negatives": 0,
    }  # fmt: skip
    assert run("erase", "--url", "https://news.example/").stdout.startswith("Erased: 0 checks, 0 items of batches")
    log = run("audit", "list").stdout
    assert '"action": "erase"' in log
    assert "customer" not in log


def test_the_subject_must_be_named(run: Run) -> None:
    refused = run("erase")
    assert (refused.exit_code, "Name the subject" in refused.stderr) == (2, True)
