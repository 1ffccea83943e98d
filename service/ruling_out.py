"""A decision about feedback, and what follows from it: an accepted wrong match goes on the negative list."""

from __future__ import annotations

from datetime import datetime

from service.bootstrap import Application
from service.errors import NotFound
from service.models import Check, CheckedClaim, CheckResult
from service.store.corrections import CORRECTION
from service.store.feedback import Feedback, FeedbackKind, FeedbackStatus


def decide_feedback(
    application: Application,
    id: str,
    status: FeedbackStatus,
    note: str | None,
    owner: str = "",
    sees: str | None = None,
) -> Feedback:
    """Record a decision of `owner`, who sees the feedback of `sees` (None: everybody's).

    Another one than before takes back what followed. Raises NotFound.
    """
    decided = application.feedback.decide(id, status, note, sees)
    accepted = decided.kind is FeedbackKind.WRONG_MATCH and status is FeedbackStatus.ACCEPTED
    application.negatives.settle(id, wrong_pairs(application, decided) if accepted else [], owner)
    application.schedules.hurry(CORRECTION)
    return decided


def wrong_pairs(application: Application, remark: Feedback) -> list[tuple[str, str]]:
    """The sentence that a remark is about, with each statement that it matched."""
    try:
        check = application.checks.get(remark.check_id, None)
    except NotFound:  # it was deleted meanwhile
        return []
    return matched_pairs(check, remark)


def matched_pairs(check: Check, remark: Feedback) -> list[tuple[str, str]]:
    """The same of a check that is at hand."""
    claim = claim_meant(remark, check)
    return [(claim.claim.sentence.text, item.match.statement.id) for item in claim.evidence] if claim else []


def claim_meant(remark: Feedback, check: Check) -> CheckedClaim | None:
    """The claim of a check that a remark is about: the one that it names, else the one that decided."""
    seen = result_at(check, remark.created_at)
    verdict, claims = seen.verdict, seen.claims
    place = remark.claim if remark.claim is not None else verdict.claim if verdict else None
    return claims[place] if place is not None and place < len(claims) else None


def result_at(check: Check, at: datetime) -> CheckResult:
    """What a check said at a time: whoever remarked on it then saw that."""
    before = next((earlier for earlier in reversed(check.earlier) if at < earlier.replaced_at), None)
    return before.result if before else check.result
