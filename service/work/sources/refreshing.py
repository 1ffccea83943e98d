"""One job: a source read again. It goes on in slices, ends once, and its trouble is told once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from index.errors import ImportRejected
from service.bootstrap import Application
from service.errors import CheckFault, NotFound
from service.pipeline.polite import SiteAsksToWait
from service.sources import Health, Source, SourceKind, SourceRun
from service.store.jobs import Job
from service.work.held import Work
from service.work.importing import catch_up
from service.work.sources.correctiv import read_correctiv
from service.work.sources.datacommons import read_datacommons
from service.work.sources.google import read_google
from service.work.sources.listed import read_feed_source, read_sitemap_source
from service.work.sources.visit import SliceOver, Visit

log = logging.getLogger(__name__)

LONGEST_RUN = timedelta(days=1)  # that a site makes a run wait; then the next one begins anew

READERS: Mapping[SourceKind, Callable[[Visit], None]] = {
    SourceKind.FEED: read_feed_source,
    SourceKind.SITEMAP: read_sitemap_source,
    SourceKind.CORRECTIV: read_correctiv,
    SourceKind.DATACOMMONS: read_datacommons,
    SourceKind.GOOGLE: read_google,
}


def work_on_source(application: Application, work: Work) -> None:
    """Read a source, or go on reading it. Raises StoreUnavailable, Unwanted."""
    try:
        source = application.sources.get(work.job.subject, runs=0)
    except NotFound:
        application.schedules.finish(work.job)
        return
    if source.paused_at is not None:
        application.schedules.finish(work.job)
        return
    visit = Visit(application, source, application.sources.runs.begin(source.id), work)
    try:
        READERS[source.plan.kind](visit)
    except SliceOver:
        put_off(visit, work.job, 0)
    except SiteAsksToWait as wait:
        if application.clock.read().at - visit.run.started_at > LONGEST_RUN:
            finish(visit, work.job, (wait.code, str(wait)))
        else:
            put_off(visit, work.job, wait.seconds)
    except (CheckFault, ImportRejected) as fault:
        code = fault.code if isinstance(fault, CheckFault) else "import-rejected"
        finish(visit, work.job, (code, str(fault)))
    else:
        finish(visit, work.job, None)


def put_off(visit: Visit, job: Job, seconds: float) -> None:
    """Let the run go on later."""
    visit.keep()
    if visit.changed:
        catch_up(visit.application)
    visit.application.jobs.postpone(job, seconds)


def finish(visit: Visit, job: Job, problem: tuple[str, str] | None) -> None:
    """End the run after the index knows what it brought."""
    if visit.changed:
        catch_up(visit.application)
    end_run(visit.application, job, visit.run, problem)


def give_up_source(application: Application, job: Job, code: str, detail: str) -> None:
    """End the run of a source as failed, and note why."""
    end_run(application, job, application.sources.runs.begin(job.subject), (code, detail))


def end_run(application: Application, job: Job, run: SourceRun, problem: tuple[str, str] | None) -> None:
    """End a run, note how the source is, tell its trouble if that is due, and end the job."""
    sources = application.sources
    sources.runs.end(run, problem)
    try:
        before = sources.get(run.source_id, runs=0)
    except NotFound:  # it was removed meanwhile
        sources.runs.forget(run)
        application.schedules.finish(job)
        return
    after = judged(before, run, problem, application.clock.read().at)
    sources.note_health(after)
    tell(before, after)
    application.schedules.finish(job, ": ".join(problem) if problem else None)


def judged(source: Source, run: SourceRun, problem: tuple[str, str] | None, now: datetime) -> Source:
    """How a source is after a run, and how often its trouble has been told then."""
    if problem:
        code, detail = problem
        failing_since = source.failing_since or now
        source = replace(source, failing_since=failing_since, failures=source.failures + 1)
        source = replace(source, problem_code=code, problem_detail=detail)
    else:
        changed_at = now if run.tally.added or run.tally.updated else source.changed_at
        source = replace(source, succeeded_at=now, changed_at=changed_at, failing_since=None, failures=0)
        source = replace(source, problem_code=None, problem_detail=None)
    due = source.due_tellings(now)
    return replace(source, told=max(source.told, due) if due else 0)


def tell(before: Source, after: Source) -> None:
    """Say in the log that a source is in trouble: once, and once more when it lasts; and when it is over."""
    if after.told > before.told:
        what = after.problem_code or Health.STALE.value
        lasts = " and it lasts" if after.told > 1 else ""
        log.warning("source %s (%s) is in trouble%s: %s", after.id, after.plan.kind.value, lasts, what)
    elif before.told and not after.told:
        log.info("source %s (%s) works again", after.id, after.plan.kind.value)
