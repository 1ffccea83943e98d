"""Why a job was given up, said truly."""

from __future__ import annotations

import pytest

from service.models import CheckState
from service.store.jobs import Job, JobKind, Lane
from service.work.giving_up import give_up, interrupted, too_long

CRASHED = "because the process that worked on it ended unexpectedly"
STOPPED = "because it was not done when the service was stopped"


@pytest.mark.parametrize(
    ("crashed", "outlasted", "told"),
    [
        (3, 0, f"interrupted 3 times: 3 times {CRASHED}."),
        (2, 1, f"interrupted 3 times: twice {CRASHED} and once {STOPPED}."),
        (0, 4, f"interrupted 4 times: 4 times {STOPPED}."),
    ],
)
def test_it_is_said_what_interrupted_it_how_often(crashed: int, outlasted: int, told: str) -> None:
    job = Job(1, JobKind.CHECK, Lane.INTERACTIVE, "x", 4, "w", crashed, outlasted)
    assert told in str(interrupted(job))
    assert job.is_hopeless


def test_an_import_that_is_given_up_says_what_stays(house) -> None:
    made = house.application.imports.submit("ann", b"[]", "application/json")
    job = house.application.jobs.claim("w", (JobKind.IMPORT,))
    give_up(house.application, job, too_long(job))
    found = house.application.imports.get(made.id, "ann")
    assert (found.state, found.problem_code) == (CheckState.FAILED, "work-too-long")
    assert "not done after 360 minutes" in found.problem_detail
    assert "What was read before stays" in found.problem_detail
