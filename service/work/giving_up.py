"""Why a job ended that did not end by itself, said truly."""

from __future__ import annotations

from index.errors import StoreUnavailable
from service.errors import CheckFault, WorkInterrupted, WorkTooLong
from service.store.jobs import Job
from service.work.kinds import Kind


def interrupted(kind: Kind, job: Job) -> CheckFault:
    """Why a job that was interrupted too often is not tried again."""
    causes = [
        (job.crashed, "because the process that worked on it ended unexpectedly"),
        (job.outlasted, "because it was not done when the service was stopped"),
    ]
    told = " and ".join(f"{times(count)} {cause}" for count, cause in causes if count)
    return WorkInterrupted(
        f"Working on this {kind.name} was interrupted {times(job.crashed + job.outlasted)}: {told}. {kind.advice}"
    )


def too_long(kind: Kind) -> CheckFault:
    """Why a job that has taken longer than any sensible time is ended."""
    minutes = kind.limit_seconds // 60
    return WorkTooLong(f"This {kind.name} was not done after {minutes} minutes and was stopped. {kind.advice}")


def failure(kind: Kind, job: Job, error: BaseException) -> tuple[str, str]:
    """Code and reason of a job that failed at each of its tries: our own words, nothing of what it was about."""
    tried = times(job.failed + 1)
    if isinstance(error, StoreUnavailable):
        return "store-unavailable", f"This {kind.name} was tried {tried} and failed: {error} {kind.advice}"
    detail = f"A fault in the service ended this {kind.name}, which was tried {tried}. It was logged. {kind.advice}"
    return "internal-error", detail


def times(count: int) -> str:
    """How often, in words as people say them."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
