"""The JSON shapes of policies and of what a replay says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.actions import PolicyDecision
from service.models import Check, Verdict
from service.presenters import Json, present_moment

if TYPE_CHECKING:
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


def present_flip(check: Check, verdict: Verdict, decided: PolicyDecision | None) -> Json:
    """A check with what it says, and the verdict and decision that it would have."""
    return {
        "check": check.id,
        "reference": check.request.reference,
        "url": check.request.url,
        "before": _outcome(check.result.verdict, check.decision),
        "after": _outcome(verdict, decided),
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
