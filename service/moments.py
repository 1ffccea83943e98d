"""Instants as the API writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def present_moment(moment: datetime | None) -> str | None:
    """An instant as RFC 3339 in UTC, to the millisecond."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
