"""Flips: checks that would have a different result under some changes, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from service.actions import Action, PolicyDecision
from service.models import Check, Verdict, VerdictCode

Change = tuple[VerdictCode | None, Action | None, VerdictCode, Action | None]


class ReasonCode(StrEnum):
    """Why a result would be another."""

    POLICY = "policy"  # the other policy alone
    THRESHOLD = "threshold"  # the same match, which is enough now, or no longer
    NEWLY_FOUND = "newly_found"  # a statement that was not found then
    RATING_CHANGED = "rating_changed"
    STATEMENT_GONE = "statement_gone"  # it was deleted since
    RULED_OUT = "ruled_out"  # it is on the negative list
    MATCH_CHANGED = "match_changed"  # the same statement, matched or understood otherwise


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `statement` is the id of the one that it is about, None for a policy."""

    code: ReasonCode
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class Flip:
    """A check that would have a different result, and why."""

    check: Check
    verdict: Verdict
    decision: PolicyDecision | None
    reasons: tuple[Reason, ...]

    @property
    def change(self) -> Change:
        """Verdict and action, as they are and as they would be."""
        verdict, decided = self.check.result.verdict, self.check.decision
        before = (verdict.code if verdict else None, decided.action if decided else None)
        return (*before, self.verdict.code, self.decision.action if self.decision else None)


@dataclass(frozen=True, slots=True)
class Replays:
    """A page of checks, replayed: how many were, how many could not be, and those that would be other ones."""

    replayed: int
    skipped: int
    flips: tuple[Flip, ...]
    next_cursor: str | None

    @property
    def changes(self) -> list[tuple[Change, int]]:
        """How often each change comes, the most frequent first."""
        return Counter(flip.change for flip in self.flips).most_common()
