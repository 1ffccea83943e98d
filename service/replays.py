"""Past checks replayed, a page of them at a time: what would flip and why. Nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from index.models import Publisher
from service.bootstrap import Application
from service.errors import NotFound
from service.findings import SentenceFindings
from service.flips import Flip, Replays
from service.models import Check, CheckState
from service.pipeline.reasons import reasons_of
from service.pipeline.replaying import Changes, replay
from service.pipeline.revising import search_again
from service.policies import Policy
from service.store.check_lists import Wanted

# Checks that one call searches again. A choice: each is as much work as a check without its page, up to a second.
MOST_SEARCHED = 10

Turn = Callable[[], AbstractContextManager[None]]


def replay_checks(
    application: Application,
    owner: str | None,
    wanted: Wanted,
    changes: Changes,
    cursor: str | None = None,
    limit: int = 100,
    turn: Turn = nullcontext,
) -> Replays:
    """An owner's checks (None: everybody's) under some changes, newest first. `turn` is taken for each search.

    Raises IndexUnavailable where the index of today is asked for and there is none.
    """
    if changes.newest:
        limit = min(limit, MOST_SEARCHED)
        application.index.current()
    page = application.checks.select(owner, wanted, cursor, limit)
    own: dict[str, Policy] = {}
    for check in page.checks:
        if check.request.policy and check.request.policy not in own:
            own[check.request.policy] = application.policies.get(check.request.policy).policy
    replayed, flips = 0, []
    for check in page.checks:
        with turn() if changes.newest else nullcontext():
            flip = replay_one(application, check, changes, own.get(check.request.policy or ""))
        if flip is not None:
            replayed += 1
            flips += [flip] if is_flip(flip) else []
    return Replays(replayed, len(page.checks) - replayed, tuple(flips), page.next_cursor)


def replay_one(application: Application, check: Check, changes: Changes, own: Policy | None) -> Flip | None:
    """What a check would say, whose policy is its `own`; None where that cannot be told."""
    if check.state is not CheckState.FINISHED:
        return None
    try:
        findings = application.checks.findings(check.id, check.owner)
    except NotFound:  # it was deleted meanwhile
        return None
    now = None
    if changes.newest:
        now = search_again(check.result, findings, application.index.current(), application.negatives.current())
        if now is None:
            return None
    publishers = publishers_of(application, check, now.findings if now else findings)
    replayed = replay(check.result, findings, changes, own, publishers, now)
    if replayed is None:
        return None
    keys = {each.statement_key for claim in replayed.before.claims for each in claim.evidence} if now else set()
    known = application.statements.by_keys(sorted(keys))
    reasons = reasons_of(replayed.before, replayed.after, findings, now, known.keys())
    return Flip(check, replayed.verdict, replayed.decision, reasons)


def publishers_of(application: Application, check: Check, findings: Iterable[SentenceFindings]) -> dict[int, Publisher]:
    """Who published the statements of some findings: as the check shows it, else as the store has it now."""
    items: Iterable[Any] = (item for claim in check.result.claims for item in (*claim.evidence, *claim.candidates))
    shown = {item.match.statement.key: item.match.statement.publisher for item in items}
    keys = {finding.statement_key for sentence in findings for finding in sentence.findings}
    rest = application.statements.by_keys(sorted(keys - set(shown)))
    return {**{key: statement.publisher for key, statement in rest.items()}, **shown}


def is_flip(flip: Flip) -> bool:
    """Whether a check would say something else, or have another action."""
    verdict, action, verdict_after, action_after = flip.change
    return verdict is not verdict_after or action is not action_after
