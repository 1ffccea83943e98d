"""Ending a job that will not end by itself, with a reason that is true."""

from __future__ import annotations

from service.bootstrap import Application
from service.errors import CheckFault, WorkInterrupted, WorkTooLong
from service.store.imports import NO_REPORT
from service.store.jobs import Job, JobKind
from service.work.held import LIMIT_SECONDS

ADVICE = {
    JobKind.CHECK: "What was to be checked may be at fault.",
    JobKind.IMPORT: "What was read before stays; sending it again takes up where it ended.",
}


def give_up(application: Application, job: Job, fault: CheckFault) -> None:
    """End a job as failed, where it is still in this worker's hands. Raises StoreUnavailable."""
    if job.kind is JobKind.CHECK:
        application.checks.give_up(job, fault.code, str(fault))
    else:
        application.imports.finish(job, NO_REPORT, searchable=False, problem=(fault.code, str(fault)))


def interrupted(job: Job) -> WorkInterrupted:
    """Why a job that was interrupted too often is not tried again."""
    causes = [
        (job.crashed, "because the process that worked on it ended unexpectedly"),
        (job.outlasted, "because it was not done when the service was stopped"),
    ]
    told = " and ".join(f"{times(count)} {cause}" for count, cause in causes if count)
    return WorkInterrupted(
        f"Working on this {job.kind.value} was interrupted {times(job.crashed + job.outlasted)}: {told}. "
        f"{ADVICE[job.kind]}"
    )


def too_long(job: Job) -> WorkTooLong:
    """Why a job that has taken longer than any sensible time is ended."""
    minutes = LIMIT_SECONDS[job.kind] // 60
    return WorkTooLong(f"This {job.kind.value} was not done after {minutes} minutes and was ended. {ADVICE[job.kind]}")


def times(count: int) -> str:
    """How often, in words as people say them."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
