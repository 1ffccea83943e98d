"""What the service logs, and what it never does: no address, query or text of what people read, at any level.

Our own records name routes, stages, counts and times. An exception's message may quote what somebody reads, so only
its type and place are written. Other libraries' messages are not ours to judge: only their logger and level are.
"""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

OWN = ("service", "index")


def configure_logs(level: str, stream: TextIO | None = None) -> None:
    """Log to standard error from `level` on (DEBUG, INFO, WARNING, ERROR). Raises ValueError for another word."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(PrivateFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # libraries at DEBUG write out SQL, addresses and pages
    for name in OWN:
        logging.getLogger(name).setLevel(level.upper())


def describe(error: BaseException) -> str:
    """An exception without its message: the type of each link of its chain, and where the last was raised."""
    kinds: list[str] = []
    link: BaseException | None = error
    while link is not None and len(kinds) < 5:
        kinds.append(type(link).__name__)
        link = link.__cause__ or link.__context__
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    return " from ".join(kinds) + place


class PrivateFormatter(logging.Formatter):
    """One line a record: time, level, logger and message; exceptions as `describe` puts them."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        own = record.name.split(".")[0] in OWN
        message = record.getMessage() if own else f"a message from {record.module}:{record.lineno}"
        error = record.exc_info[1] if record.exc_info else None
        cause = f" ({describe(error)})" if error else ""
        return f"{moment} {record.levelname} {record.name}: {message}{cause}"
