"""`gegencheck calibrate` as a person calls it."""

from __future__ import annotations

import json
from typing import Any


def test_it_reports_before_it_does_anything_and_refuses_what_does_not_go_together(run: Any) -> None:
    run("index", "rebuild", GEGENCHECK_PAIR_MODEL="rules")
    assert run("calibrate").stdout == "Confidences are as shipped.\n"
    told = json.loads(run("calibrate", "--from-feedback", "--json", GEGENCHECK_PAIR_MODEL="rules").stdout)
    assert (told["enough"], told["applied"], told["slope"]) == (False, False, None)
    refused = run("calibrate", "--from-feedback", "--apply", GEGENCHECK_PAIR_MODEL="rules")
    assert (refused.exit_code, "Nothing was changed." in refused.output) == (1, True)
    assert run("calibrate", "--revert").exit_code == 1
    for wrong in (("--apply",), ("--fair-sample",), ("--revert", "--from-feedback")):
        assert run("calibrate", *wrong).exit_code == 2
    noted = [json.loads(line)["action"] for line in run("audit", "list").stdout.splitlines()]
    assert noted.count("calibrate") == 4, "what would change something is noted, a report is not"
