"""Policies in the database: versions that never change, and what they decide about checks that end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from index.store.database import reading, writing
from service.clock import Clock
from service.errors import NotFound
from service.models import CheckResult
from service.policies import Policy, decide
from service.store.check_rows import DECISION
from service.store.idempotency import IdempotencyKey, find_subject, remember_subject
from service.store.tables import policies

CONTENT: TypeAdapter[Policy] = TypeAdapter(Policy)
NEWEST = policies.c.version.desc()


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A version of a policy, when it was made and by whose key."""

    policy: Policy
    owner: str
    created_at: datetime


class PolicyStore:
    """Policies in the database. They are everybody's: who may write makes them, who may check goes by them."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self.engine, self.clock = engine, clock

    def add(self, policy: Policy, owner: str, key: IdempotencyKey | None = None) -> StoredPolicy:
        """Store the next version of a policy; the earlier one where `key` stands for it. Raises KeyReused."""
        with writing(self.engine) as connection:
            subject = find_subject(connection, key)
            if subject is None:
                newest = sa.select(sa.func.max(policies.c.version)).where(policies.c.name == policy.name)
                made = replace(policy, version=(connection.execute(newest).scalar() or 0) + 1)
                now = self.clock.read().at
                content = CONTENT.dump_python(made, mode="json")
                values = {"name": made.name, "version": made.version, "owner": owner, "content": content}
                connection.execute(sa.insert(policies).values(created_at=now, **values))
                remember_subject(connection, key, subject := made.id, now)
            return _stored(_row(connection, subject))

    def get(self, id: str) -> StoredPolicy:
        """The version that `desk.3` names; the newest one where `desk` alone is named. Raises NotFound."""
        with reading(self.engine) as connection:
            return _stored(_row(connection, id))

    def list(self) -> list[StoredPolicy]:
        """All versions, by name, the newest first."""
        with reading(self.engine) as connection:
            rows = connection.execute(sa.select(policies).order_by(policies.c.name, NEWEST)).mappings()
            return [_stored(row) for row in rows]


def decision_columns(connection: sa.Connection, policy: str | None, result: CheckResult) -> dict[str, str | None]:
    """What the policy of a check that has just ended decides, as its row keeps it; nothing without one."""
    if policy is None:
        return {"decision": None, "action": None}
    decided = decide(_stored(_row(connection, policy)).policy, result)
    return {"decision": DECISION.dump_json(decided).decode(), "action": decided.action.value}


def _row(connection: sa.Connection, id: str) -> Any:
    name, _, version = id.partition(".")
    query = sa.select(policies).where(policies.c.name == name).order_by(NEWEST).limit(1)
    if version:
        query = query.where(policies.c.version == (int(version) if is_version(version) else 0))
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such policy: GET /v1/policies lists them.")
    return row


def is_version(text: str) -> bool:
    """Whether this is a number that a version may have."""
    return text.isascii() and text.isdecimal() and len(text) <= 7


def _stored(row: Any) -> StoredPolicy:
    return StoredPolicy(CONTENT.validate_python(row["content"]), row["owner"], row["created_at"])
