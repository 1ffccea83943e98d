"""What each process tends by itself now and then: its index, which may have fallen behind or be damaged."""

from __future__ import annotations

import logging
from contextlib import suppress

from index.errors import StoreUnavailable
from service.bootstrap import Application

log = logging.getLogger(__name__)

PAUSE_SECONDS = 60
SOON_SECONDS = 5  # after what failed: PostgreSQL or Milvus may be back
VERIFY_SECONDS = 600  # how often the index on disk is read again: a tenth of a second for 86,376 statements


class Housekeeping:
    """Keeps this process's index up to date and sound. Deleting is a job (`retention.py`), for one process of all."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._due_at = self._verify_at = self._steady()
        self._store_id = ""

    def run_when_due(self) -> None:
        """Tidy up once in PAUSE_SECONDS, and at once after a restore; where that fails, again in SOON_SECONDS.

        Raises IndexFault.
        """
        if self._is_another_store() or self._steady() >= self._due_at:
            self._due_at = self._steady() + SOON_SECONDS
            self.run()
            self._due_at = self._steady() + PAUSE_SECONDS

    def run(self) -> None:
        """Let the index catch up, or build it anew where its files are not what was written. Raises IndexFault."""
        index, now = self.application.index, self._steady()
        if index.status().ready and now >= self._verify_at:
            self._verify_at = now + VERIFY_SECONDS
            if not index.is_sound():
                log.warning("the index on disk is damaged and is built anew")
        index.update()

    def _is_another_store(self) -> bool:
        """Whether the data are others than when it was last asked; a database that is away says nothing."""
        before = self._store_id
        with suppress(StoreUnavailable):
            self._store_id = self.application.statements.checkpoint().store_id
        return self._store_id != before

    def _steady(self) -> float:
        return self.application.clock.read().steady
