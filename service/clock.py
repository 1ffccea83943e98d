"""The clock: the time of day, which jumps when somebody sets it, and a count of seconds, which never does."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Connection

BOOT_FILE = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock says. Waits go by `steady`: seconds since some moment, the same for all processes of one `boot`.

    `at` is for people and for what outlives a restart. It may be wrong by hours, and right again a minute later.
    """

    at: datetime
    steady: float
    boot: str


class Clock(Protocol):
    """Tells the time."""

    def read(self) -> Reading:
        """What it says now."""

    def shared(self, connection: Connection) -> datetime:
        """The time of day for all who share a database: what one machine puts off is due for another by this."""


class SystemClock:
    """The machine's own; the database server's, where several machines share one."""

    def read(self) -> Reading:
        """What the machine's clocks say now."""
        return Reading(datetime.now(UTC), time.monotonic(), boot_name())

    def shared(self, connection: Connection) -> datetime:
        """What the database's server says; SQLite has none, and is never shared between machines."""
        if connection.dialect.name == "sqlite":
            return self.read().at
        told: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        return told.astimezone(UTC)


@cache
def boot_name() -> str:
    """A name for this run of the machine; where the system has none, for this process."""
    try:
        return BOOT_FILE.read_text(encoding="ascii").strip()[:36]
    except OSError:
        return secrets.token_hex(16)
