"""Drafts: statements that somebody began to write, and changes that wait for somebody else to release them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Content = dict[str, Any]  # a statement as the API takes it; of one that was only begun not all of it


class DraftState(StrEnum):
    """How far a draft is. Only its owner sees one that is begun or refused."""

    BEGUN = "begun"
    WAITING = "waiting"  # for somebody else to release it
    REFUSED = "refused"  # and back with its owner


class DraftAct(StrEnum):
    """What releasing or publishing a draft does."""

    WRITE = "write"
    RETIRE = "retire"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Change:
    """What a draft would do, and to which statement: `version` is the tag of what its writer read of that.

    `statement_id` None: it would be a new one.
    """

    content: Content = field(default_factory=dict)
    act: DraftAct = DraftAct.WRITE
    statement_id: str | None = None
    version: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement that somebody began to write, or a change that waits; `cluster` is that of the claims it is about."""

    id: str
    owner: str
    claim: str
    language: str | None
    cluster: str | None
    created_at: datetime
    change: Change = field(default_factory=Change)
    state: DraftState = DraftState.BEGUN
    decided_by: str | None = None  # who refused it last, and why
    decided_because: str | None = None

    @property
    def tag(self) -> str:
        """Names just what it would do: nobody releases what they did not read."""
        change = self.change
        said = [change.content, change.act.value, change.statement_id, change.version, change.reason]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:24]
