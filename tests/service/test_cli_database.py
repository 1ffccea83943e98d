"""`gegencheck database copy`: there and back again, and refused in a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    """Calls `gegencheck …` on a data folder of its own, or on another database."""

    def run_one(*arguments: Any, database: str = "") -> Result:
        environment = {"GEGENCHECK_DATA_DIR": str(tmp_path / "data"), "GEGENCHECK_DATABASE_URL": database}
        return CliRunner().invoke(main, [str(each) for each in arguments], env=environment)

    return run_one


def names(run: Callable[..., Result], database: str) -> list[str]:
    return [key["name"] for key in json.loads(run("keys", "list", "--json", database=database).stdout)]


def test_an_installation_moves_to_postgresql_and_back(run: Callable[..., Result], tmp_path: Path, postgresql) -> None:
    run("keys", "create", "desk")
    first, second, third = f"sqlite:///{tmp_path}/data/gegencheck.db", postgresql.create(), f"sqlite:///{tmp_path}/3.db"
    moved = run("database", "copy", first, second)
    assert moved.exit_code == 0, moved.output
    assert moved.stdout.splitlines()[-2].startswith(
        "Copied and compared: 0 statements, 0 checks, 1 keys, 0 waiting imports"
    )
    assert names(run, second) == ["desk"]
    run("keys", "create", "later", database=second)
    back = json.loads(run("database", "copy", second, third, "--json").stdout)
    assert (back["rows"]["keys"], back["waiting_imports"]) == (2, 0)
    assert names(run, third) == ["desk", "later"]


def test_what_cannot_be_copied_is_said_in_a_line(run: Callable[..., Result], tmp_path: Path, postgresql) -> None:
    run("keys", "create", "desk")
    first, second = f"sqlite:///{tmp_path}/data/gegencheck.db", postgresql.create()
    run("database", "copy", first, second)
    again = run("database", "copy", first, second)
    assert (again.exit_code, "not empty" in again.output, "Traceback" in again.output) == (1, True, False)
    for wrong in ("nonsense", "mysql://desk:secret@db/facts"):
        refused = run("database", "copy", first, wrong)
        assert (refused.exit_code, "secret" in refused.output) == (1, False)
    assert run("database", "copy", first).exit_code == 2
