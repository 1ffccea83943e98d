"""What people say about checks, and what was decided about it. It goes when its check goes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from index.store.database import reading, writing
from service.errors import NotFound
from service.store.idempotency import IdempotencyKey, find_subject, forget_subject, remember_subject
from service.store.tables import feedback

NOTHING = "There is no such feedback; it goes when its check is deleted."


class FeedbackKind(StrEnum):
    """What somebody thinks is wrong."""

    WRONG_MATCH = "wrong_match"
    WRONG_STANCE = "wrong_stance"
    MISSING_CLAIM = "missing_claim"
    OTHER = "other"


class FeedbackStatus(StrEnum):
    """What was decided about it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One remark on a check; `claim` is the place in the check's list of claims."""

    id: str
    check_id: str
    owner: str
    kind: FeedbackKind
    claim: int | None
    comment: str | None
    created_at: datetime
    status: FeedbackStatus = FeedbackStatus.OPEN
    note: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """Some feedback, newest first; `next_cursor` asks for more."""

    feedback: tuple[Feedback, ...]
    next_cursor: str | None


class FeedbackStore:
    """Feedback in the database. `owner` None stands for everybody."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def add(
        self,
        check_id: str,
        owner: str,
        kind: FeedbackKind,
        claim: int | None,
        comment: str | None,
        key: IdempotencyKey | None = None,
    ) -> Feedback:
        """Keep a remark on a check that the caller may see; the earlier one where `key` stands for it.

        Raises KeyReused.
        """
        made = Feedback(secrets.token_hex(12), check_id, owner, kind, claim, comment, datetime.now(UTC))
        with writing(self.engine) as connection:
            subject = find_subject(connection, key)
            if subject is not None:
                return _feedback(_row(connection, subject))
            connection.execute(sa.insert(feedback).values(**_columns(made)))
            remember_subject(connection, key, made.id, made.created_at)
        return made

    def get(self, id: str) -> Feedback:
        """The remark with this id. Raises NotFound."""
        with reading(self.engine) as connection:
            return _feedback(_row(connection, id))

    def select(
        self, owner: str | None, status: FeedbackStatus | None = None, cursor: str | None = None, limit: int = 50
    ) -> FeedbackPage:
        """A page of remarks, newest first."""
        query = sa.select(feedback).order_by(feedback.c.number.desc()).limit(limit + 1)
        if owner is not None:
            query = query.where(feedback.c.owner == owner)
        if status is not None:
            query = query.where(feedback.c.status == status.value)
        if cursor is not None:
            query = query.where(feedback.c.number < int(cursor))
        with reading(self.engine) as connection:
            rows = connection.execute(query).mappings().all()
        shown = rows[:limit]
        return FeedbackPage(tuple(map(_feedback, shown)), str(shown[-1]["number"]) if len(rows) > limit else None)

    def decide(self, id: str, status: FeedbackStatus, note: str | None, owner: str | None = None) -> Feedback:
        """Record a decision about a remark of this owner. Raises NotFound."""
        decided_at = None if status is FeedbackStatus.OPEN else datetime.now(UTC)
        with writing(self.engine) as connection:
            if owner not in (None, _row(connection, id)["owner"]):
                raise NotFound(NOTHING)
            values = {"status": status.value, "note": note, "decided_at": decided_at}
            connection.execute(sa.update(feedback).where(feedback.c.id == id).values(**values))
            return _feedback(_row(connection, id))


def forget_feedback(connection: sa.Connection, check_ids: Sequence[str]) -> None:
    """Delete what was said about checks that are being deleted."""
    said = sa.select(feedback.c.id).where(feedback.c.check_id.in_(check_ids))
    forget_subject(connection, list(connection.execute(said).scalars()))
    connection.execute(sa.delete(feedback).where(feedback.c.check_id.in_(check_ids)))


def _row(connection: sa.Connection, id: str) -> Any:
    row = connection.execute(sa.select(feedback).where(feedback.c.id == id)).mappings().one_or_none()
    if row is None:
        raise NotFound(NOTHING)
    return row


def _columns(made: Feedback) -> dict[str, Any]:
    return {name: getattr(made, name) for name in Feedback.__slots__}


def _feedback(row: Any) -> Feedback:
    values = {name: row[name] for name in Feedback.__slots__}
    return Feedback(**{**values, "kind": FeedbackKind(row["kind"]), "status": FeedbackStatus(row["status"])})
