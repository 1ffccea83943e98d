"""`gegencheck audit` as a person and a pipe use it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]


def test_commands_that_write_are_noted_and_the_chain_is_verified(run: Run, tmp_path: Path) -> None:
    made = json.loads(run("keys", "create", "desk", "--json").stdout)
    run("keys", "list")
    run("keys", "revoke", "nobody")
    listed = [json.loads(line) for line in run("audit", "list").stdout.splitlines()]
    assert [(each["actor"], each["action"], each["outcome"]) for each in reversed(listed)] == [
        ("terminal", "keys create", "begun"), ("terminal", "keys create", "done"),
        ("terminal", "keys revoke", "begun"), ("terminal", "keys revoke", "failed"),
    ]  # fmt: skip
    assert made["secret"] not in str(listed)
    whole = run("audit", "verify")
    assert (whole.exit_code, listed[0]["digest"] in whole.stdout) == (0, True)
    with closing(sqlite3.connect(tmp_path / "data" / "gegencheck.db")) as database, database:
        database.execute("UPDATE audit_log SET action = 'keys list' WHERE number = 3")
    broken = run("audit", "verify", "--json")
    assert (broken.exit_code, json.loads(broken.stdout)["broken"]) == (1, 3)
    assert "Entry 3 was changed or is missing. The 2 before it are whole." in run("audit", "verify").stdout


def test_what_writes_the_whole_index_or_database_is_noted_as_well(run: Run, tmp_path: Path) -> None:
    run("index", "rebuild")
    run("backup", tmp_path / "today.tar")
    run("restore", tmp_path / "today.tar")
    copy = f"sqlite:///{tmp_path / 'copy.db'}"
    assert run("database", "copy", f"sqlite:///{tmp_path / 'data' / 'gegencheck.db'}", copy).exit_code == 1
    listed = [json.loads(line) for line in run("audit", "list").stdout.splitlines()]
    assert [(each["action"], each["outcome"]) for each in reversed(listed)] == [
        ("index rebuild", "begun"), ("index rebuild", "done"), ("restore", "begun"), ("restore", "done"),
    ], "a backup and a refused copy change nothing"  # fmt: skip
    assert run("audit", "verify").exit_code == 0
