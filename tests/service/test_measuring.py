"""Counts of stages: within which bound each lay, how long all took, and where checks failed."""

from __future__ import annotations

from service.measuring import BOUNDS, StageMeasures
from service.models import CheckResult, Problem, Stage, StageTime


def test_a_stage_counts_within_every_bound_that_it_did_not_pass() -> None:
    measures = StageMeasures()
    for seconds in (0.004, 0.005, 0.3, 60.0):
        measures.note(CheckResult(times=(StageTime(Stage.EVIDENCE, seconds),)))
    found = measures.stages()[Stage.EVIDENCE]
    assert dict(zip(BOUNDS, found.within, strict=True)) | {0.25: 2, 0.5: 3, 30.0: 3} == dict(
        zip(BOUNDS, found.within, strict=True)
    )
    assert found.within[0] == 2, "a bound is part of its bucket"
    assert (found.times, round(found.seconds, 3)) == (4, 60.309)


def test_what_never_ran_counts_nothing() -> None:
    found = StageMeasures().stages()
    assert set(found) == set(Stage)
    assert (found[Stage.FETCH].within, found[Stage.FETCH].times) == ((0,) * len(BOUNDS), 0)


def test_failures_are_told_by_stage_and_code() -> None:
    measures = StageMeasures()
    for _ in range(2):
        measures.note(CheckResult(problem=Problem("page-unavailable", "https://geheim.example/", Stage.FETCH)))
    measures.note(CheckResult())
    assert measures.failed() == {(Stage.FETCH, "page-unavailable"): 2}
