"""One job, again and again: what is too old is deleted, and overwritten on the disk."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from index.store.database import writing
from service.bootstrap import Application
from service.store.database import overwrite_deleted
from service.store.idempotency import KEPT_HOURS, purge_idempotency
from service.store.jobs import Job
from service.work.held import Work

log = logging.getLogger(__name__)

RETENTION = "retention"
EVERY_SECONDS = 60


def work_on_retention(application: Application, work: Work) -> None:
    """Delete what is too old, and note that it was done."""
    delete_old(application)
    application.schedules.finish(work.job)


def give_up_scheduled(application: Application, job: Job, code: str, detail: str) -> None:
    """Note why the job of a schedule failed."""
    application.schedules.finish(job, f"{code}: {detail}")


def delete_old(application: Application) -> None:
    """Delete checks, imports, batches, strayed bodies, sessions and Idempotency-Keys that are too old; overwrite them.

    What is too old was so at two readings of the clock apart: one that jumps ahead deletes nothing.
    """
    agreed = application.readings.agreed_time()
    if agreed is not None:
        _delete_before(application, agreed)
    overwrite_deleted(application.statements.engine)


def _delete_before(application: Application, now: datetime) -> None:
    days = application.settings.retention_days
    if days:
        while purged := application.checks.purge(now - timedelta(days=days)):
            log.info("%d checks were deleted after %d days", purged, days)
        application.imports.purge(now - timedelta(days=days))
        application.batches.purge(now - timedelta(days=days))
        application.deliveries.purge(now - timedelta(days=days))
    application.imports.drop_strays(now)
    application.account_sessions.purge(now)
    application.sign_in_tries.purge(now)
    with writing(application.statements.engine) as connection:
        purge_idempotency(connection, now - timedelta(hours=KEPT_HOURS))
