"""Calibrations on site in the database: the newest one that was not taken back is in force, for every process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from index.pairs.protocol import PairModel
from index.pairs.site import AS_SHIPPED, SiteCalibration
from index.store.database import glancing, reading, writing
from service.clock import Clock
from service.store.calibration_tables import site_calibrations

COLUMNS = site_calibrations.c
# Rows are only added and taken back, so that these tell every change, and a backup that was put back too.
STATE = sa.select(sa.func.max(COLUMNS.number), sa.func.count(COLUMNS.reverted_at), sa.func.max(COLUMNS.applied_at))


@dataclass(frozen=True, slots=True)
class StoredCalibration:
    """What was put into effect, for which model's confidences, and the report on it."""

    number: int
    site: SiteCalibration
    pair: str
    calibration: str
    applied_at: datetime
    reverted_at: datetime | None = None
    report: dict[str, Any] = field(default_factory=dict)

    def fits(self, model: PairModel) -> bool:
        """Whether it was fitted to this model's confidences."""
        return (self.pair, self.calibration) == (model.model_id, model.calibration_id)


class SiteCalibrationStore:
    """What sets confidences right here. Every process asks before it searches, so a change counts at once."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self.engine, self.clock = engine, clock
        self._read: tuple[Any, StoredCalibration | None] = ((None, 0, None), None)

    def in_force(self) -> StoredCalibration | None:
        """The newest that was not taken back; read again only when something changed. Raises StoreUnavailable."""
        with glancing(self.engine) as connection:
            state = tuple(connection.execute(STATE).one())
        held, found = self._read
        if state == held:
            return found
        kept = [each for each in self.list() if each.reverted_at is None]
        self._read = state, kept[0] if kept else None
        return self._read[1]

    def site_of(self, model: PairModel) -> SiteCalibration:
        """What sets this model's confidences right; what was fitted to another's does not. Raises StoreUnavailable."""
        found = self.in_force()
        return found.site if found is not None and found.fits(model) else AS_SHIPPED

    def apply(self, site: SiteCalibration, model: PairModel, report: dict[str, Any]) -> StoredCalibration:
        """Put one into effect from now on."""
        made = StoredCalibration(0, site, model.model_id, model.calibration_id, self.clock.read().at, report=report)
        values = {
            "slope": site.slope,
            "offset_": site.offset,
            "pair": made.pair,
            "calibration": made.calibration,
            "applied_at": made.applied_at,
            "report": report,
        }
        with writing(self.engine) as connection:
            connection.execute(sa.insert(site_calibrations).values(**values))
        return self.list()[0]

    def revert(self) -> StoredCalibration | None:
        """Take back the one in force, so that the one before it is; it, or None where there was none."""
        with writing(self.engine) as connection:
            newest = sa.select(sa.func.max(COLUMNS.number)).where(COLUMNS.reverted_at.is_(None))
            number = connection.execute(newest).scalar()
            if number is None:
                return None
            values = {"reverted_at": self.clock.read().at}
            connection.execute(sa.update(site_calibrations).where(COLUMNS.number == number).values(**values))
        return next(each for each in self.list() if each.number == number)

    def list(self) -> list[StoredCalibration]:
        """All, the newest first."""
        with reading(self.engine) as connection:
            rows = connection.execute(sa.select(site_calibrations).order_by(COLUMNS.number.desc())).mappings()
            return [_stored(row) for row in rows]


def _stored(row: Any) -> StoredCalibration:
    values = {name: row[name] for name in ("number", "pair", "calibration", "applied_at", "reverted_at", "report")}
    return StoredCalibration(site=SiteCalibration(row["slope"], row["offset_"]), **values)
