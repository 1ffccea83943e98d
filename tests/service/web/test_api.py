"""The service against its own OpenAPI document: calls made up from it, good and bad, by schemathesis.

In the gate a few hundred; `make test-api` makes `--cases` 15,000 of them, open and keyed. `--seed` draws others.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.config import Settings

from ..conftest import DictFetcher, House, article_html, open_house

CONFIG = Path(__file__).with_name("schemathesis.toml")  # what is checked, and why some things are not
HOOKS = CONFIG.with_name("schemathesis_hooks.py")
EXAMPLES = 5  # of each operation and kind in the gate
CASES_PER_EXAMPLE = 35  # about, over all operations
ENDED = re.compile(r"^\s+(\d+) generated", re.M)


class AnyPageFetcher(DictFetcher):
    """Every address leads to an article, every feed to nothing: what is tested is the service, not the web."""

    def fetch(self, url: str) -> Any:
        self.pages.setdefault(url, article_html("A page", "Hot lemon water cures diabetes within seven days."))
        return super().fetch(url)

    def download(self, url: str, max_bytes: int = 0) -> Any:
        self.feeds.setdefault(url, b"[]")
        return super().download(url)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A service at work, behind which lies a web where every page exists."""
    made = open_house(Settings(data_dir=tmp_path / "data", min_checkworthiness=0.0), AnyPageFetcher())
    made.add_statement()
    worker = made.worker
    worker.start()
    yield made
    worker.stop()
    made.application.close()


def run_schemathesis(
    address: str, folder: Path, examples: int, seed: int, phases: str, headers: dict[str, str]
) -> tuple[int, str]:
    """Its exit status and what it said."""
    program = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"
    command = [
        sys.executable, "-c", program, "--config-file", str(CONFIG), "run", f"{address}/openapi.json",
        f"--max-examples={examples}", f"--seed={seed}", f"--phases={phases}", "--no-color", "--no-shrink", "--continue-on-failure",
        *(f"--header={name}: {value}" for name, value in headers.items()),
    ]  # fmt: skip
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS)}
    ran = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("keyed", [False, True], ids=["open", "keyed"])
def test_it_answers_whatever_is_made_up_as_its_document_says(
    house: House, serve, tmp_path: Path, pytestconfig: pytest.Config, capsys, keyed: bool
) -> None:
    least, seed = pytestconfig.getoption("cases"), pytestconfig.getoption("seed")
    headers = house.key("check", "read", "write", "admin") if keyed else {}
    # The coverage of each schema is the same for both, and takes longest: in the gate once is enough.
    phases = "coverage,fuzzing,stateful" if keyed or least else "fuzzing,stateful"
    address = serve(house.application)
    made = 0
    while not made or made < least:
        examples = max(EXAMPLES, least // CASES_PER_EXAMPLE)
        status, said = run_schemathesis(address, tmp_path, examples, seed, phases, headers)
        (cases,) = ENDED.findall(said) or ["0"]
        made += int(cases)
        with capsys.disabled():
            print(f"\n{'keyed' if keyed else 'open'}, seed {seed}: {cases} calls")
        assert status == 0, said
        assert made > 50, said
        seed += 1
