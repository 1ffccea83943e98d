"""What the service logs, and what it never does: no address, query or text of what people read, at any level.

Our own records name routes, stages, counts and times. An exception's message may quote what somebody reads, so only
its type and place are written. Other libraries' messages are not ours to judge: only their logger and level are.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

OWN = ("service", "index")
REQUEST: ContextVar[str] = ContextVar("request", default="")  # the id of the one that is being answered


def configure_logs(level: str, stream: TextIO | None = None, *, as_json: bool = False) -> None:
    """Log to standard error from `level` on (DEBUG, INFO, WARNING, ERROR). Raises ValueError for another word."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if as_json else PrivateFormatter())
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
    """One line a record: time, level, logger, message and request; exceptions as `describe` puts them."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        cause, request = cause_of(record), REQUEST.get()
        told = f"{message_of(record)}{f' ({cause})' if cause else ''}{f' [request {request}]' if request else ''}"
        return f"{moment_of(record)} {record.levelname} {record.name}: {told}"


class JsonFormatter(logging.Formatter):
    """The same as one JSON object a line, with what was counted in members of their own (`facts` of a record)."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        told = {
            "time": moment_of(record),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            "request": REQUEST.get() or None,
            "error": cause_of(record) or None,
            **(getattr(record, "facts", {}) if is_own(record) else {}),
        }
        return json.dumps({name: value for name, value in told.items() if value is not None}, ensure_ascii=False)


def is_own(record: logging.LogRecord) -> bool:
    """Whether its words are ours to answer for."""
    return record.name.split(".")[0] in OWN


def moment_of(record: logging.LogRecord) -> str:
    """When it was written, in UTC."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def message_of(record: logging.LogRecord) -> str:
    """What it says; of another library only where it was said."""
    return record.getMessage() if is_own(record) else f"a message from {record.module}:{record.lineno}"


def cause_of(record: logging.LogRecord) -> str:
    """The exception that it is about, without its message."""
    error = record.exc_info[1] if record.exc_info else None
    return describe(error) if error else ""
