"""`gegencheck replay` as a person calls it."""

from __future__ import annotations

from typing import Any


def test_the_command_takes_a_policy_and_says_when_there_is_none(run: Any) -> None:
    assert "0 checks would have a different result" in run("replay", "--min-confidence", "0.9").stdout
    assert "There is no such policy" in run("replay", "--policy", "desk").output
    assert run("replay", "--min-confidence", "2").exit_code == 2
