"""An owner's checks in pages, newest first, narrowed by what the owner knows of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from service.actions import Action
from service.models import Check, CheckState, VerdictCode
from service.store.check_rows import check_of
from service.store.corrections import with_earlier
from service.store.cursors import after, cursor_of
from service.store.reuse import SHOWN
from service.store.tables import checks

SHOWN_OR_FAILED = SHOWN | (checks.c.state == CheckState.FAILED.value)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which checks: all that was said must hold. They were asked for from `since` on, before `until`."""

    reference: str | None = None
    verdict: VerdictCode | None = None
    since: datetime | None = None
    until: datetime | None = None
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Some checks, newest first; `next_cursor` asks for more."""

    checks: tuple[Check, ...]
    next_cursor: str | None


def select_checks(
    connection: sa.Connection, owner: str | None, wanted: Wanted, cursor: str | None, limit: int, now: datetime
) -> CheckPage:
    """A page of one owner's checks; of everybody's where it is None.

    New ones come before those of a page that was read, and move none of them.
    A verdict is only known of what is shown: a copy that keeps its result back has none yet.
    """
    query = sa.select(checks)
    if owner is not None:
        query = query.where(checks.c.owner == owner)
    if wanted.reference is not None:
        query = query.where(checks.c.reference == wanted.reference)
    if wanted.verdict is not None:
        query = query.where(checks.c.verdict == wanted.verdict.value, SHOWN)
    if wanted.action is not None:
        query = query.where(checks.c.action == wanted.action.value, SHOWN_OR_FAILED)
    if wanted.since is not None:
        query = query.where(checks.c.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(checks.c.created_at < wanted.until)
    if cursor is not None:
        query = query.where(after(cursor, checks.c.created_at, checks.c.id))
    newest = query.order_by(checks.c.created_at.desc(), checks.c.id.desc()).limit(limit + 1)
    rows = connection.execute(newest, {"now": now} if wanted.verdict or wanted.action else {}).mappings().all()
    last = rows[limit - 1] if len(rows) > limit else None
    next_cursor = cursor_of(last["created_at"], last["id"]) if last else None
    return CheckPage(with_earlier(connection, (check_of(row, now) for row in rows[:limit])), next_cursor)
