"""`gegencheck feedback` as a person and a pipe use it."""

from __future__ import annotations

from collections.abc import Callable

from click.testing import Result

Run = Callable[..., Result]


def test_feedback_is_listed_and_what_is_not_there_cannot_be_closed(run: Run) -> None:
    assert run("feedback", "list").stdout == "There is no open feedback.\n"
    assert run("feedback", "list", "--status", "rejected", "--json").stdout == ""
    missing = run("feedback", "close", "none", "--rejected", "--note", "No.")
    assert missing.exit_code == 1
    assert "no such feedback" in missing.stderr
