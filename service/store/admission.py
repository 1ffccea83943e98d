"""How much work may wait, in all and of one caller; beyond it whoever asks is told when to come again."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

import sqlalchemy as sa

from service.clock import Clock
from service.errors import ServiceBusy, TooManyRequests
from service.store.callbacks import Callback
from service.store.job_rows import SERVICE, JobKind, Lane
from service.store.tables import batches, jobs, tallies

MAX_RETRY_SECONDS = 120  # what waits longer is not foreseen well
FIRST_GUESS_SECONDS = 1.0  # a job, before any has ended
PACE_SECONDS = 60  # how far back the pace is looked at

# Put together once: that takes longer than answering them, and whoever is refused is to hear it at once.
# Items of batches are bounded by themselves, so that a batch keeps nobody's single check out. So are deliveries: they
# follow from what was let in, but those to a receiver that is away stay for a day.
ITEMS = (jobs.c.kind == JobKind.CHECK.value) & (jobs.c.lane == Lane.BULK.value)
WAITING = jobs.c.worker.is_(None) & (jobs.c.owner != SERVICE) & (jobs.c.lane != Lane.DELIVERY.value) & ~ITEMS
OWN = WAITING & (jobs.c.owner == sa.bindparam("owner"))
ENDED = sa.select(sa.func.coalesce(sa.func.sum(tallies.c.count), 0))
COUNTS = sa.select(
    sa.select(sa.func.count()).select_from(jobs).where(WAITING).scalar_subquery(),
    sa.select(sa.func.count()).select_from(jobs).where(OWN).scalar_subquery(),
    ENDED.scalar_subquery(),
)
WAITING_ITEMS = sa.select(sa.func.count(), sa.func.count(sa.case((jobs.c.owner == sa.bindparam("owner"), 1)))).where(
    jobs.c.worker.is_(None), ITEMS
)
WAITING_BATCHES = sa.select(
    sa.func.count(), sa.func.count(sa.case((batches.c.owner == sa.bindparam("owner"), 1)))
).where(batches.c.finished_at.is_(None))
DELIVERIES = sa.select(sa.func.count()).where(
    jobs.c.kind == JobKind.WEBHOOK.value,
    jobs.c.lane == Lane.DELIVERY.value,
    jobs.c.owner == sa.bindparam("owner"),
    jobs.c.worker.is_(None),
)
OWNERS = sa.select(sa.func.count(jobs.c.owner.distinct())).where(WAITING)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many jobs may wait, and how many batches, items of batches and webhooks beside them; 0: any number."""

    in_all: int = 0
    per_owner: int = 0
    items_in_all: int = 0
    items_per_owner: int = 0
    batches_in_all: int = 0
    batches_per_owner: int = 0
    webhooks_per_owner: int = 0


