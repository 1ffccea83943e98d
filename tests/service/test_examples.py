"""The examples that people copy: those of README.md and of /docs run as they stand, in order, in a shell."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
README_ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture
def shell(house: Any, serve: Any, tmp_path: Path) -> Iterator[tuple[str, Callable[[str], str]]]:
    """The address of a service that works, and a shell in which `gegencheck` works on the same data."""
    address = serve(house.application)
    worker = house.worker
    worker.start()
    command = tmp_path / "bin" / "gegencheck"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from service.cli import main; main()" "$@"\n')
    command.chmod(0o755)
    environment = {
        **os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
        "GEGENCHECK_DATA_DIR": str(house.application.settings.data_dir),
    }  # fmt: skip

    def run(lines: str) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", lines], env=environment, cwd=tmp_path, capture_output=True, text=True,
            timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    yield address, run
    worker.stop()


def test_the_readme_s_api_examples_run_in_order_as_written(shell: tuple[str, Callable[[str], str]]) -> None:
    address, run = shell
    found = re.search(r"<!-- api -->\n```sh\n(.*?)```\n<!-- /api -->", README, re.S)
    assert found is not None
    calls = re.sub(r"^curl -s (.*(?:\\\n.*)*)$", r"curl -s -w '\\n%{http_code}\\n' \1", found[1], flags=re.M)
    said = run(calls.replace(README_ADDRESS, address)).splitlines()
    assert said[1::2] == ["200"] * 5
    answers = [json.loads(line) for line in said[::2]]
    assert answers[0]["state"] == "finished"
    assert "matches" in answers[1]["results"][0]
    assert "stance" in answers[2]["results"][0]
    assert "matches" in answers[3]["results"][0], "with the key"
    assert answers[4]["statements"] == []


def test_the_webhook_example_verifies_what_the_service_sends(house: Any, capsys) -> None:
    text = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    example = re.search(r"<!-- verify -->\n```python\n(.*?)```\n<!-- /verify -->", text, re.S)
    assert example is not None
    hook = "https://desk.example/hook"
    house.fetcher.answers[hook] = 204
    made = house.client.post(
        "/v1/checks", json={"text": "x", "wait": 0, "callback_url": hook}, headers=house.key("check")
    )
    house.work()
    ((_, body, headers),) = house.fetcher.posted
    (key,) = house.application.keys.list()
    given = {"secret": house.application.keys.webhook_secret(key.id), "body": body, "headers": headers}
    exec(example[1], given)  # noqa: S102 - our own example
    assert capsys.readouterr().out == f"check.finished {made.json['id']}\n"


def test_the_command_line_s_examples_make_no_key_that_would_close_the_api_s() -> None:
    before = README.split("<!-- api -->")[0]
    assert "keys create" not in before


def test_every_example_of_the_docs_runs_as_it_stands(shell: tuple[str, Callable[[str], str]], house: Any) -> None:
    address, run = shell
    page = run(f"curl -s {address}/docs")
    shown = [html.unescape(found) for found in re.findall(r"<pre><code>(.*?)</code></pre>", page, re.S)]
    assert all(each.startswith(f"curl -s '{README_ADDRESS}/") for each in shown)
    examples = [each.replace(README_ADDRESS, address) for each in shown]
    assert len(examples) == 22
    for each in sorted(
        examples, key=lambda each: "$KEY" in each
    ):  # the key comes last: it closes the API for the others
        key = "KEY=$(gegencheck keys create desk --scope read --scope write | tail -1); " if "$KEY" in each else ""
        said = run(f"{key}{each} -w '\\n%{{http_code}}'")
        assert said.rsplit("\n", 1)[1] in ("200", "201", "202"), each
