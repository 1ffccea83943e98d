"""The JSON shapes of policies and of what a replay says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.actions import PolicyDecision
from service.models import Verdict
from service.presenters import Json, present_moment

if TYPE_CHECKING:
    from service.flips import Change, Flip, Replays
    from service.policies import Rule
    from service.store.policies import StoredPolicy


def present_policy(stored: StoredPolicy) -> Json:
    """A version of a policy."""
    policy = stored.policy
    return {
        "id": policy.id,
        "name": policy.name,
        "version": policy.version,
        "created_at": present_moment(stored.created_at),
        "rules": [_rule(rule) for rule in policy.rules],
        "otherwise": policy.otherwise.value,
        "failed": policy.failed.value,
    }


def present_replays(found: Replays) -> Json:
    """A page of checks that were replayed."""
    return {
        "replayed": found.replayed,
        "skipped": found.skipped,
        "changes": [present_change(change, count) for change, count in found.changes],
        "flips": [present_flip(flip) for flip in found.flips],
        "next_cursor": found.next_cursor,
    }


def present_change(change: Change, checks: int) -> Json:
    """How many checks would change in the same way."""
    verdict, action, verdict_after, action_after = change
    return {
        "before": {"verdict": verdict and verdict.value, "action": action and action.value},
        "after": {"verdict": verdict_after.value, "action": action_after and action_after.value},
        "checks": checks,
    }


def present_flip(flip: Flip) -> Json:
    """A check with what it says, what it would say, and why."""
    check = flip.check
    return {
        "check": check.id,
        "reference": check.request.reference,
        "url": check.request.url,
        "before": _outcome(check.result.verdict, check.decision),
        "after": _outcome(flip.verdict, flip.decision),
        "reasons": [{"code": each.code.value, "statement": each.statement} for each in flip.reasons],
    }


def _outcome(verdict: Verdict | None, decided: PolicyDecision | None) -> Json:
    return {
        "verdict": verdict.code.value if verdict else None,
        "action": decided.action.value if decided else None,
        "rule": decided.rule if decided else None,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "action": rule.action.value,
        "name": rule.name,
        "verdicts": list(rule.verdicts),
        "modes": list(rule.modes),
        "ratings": list(rule.ratings),
        "publishers": list(rule.publishers),
        "languages": list(rule.languages),
        "min_confidence": rule.min_confidence,
    }
