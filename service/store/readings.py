"""What the clock said of late, so that nothing is deleted on the word of one reading: clocks are set wrong at times.

Two readings count as apart where an hour of steady time lies between them, or the machine was started anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from index.store.database import writing
from service.clock import Clock, Reading
from service.store.tables import readings

APART_SECONDS = 3600  # a wrong clock is noticed and set right sooner than that


class ReadingStore:
    """Readings of the clock in the database, the last hour's and one from before."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self.engine, self.clock = engine, clock

    def agreed_time(self) -> datetime | None:
        """Note what the clock says; the earliest time that it said since a reading apart, None before there is one.

        What is too old at that time was too old at every reading in between.
        """
        now = self.clock.read()
        with writing(self.engine) as connection:
            rows = connection.execute(sa.select(readings).order_by(readings.c.number)).all()
            apart, since = _last_apart(rows, now)
            kept = [row.number for row in (*apart, *since)]
            connection.execute(sa.delete(readings).where(readings.c.number.not_in(kept)))
            connection.execute(sa.insert(readings).values(boot=now.boot, steady=now.steady, at=now.at))
        return min([now.at, *(row.at for row in (*apart, *since))]) if apart else None


def _last_apart(rows: Any, now: Reading) -> tuple[list[Any], list[Any]]:
    """The last reading that is apart from this one, where there is one, and all since then."""
    here = [row for row in rows if row.boot == now.boot]
    apart = [row for row in here if now.steady - row.steady >= APART_SECONDS]
    elsewhere = [row for row in rows if row.boot != now.boot]
    return (apart or elsewhere)[-1:], [row for row in here if row not in apart]
