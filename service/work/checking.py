"""One job: a check through the pipeline, its result stored, or put back where what it needs is not there yet."""

from __future__ import annotations

import logging
import time

from index.errors import IndexFault, IndexUnavailable, StoreUnavailable
from service.bootstrap import Application
from service.errors import IndexNotReady
from service.logs import describe
from service.models import Stage
from service.store.jobs import Job, Lane
from service.store.reuse import Freshness
from service.work.held import Unwanted, Work

log = logging.getLogger(__name__)

INDEX_PAUSE_SECONDS = 1.0
INDEX_TRIES = 600  # ten minutes; counted, since the time of day may jump meanwhile
GONE_TRIES = 3  # a page is fetched anew for each


def work_on_check(application: Application, work: Work) -> None:
    """Check what the job is about; ended by Unwanted. Raises StoreUnavailable where the result cannot be stored."""
    job = work.job
    if must_wait_for_index(application, job):
        application.jobs.postpone(job, INDEX_PAUSE_SECONDS)
        return
    request = application.checks.begin(job, what_to_reuse(application, job))
    if request is None:
        return
    began_at, started = application.clock.read().at, time.monotonic()
    stage = Stage.FETCH

    def on_stage(now: Stage) -> None:
        nonlocal stage
        stage = now
        work.note_stage(now)

    try:
        result = application.checker.run(request, on_stage)
        if result.problem is not None and result.problem.code == IndexNotReady.code and may_come_back(job):
            application.jobs.retry(job, INDEX_PAUSE_SECONDS * 2**job.failed)
            return
        application.measures.note(result)
        application.checks.finish(job, result, began_at)
    except (StoreUnavailable, Unwanted):
        raise
    except BaseException as error:
        # A fault of ours: trying again would end the same way, and somebody waits for an answer. (A panic inside a
        # library written in Rust is no Exception; nothing else that is none reaches a worker's thread.)
        log.error("a check failed at %s: %s", stage.value, describe(error))
        detail = "A fault in the service ended this check. It was logged, without what was checked."
        application.checks.give_up(job, "internal-error", detail)
        return
    outcome = result.problem.code if result.problem else result.verdict.code.value if result.verdict else "nothing"
    milliseconds = round((time.monotonic() - started) * 1000)
    facts = {"outcome": outcome, "claims": len(result.claims), "milliseconds": milliseconds}
    log.info("check done: %s, %d claims, %d ms", outcome, len(result.claims), milliseconds, extra={"facts": facts})


def what_to_reuse(application: Application, job: Job) -> Freshness | None:
    """What an earlier check must be like to answer one of a batch; None for single ones, which asked when they came."""
    if job.lane is not Lane.BULK:
        return None
    try:
        return Freshness(application.checker.versions(), application.settings.fresh_seconds)
    except IndexFault:  # the check will say so itself
        return None


def give_up_check(application: Application, job: Job, code: str, detail: str) -> None:
    """End a check as failed. Raises StoreUnavailable."""
    application.checks.give_up(job, code, detail)


def may_come_back(job: Job) -> bool:
    """Whether an index that went away during a check is worth waiting for: its Milvus may be started again."""
    return job.failed < GONE_TRIES and job.postponed < INDEX_TRIES


def must_wait_for_index(application: Application, job: Job) -> bool:
    """Whether the index is still loading and the check has not waited long for it; asked before a page is fetched."""
    try:
        if job.failed and not application.index.status().ready:  # what is in memory does not know that it went away
            return job.postponed < INDEX_TRIES
        application.index.current()
    except IndexUnavailable:
        return job.postponed < INDEX_TRIES
    except IndexFault:  # waiting does not help; the check will say what does
        return False
    return False
