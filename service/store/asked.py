"""How many checks ended how, week by week: counts alone, of whoever asked and about whatever."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from index.store.database import reading
from service.models import CheckState
from service.store.checks import CheckStore
from service.store.tables import checks

WEEKS = 4
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """The checks of the seven days from `begins` on: how many were done by verdict, and how many failed."""

    begins: datetime
    verdicts: dict[str, int] = field(default_factory=dict)
    failed: int = 0

    @property
    def ended(self) -> int:
        """How many ended, with a verdict or without."""
        return sum(self.verdicts.values()) + self.failed


def count_asked(store: CheckStore) -> tuple[Week, ...]:
    """The checks of the last four weeks that are still kept and have ended, the newest week first."""
    now = store.clock.read().at
    starts = [now - WEEK * (place + 1) for place in range(WEEKS)]
    week = sa.case(*((checks.c.created_at >= start, place) for place, start in enumerate(starts)), else_=WEEKS)
    ended = checks.c.state.in_((CheckState.FINISHED.value, CheckState.FAILED.value))
    query = (
        sa.select(week.label("week"), checks.c.verdict, sa.func.count())
        .where(ended, checks.c.created_at >= starts[-1])
        .group_by("week", checks.c.verdict)
    )
    weeks = [Week(start) for start in starts]
    with reading(store.engine) as connection:
        for place, verdict, n in connection.execute(query):
            if verdict:
                weeks[place].verdicts[verdict] = n
            else:
                weeks[place] = Week(starts[place], weeks[place].verdicts, n)
    return tuple(weeks)
