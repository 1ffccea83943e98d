"""`gegencheck index` as a person and a pipe use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]


def test_the_index_says_whether_it_is_ready_and_is_built_anew(run: Run, feed: Path) -> None:
    before = run("index", "status")
    assert (before.exit_code, before.stdout.splitlines()[0][:9]) == (1, "not ready")
    run("statements", "import", feed)
    assert json.loads(run("index", "status", "--json").stdout)["statements"] == 2
    assert run("index", "rebuild").exit_code == 0
    after = run("index", "status")
    assert (after.exit_code, after.stdout.splitlines()[0]) == (0, "ready")
