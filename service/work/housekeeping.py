"""What a worker tidies now and then: old checks and imports, deleted text, an index that fell behind."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from index.store.database import writing
from service.bootstrap import Application
from service.store.database import overwrite_deleted
from service.store.idempotency import KEPT_HOURS, purge_idempotency

log = logging.getLogger(__name__)

PAUSE_SECONDS = 60
VERIFY_SECONDS = 600  # how often the index on disk is read again: a tenth of a second for 86,376 statements


class Housekeeping:
    """Keeps what is kept within what the settings allow."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._due_at = self._verify_at = self._steady()

    def run_when_due(self) -> None:
        """Tidy up, at most once in PAUSE_SECONDS."""
        if self._steady() >= self._due_at:
            self._due_at = self._steady() + PAUSE_SECONDS
            self.run()

    def run(self) -> None:
        """Delete what is too old, overwrite what was deleted, and let the index catch up. Raises IndexFault.

        What is too old was so at two readings of the clock apart: one that jumps ahead deletes nothing.
        """
        agreed = self.application.readings.agreed_time()
        if agreed is not None:
            self._delete_old(agreed)
        overwrite_deleted(self.application.statements.engine)
        self._tend_index()

    def _delete_old(self, now: datetime) -> None:
        days = self.application.settings.retention_days
        if days:
            while purged := self.application.checks.purge(now - timedelta(days=days)):
                log.info("%d checks were deleted after %d days", purged, days)
            self.application.imports.purge(now - timedelta(days=days))
        self.application.imports.drop_strays(now)
        with writing(self.application.statements.engine) as connection:
            purge_idempotency(connection, now - timedelta(hours=KEPT_HOURS))

    def _tend_index(self) -> None:
        """Let the index catch up, or build it anew where its files are no longer what was written."""
        index, now = self.application.index, self._steady()
        if index.status().ready and now >= self._verify_at:
            self._verify_at = now + VERIFY_SECONDS
            if not index.is_sound():
                log.warning("the index on disk is damaged and is built anew")
        index.update()

    def _steady(self) -> float:
        return self.application.clock.read().steady