class Pace:
    """How long a job has taken of late, all workers together: ended jobs against steady time, while some waited."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: list[tuple[float, int]] = []

    def note(self, steady: float, ended: int, waiting: int) -> None:
        """Hear how many jobs have ever ended; one note a second is kept."""
        with self._lock:
            if not waiting:
                self._seen = []  # time in which nobody waited says nothing
            if not self._seen or steady - self._seen[-1][0] >= 1:
                self._seen = [seen for seen in self._seen if steady - seen[0] <= PACE_SECONDS]
                self._seen.append((steady, ended))

    def seconds_a_job(self) -> float:
        """Seconds from one job's end to the next one's."""
        with self._lock:
            if not self._seen or self._seen[-1][1] <= self._seen[0][1]:
                return FIRST_GUESS_SECONDS
            (began, before), (now, ended) = self._seen[0], self._seen[-1]
            return (now - began) / (ended - before)


class Admission:
    """Counts what waits, and refuses what would be too much."""

    def __init__(self, clock: Clock, bounds: Bounds) -> None:
        self.clock, self.bounds = clock, bounds
        self._pace = Pace()
        self._lock = threading.Lock()
        self._entering: Counter[tuple[str, Hashable]] = Counter()

    @contextmanager
    def entering(self, connection: sa.Connection, owner: str, subject: Hashable) -> Iterator[None]:
        """Be on the way in, or be refused as by `admit`, before any waiting for a turn to write.

        Those of this process that are on their way in count as if they waited already, and those of one owner with
        an equal `subject` as one, since one job will come of them. It is no promise: another process may be quicker.
        The connection is asked at the beginning alone.
        """
        waiting, own = self._counts(connection, owner)
        with self._lock:
            others = [of for of, _ in self._entering.keys() - {(owner, subject)}]
            waiting, own = waiting + len(others), own + others.count(owner)
            fits = self._fits(waiting, own)
            if fits:
                self._entering[owner, subject] += 1
        if not fits:
            self._refuse(connection, waiting, own)
        try:
            yield
        finally:
            with self._lock:
                self._entering[owner, subject] -= 1
                self._entering += Counter()  # or every key that ever called would stay

    def admit(self, connection: sa.Connection, owner: str) -> None:
        """Let one more job in, or raise ServiceBusy or TooManyRequests.

        Inside the transaction that adds the job the bounds hold exactly.
        """
        waiting, own = self._counts(connection, owner)
        if not self._fits(waiting, own):
            self._refuse(connection, waiting, own)

    def admit_batch(self, connection: sa.Connection, owner: str) -> None:
        """Let one more batch in, or raise ServiceBusy or TooManyRequests: the last may go past the items' bounds."""
        bounds = self.bounds
        items, own_items = connection.execute(WAITING_ITEMS, {"owner": owner}).one()
        waiting, own = connection.execute(WAITING_BATCHES, {"owner": owner}).one()
        seconds = self._until_half(items)
        again = f"Send this again in about {seconds} seconds."
        if _reached(bounds.items_per_owner, own_items):
            raise TooManyRequests(f"{own_items} items of your batches are waiting already. {again}", seconds)
        if _reached(bounds.batches_per_owner, own):
            raise TooManyRequests(
                f"{own} of your batches are waiting already. A batch may have 1,000 items. {again}", seconds
            )
        if _reached(bounds.items_in_all, items):
            raise ServiceBusy(f"{items} items of batches are waiting already. {again}", seconds)
        if _reached(bounds.batches_in_all, waiting):
            raise ServiceBusy(f"{waiting} batches are waiting already. {again}", seconds)

    def admit_callback(self, connection: sa.Connection, owner: str, callback: Callback | None) -> None:
        """Let one more webhook be asked for, where one is, or raise TooManyRequests."""
        most = self.bounds.webhooks_per_owner
        if callback is None or not most:
            return
        waiting = int(connection.execute(DELIVERIES, {"owner": owner}).scalar_one())
        if waiting >= most:
            raise TooManyRequests(
                f"{waiting} of your webhooks wait for their receivers already: "
                "GET /v1/webhooks/deliveries?state=waiting says why. Repair the receiver, or leave callback_url out.",
                MAX_RETRY_SECONDS,
            )

    def _counts(self, connection: sa.Connection, owner: str) -> tuple[int, int]:
        """How many jobs wait, in all and of one owner."""
        waiting, own, ended = connection.execute(COUNTS, {"owner": owner}).one()
        self._pace.note(self.clock.read().steady, int(ended), int(waiting))
        return int(waiting), int(own)

    def _fits(self, waiting: int, own: int) -> bool:
        return not (_reached(self.bounds.in_all, waiting) or _reached(self.bounds.per_owner, own))

    def _refuse(self, connection: sa.Connection, waiting: int, own: int) -> NoReturn:
        if _reached(self.bounds.per_owner, own):
            # Its own jobs take turns with everybody else's.
            owners = int(connection.execute(OWNERS).scalar_one())
            seconds = self._until_half(min(own * owners, waiting))
            raise TooManyRequests(
                f"{own} of your checks and imports are waiting already. Send this again in about {seconds} seconds.",
                seconds,
            )
        seconds = self._until_half(waiting)
        raise ServiceBusy(
            f"{waiting} checks and imports are waiting already, which is as many as this service accepts. "
            f"Send this again in about {seconds} seconds.",
            seconds,
        )

    def _until_half(self, waiting: int) -> int:
        """Seconds until half of so many will have begun: sooner, the next one would meet a full queue again."""
        return max(1, min(math.ceil(waiting / 2 * self._pace.seconds_a_job()), MAX_RETRY_SECONDS))


def _reached(bound: int, count: int) -> bool:
    return bool(bound) and count >= bound
