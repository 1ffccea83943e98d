"""What a policy makes of a check: the action, and the rule by which it was taken. It is stored with the check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What the caller should do with the check."""

    ALLOW = "allow"
    REVIEW = "review"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class PolicyDecision:
    """What a version of a policy decided. `rule` and `claim` are places from 0; None where no rule fired.

    `statement` is the id of the one that the rule looked at, None where it asks for none.
    """

    policy: str  # the id of the version: desk.3
    action: Action
    rule: int | None = None
    rule_name: str | None = None
    claim: int | None = None
    statement: str | None = None
    failed: bool = False  # there was nothing to look at: the check failed
