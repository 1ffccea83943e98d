"""Statements whose period begins or ends: from that day on they match, or no longer do, though nobody wrote a word."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from index.store.changes import changing
from index.store.tables import statements

COLUMNS = statements.c


def turn_periods(engine: sa.Engine, after: date | None, until: date) -> int:
    """Let statements count as changed whose period began or ended since one day (None: ever) up to another; how many.

    They get a new sequence number, so that whatever follows the statements looks at them again. Their texts, their
    versions and when these were written stay as they are. Doing it again does no harm. Raises StoreUnavailable.
    """
    begun, ended = COLUMNS.valid_from <= until.isoformat(), COLUMNS.valid_until < until.isoformat()  # text: ISO 8601
    if after is not None:
        begun &= COLUMNS.valid_from > after.isoformat()
        ended &= COLUMNS.valid_until >= after.isoformat()  # it still held on that day
    with changing(engine) as changes:
        numbered = {"sequence": changes.sequence, "text_sequence": changes.sequence}
        turned = sa.update(statements).where(begun | ended, COLUMNS.deleted_at.is_(None)).values(**numbered)
        found = changes.connection.execute(turned).rowcount
        changes.made |= found > 0
    return found
