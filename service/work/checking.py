"""One job: a check through the pipeline, its result stored, or put back where what it needs is not there yet."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from service.bootstrap import Application
from service.errors import CheckFault, IndexNotReady
from service.logs import describe
from service.models import CheckResult, Stage
from service.store.jobs import MAX_ATTEMPTS, Job

log = logging.getLogger(__name__)

INDEX_PATIENCE = timedelta(minutes=10)  # how long a check waits for the index before it fails
INDEX_PAUSE_SECONDS = 1.0


def work_on_check(application: Application, job: Job, report: Callable[[Stage], None]) -> None:
    """Check what the job is about. Raises StoreUnavailable where the result cannot be stored."""
    if job.attempts > MAX_ATTEMPTS:
        detail = f"Working on this check ended unexpectedly {MAX_ATTEMPTS} times. Its page may be at fault."
        application.checks.give_up(job, CheckFault.code, detail)
        return
    request = application.checks.begin(job)
    if request is None:
        return
    began_at, started = datetime.now(UTC), time.monotonic()
    stage = Stage.FETCH

    def on_stage(now: Stage) -> None:
        nonlocal stage
        stage = now
        report(now)

    try:
        result = application.checker.run(request, on_stage)
    except Exception as error:
        # A fault of ours: trying again would end the same way, and somebody waits for an answer.
        log.error("a check failed at %s: %s", stage.value, describe(error))
        detail = "A fault in the service ended this check. It was logged, without what was checked."
        application.checks.give_up(job, "internal-error", detail)
        return
    if is_waiting_for_index(result, application, job):
        application.jobs.postpone(job, INDEX_PAUSE_SECONDS)
        return
    application.checks.finish(job, result, began_at)
    outcome = result.problem.code if result.problem else result.verdict.code.value if result.verdict else "nothing"
    log.info("check done: %s, %d claims, %.0f ms", outcome, len(result.claims), (time.monotonic() - started) * 1000)


def is_waiting_for_index(result: CheckResult, application: Application, job: Job) -> bool:
    """Whether the check only failed because the index is still loading, and may go on waiting."""
    if result.problem is None or result.problem.code != IndexNotReady.code:
        return False
    asked_at = application.checks.get(job.subject, None).created_at
    return datetime.now(UTC) - asked_at < INDEX_PATIENCE
