"""Why a job was given up, said truly."""

from __future__ import annotations

import pytest

from index.errors import StoreUnavailable
from service.models import CheckState
from service.store.jobs import Job, JobKind, Lane
from service.work.giving_up import failure, interrupted, too_long
from service.work.registry import CHECK, IMPORT

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
    assert told in str(interrupted(CHECK, job))
    assert str(interrupted(CHECK, job)).endswith("The page or text itself may be the cause.")
    assert job.is_hopeless


def test_an_import_that_is_given_up_says_what_stays(house) -> None:
    made = house.application.imports.submit("ann", b"[]", "application/json")
    job = house.application.jobs.claim("w", (JobKind.IMPORT,))
    fault = too_long(IMPORT)
    IMPORT.give_up(house.application, job, fault.code, str(fault))
    found = house.application.imports.get(made.id, "ann")
    assert (found.state, found.problem_code) == (CheckState.FAILED, "work-too-long")
    assert "not done after 360 minutes" in found.problem_detail
    assert "What was already read is kept" in found.problem_detail


def test_a_job_that_failed_each_time_says_so_and_nothing_of_what_it_was_about() -> None:
    job = Job(1, JobKind.CHECK, Lane.INTERACTIVE, "x", 3, "w", 0, 0, failed=2)
    code, detail = failure(CHECK, job, ValueError("https://private.example/"))
    assert code == "internal-error"
    assert detail == (
        "A fault in the service ended this check, which was tried 3 times. It was logged. "
        "The page or text itself may be the cause."
    )
    code, detail = failure(CHECK, job, StoreUnavailable("The disk is full: make room, then try again."))
    assert code == "store-unavailable"
    assert "tried 3 times and failed: The disk is full" in detail
