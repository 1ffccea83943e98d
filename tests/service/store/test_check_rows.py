"""Rows of checks: by which digests the same question is recognised, and what a copy shows before its time has come."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.models import CheckRequest, CheckResult, CheckState, Stage, StageTime
from service.store.check_rows import (
    asked_digest,
    check_of,
    digest,
    new_row,
    result_json,
    seconds_until_shown,
    versions_digest,
)
from service.versions import Versions

ASKED_AT = datetime(2026, 1, 2, 12, tzinfo=UTC)
VERSIONS = Versions("ab-1", 9, "e", "p", "t", 0.7, program="1", weights={"pair": "w"}, cues={"modes": "c"})


def copy_of(seconds: float, *times: StageTime) -> dict[str, Any]:
    """The row of a copy that shows its result after so many seconds."""
    request = CheckRequest(url="https://a.example/")
    return {
        **new_row(request, "ann", ASKED_AT),
        "state": CheckState.FINISHED.value,
        "finished_at": ASKED_AT + timedelta(seconds=seconds),
        "result": result_json(CheckResult(sentences=3, times=times)),
    }


def test_another_question_has_another_digest() -> None:
    url, text, html = "https://a.example/", "Ein Satz.", "<p>Ein Satz.</p>"
    asked = [
        CheckRequest(url=url), CheckRequest(url=f"{url}b"), CheckRequest(text=text), CheckRequest(text=f"{text} "),
        CheckRequest(text=text, language="de"), CheckRequest(html=html), CheckRequest(html=html, url=url),
        CheckRequest(html=html, url=url, language="de"), CheckRequest(text=url),
    ]  # fmt: skip
    assert len({asked_digest(each) for each in asked}) == len(asked)


def test_what_changes_no_answer_changes_no_digest() -> None:
    page = CheckRequest(url="https://a.example/", language="de", reference="ticket 7")
    assert asked_digest(page) == asked_digest(CheckRequest(url="https://a.example/"))
    assert asked_digest(CheckRequest(text="x", reference="7")) == asked_digest(CheckRequest(text="x"))
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("\ud800") != digest("")


@pytest.mark.parametrize(
    "changes",
    [
        {"index_checkpoint": "ab-2"}, {"embedder": "f"}, {"pair": "q"}, {"thresholds": "u"}, {"program": "2"},
        {"weights": {"pair": "x"}}, {"cues": {"modes": "d"}},
    ],
)  # fmt: skip
def test_whatever_decided_otherwise_is_another_version(changes: dict[str, Any]) -> None:
    assert versions_digest(replace(VERSIONS, **changes)) != versions_digest(VERSIONS)


def test_a_copy_looks_like_a_run_until_its_time_has_come() -> None:
    row = copy_of(4, StageTime(Stage.FETCH, 1.0), StageTime(Stage.ARTICLE, 2.0))  # after a second of waiting
    seen = [check_of(row, ASKED_AT + timedelta(seconds=seconds)) for seconds in (0, 1, 1.25, 2.5, 3.9)]
    assert [(each.state, each.stage) for each in seen] == [
        (CheckState.RUNNING, None), (CheckState.RUNNING, None), (CheckState.RUNNING, Stage.FETCH),
        (CheckState.RUNNING, Stage.ARTICLE), (CheckState.RUNNING, Stage.ARTICLE),
    ]  # fmt: skip
    assert {(each.finished_at, each.result) for each in seen} == {(None, CheckResult())}
    done = check_of(row, ASKED_AT + timedelta(seconds=4))
    assert (done.state, done.finished_at, done.result.sentences) == (CheckState.FINISHED, row["finished_at"], 3)


def test_that_it_was_judged_anew_shows_no_sooner_than_what_it_says() -> None:
    row = {**copy_of(4), "revised_at": ASKED_AT + timedelta(seconds=1)}
    seen = [check_of(row, ASKED_AT + timedelta(seconds=seconds)).revised_at for seconds in (2, 4)]
    assert seen == [None, row["revised_at"]]


def test_a_result_is_kept_back_no_longer_than_its_run_took_whatever_the_clock_says() -> None:
    row = copy_of(4)
    assert seconds_until_shown(row, ASKED_AT + timedelta(seconds=1)) == 3
    for seconds in (-1, 4, 5):
        assert seconds_until_shown(row, ASKED_AT + timedelta(seconds=seconds)) == math.inf
    assert seconds_until_shown({**row, "state": CheckState.RUNNING.value}, ASKED_AT) == math.inf
