"""`gegencheck backup` and `restore` as a person and a pipe use them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]


def test_a_backup_is_made_and_restored(run: Run, tmp_path: Path) -> None:
    run("keys", "create", "desk")
    made = json.loads(run("backup", tmp_path / "today.tar", "--json").stdout)
    assert (made["statements"], made["keys"], made["bytes"]) == (0, 1, (tmp_path / "today.tar").stat().st_size)
    run("keys", "create", "too late")
    restored = run("restore", tmp_path / "today.tar")
    assert restored.exit_code == 0
    assert restored.stdout.splitlines()[-1] == "0 statements, 0 checks, 1 keys, 0 waiting imports"
    assert [key["name"] for key in json.loads(run("keys", "list", "--json").stdout)] == ["desk"]


def test_a_backup_that_cannot_be_made_or_restored_is_said_in_a_line(run: Run, tmp_path: Path) -> None:
    run("keys", "create", "desk")
    (tmp_path / "none.tar").write_text("no backup")
    for arguments in (
        ("backup", tmp_path / "none.tar"),
        ("restore", tmp_path / "none.tar"),
        ("backup", tmp_path / "no" / "folder.tar"),
    ):
        done = run(*arguments)
        assert (done.exit_code, done.stderr.splitlines()[-1][:7]) == (1, "Error: ")
    assert run("restore", tmp_path / "missing.tar").exit_code == 2
    assert "desk" in run("keys", "list").stdout
