"""The examples that people copy: those of README.md and of /docs run as they stand, in order, in a shell."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from gegencheck_client import Gegencheck

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
    secret, body, headers, id = told_webhook(house)
    exec(example[1], {"secret": secret, "body": body, "headers": headers})  # noqa: S102 - our own example
    assert capsys.readouterr().out == f"check.finished {id}\n"


CLIENT = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")


def example(name: str) -> str:
    """An example of docs/client.md."""
    found = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```\n<!-- /{name} -->", CLIENT, re.S)
    assert found is not None, name
    return found[1]


@pytest.fixture
def key(house: Any) -> str:
    return house.application.keys.create("desk", ("check", "read"), None).secret


def test_the_client_s_example_of_writing_overwrites_nothing_unseen(house: Any, capsys) -> None:
    store = house.application.statements
    (first,) = store.select().statements
    secret = house.application.keys.create("desk", ("read", "write"), None).secret
    with Gegencheck("http://localhost", secret, transport=httpx2.WSGITransport(house.app)) as service:
        given = {"service": service, "id": first.id}
        exec(example("versions"), given)  # noqa: S102 - our own example
        told = "Studies found nothing of the kind."
        assert (store.get(first.id), capsys.readouterr().out) == (replace(first, explanation=told), "")
        read = service.statements.get(first.id)
        store.revise(first.id, replace(first, explanation="Theirs."))
        given["service"] = SimpleNamespace(statements=ReadBefore(read, service.statements))
        exec(example("versions"), given)  # noqa: S102
    assert store.get(first.id).explanation == "Theirs."
    assert capsys.readouterr().out == "somebody else wrote it: Theirs.\n"


class ReadBefore:
    """Gives what was read before somebody else wrote, and then what there is."""

    def __init__(self, read: Any, statements: Any) -> None:
        self.replace, self._read, self._statements = statements.replace, [read], statements

    def get(self, id: str) -> Any:
        return self._read.pop() if self._read else self._statements.get(id)


def test_the_client_s_examples_run_as_written(shell: tuple[str, Callable[[str], str]], key: str) -> None:
    address, run = shell
    said = run(f"{sys.executable} - <<'END'\nkey = {key!r}\n{example('python').replace(README_ADDRESS, address)}\nEND")
    lines = said.splitlines()
    assert lines[0].startswith("refuted ")
    assert lines[1] == "Example Checks False 2021-05-03 https://checks.example/lemons"
    assert lines[2].startswith("[('Hot lemon water cures diabetes within seven days.', ")
    assert lines[2].endswith("<Stance.SUPPORTS: 'supports'>)]")
    assert [line.split()[:3] for line in lines[3:]] == [["message", str(n), "finished"] for n in range(3)]
    said = run(f"{sys.executable} - <<'END'\nkey = {key!r}\n{example('async').replace(README_ADDRESS, address)}\nEND")
    assert said.splitlines()[:2] == ["finished", "finished"]
    assert len(said.splitlines()) > 2, "it lists what is refuted"


def test_the_curl_examples_run_as_written(shell: tuple[str, Callable[[str], str]], key: str) -> None:
    address, run = shell
    said = run(f"KEY={key}\n{example('curl').replace(README_ADDRESS, address)}")
    check, end = json.JSONDecoder().raw_decode(said)
    items = json.loads(said[end:])["items"]
    assert (check["state"], check["verdict"]["code"], check["reference"]) == ("finished", "refuted", "ticket 7")
    assert [(each["reference"], each["state"]) for each in items] == [("message 1", "finished")]


def test_the_javascript_examples_run_as_written(shell: tuple[str, Callable[[str], str]], key: str) -> None:
    address, run = shell
    program = example("javascript").replace(README_ADDRESS, address)
    said = run(f"export KEY={key}\nnode --input-type=module - <<'END'\n{program}\nEND").splitlines()
    assert said[0].startswith("refuted ")
    assert said[1] == "Hot lemon water cures diabetes within seven days. true supports"


def told_webhook(house: Any) -> tuple[str, bytes, dict[str, str], str]:
    """A secret, what the service sent under it, and the id of the check that it is about."""
    hook = "https://desk.example/hook"
    house.fetcher.answers[hook] = 204
    asked = {"text": "x", "wait": 0, "reference": "ticket 7", "callback_url": hook}
    made = house.client.post("/v1/checks", json=asked, headers=house.key("check"))
    house.work()
    ((_, body, headers),) = house.fetcher.posted
    (key,) = house.application.keys.list()
    return house.application.keys.webhook_secret(key.id), body, headers, made.json["id"]


def test_the_client_s_webhook_example_reads_what_the_service_sends(house: Any, capsys) -> None:
    secret, body, headers, _ = told_webhook(house)
    exec(example("webhook"), {"secret": secret, "body": body, "headers": headers})  # noqa: S102 - our own example
    assert capsys.readouterr().out == "check.finished ticket 7 finished\n"


def test_the_javascript_webhook_example_reads_what_is_signed_and_nothing_else(house: Any) -> None:
    secret, body, headers, id = told_webhook(house)
    given = ", ".join(json.dumps(each) for each in (secret, body.decode(), headers))
    other = ", ".join(json.dumps(each) for each in (secret, body.decode() + " ", headers))
    program = (
        f"{example('javascript webhook')}\nconsole.log(readWebhook({given}).data.id);\n"
        f"try {{ readWebhook({other}) }} catch (fault) {{ console.log(fault.message) }}"
    )
    ran = subprocess.run(
        ["node", "--input-type=module", "-"], input=program, capture_output=True, text=True, timeout=60
    )
    assert ran.stdout.splitlines() == [id, "not signed"], ran.stderr


def test_the_command_line_s_examples_make_no_key_that_would_close_the_api_s() -> None:
    before = README.split("<!-- api -->")[0]
    assert "keys create" not in before


def test_every_example_of_the_docs_runs_as_it_stands(shell: tuple[str, Callable[[str], str]], house: Any) -> None:
    address, run = shell
    page = run(f"curl -s {address}/docs")
    shown = [html.unescape(found) for found in re.findall(r"<pre><code>(.*?)</code></pre>", page, re.S)]
    assert all(each.startswith(f"curl -s '{README_ADDRESS}/") for each in shown)
    examples = [each.replace(README_ADDRESS, address) for each in shown]
    assert len(examples) == 23
    for each in sorted(
        examples, key=lambda each: "$KEY" in each
    ):  # the key comes last: it closes the API for the others
        key = "KEY=$(gegencheck keys create desk --scope read --scope write | tail -1); " if "$KEY" in each else ""
        said = run(f"{key}{each} -w '\\n%{{http_code}}'")
        assert said.rsplit("\n", 1)[1] in ("200", "201", "202"), each
