"""One job, again and again: statements whose period begins or ends count as changed from that day on.

Past checks are then corrected as after any change.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta

from index.store.database import reading
from index.store.periods import turn_periods
from service.bootstrap import Application
from service.store.corrections import CORRECTION
from service.work.held import Work

log = logging.getLogger(__name__)

PERIODS = "periods"
EVERY_SECONDS = 300
# After midnight (UTC): by then the clocks of all machines show the new day, or one would search by yesterday's.
SETTLED = timedelta(minutes=5)


def work_on_periods(application: Application, work: Work) -> None:
    """Follow the periods up to today, and note that it was done. Raises StoreUnavailable."""
    follow_periods(application)
    application.schedules.finish(work.job)


def follow_periods(application: Application) -> int:
    """Let statements count as changed whose period began or ended; how many. A day that was followed is past."""
    corrections, today = application.corrections, settled_day(application)
    followed = corrections.periods_until()
    if followed is not None and followed >= today:
        return 0
    turned = turn_periods(application.statements.engine, followed, today)
    corrections.note_periods(today)  # after it: where it ends in between it is done again
    if turned:
        log.info("periods of %d statements began or ended", turned)
        application.schedules.hurry(CORRECTION)
    return turned


def settled_day(application: Application) -> date:
    """The day (UTC) that it is by all clocks."""
    with reading(application.statements.engine) as connection:
        return (application.clock.shared(connection) - SETTLED).date()
