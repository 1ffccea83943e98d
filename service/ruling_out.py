"""A decision about feedback, and what follows from it: an accepted wrong match goes on the negative list."""

from __future__ import annotations

from service.bootstrap import Application
from service.errors import NotFound
from service.models import Check
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
    return decided


def wrong_pairs(application: Application, remark: Feedback) -> list[tuple[str, str]]:
    """The sentence that a remark is about, with each statement that it matched."""
    try:
        check = application.checks.get(remark.check_id, None)
    except NotFound:  # it was deleted meanwhile
        return []
    place = remark.claim if remark.claim is not None else _deciding(check)
    if place is None or place >= len(check.result.claims):
        return []
    claim = check.result.claims[place]
    return [(claim.claim.sentence.text, item.match.statement.id) for item in claim.evidence]


def _deciding(check: Check) -> int | None:
    return check.result.verdict.claim if check.result.verdict else None
