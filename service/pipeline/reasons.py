"""Why a check would have a different result: which statements count that did not, which no longer, and for what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from service.findings import Finding, SentenceFindings
from service.flips import Reason, ReasonCode
from service.pipeline.revising import FoundNow
from service.pipeline.verdict import Decision

MOST_REASONS = 5  # of one check. A choice: people read no more.
SAME_CONFIDENCE = 0.005  # texts encoded together with others differ in the fourth place


def reasons_of(
    before: Decision,
    after: Decision,
    recorded: Sequence[SentenceFindings],
    now: FoundNow | None,
    known: Collection[int],
) -> tuple[Reason, ...]:
    """Why the evidence is another, each reason once; `known` are the keys of the statements that still exist.

    A result whose evidence is the same can only be another by the policy.
    """
    found = dict.fromkeys(_differences(before, after, recorded, now, known))
    return tuple(found)[:MOST_REASONS] or (Reason(ReasonCode.POLICY),)


def _differences(
    before: Decision,
    after: Decision,
    recorded: Sequence[SentenceFindings],
    now: FoundNow | None,
    known: Collection[int],
) -> Iterator[Reason]:
    then, today = _evidence(before), _evidence(after)
    found = _all(now.findings if now else recorded)
    was_found = _all(recorded)
    for place, key in sorted(then.keys() | today.keys()):
        old, new = then.get((place, key)), today.get((place, key))
        if new is not None and old is None:
            yield Reason(_came(new, was_found.get((place, key), ())), new.statement_id)
        elif old is not None and new is None:
            yield Reason(_went(old, (place, key), found, now, known), old.statement_id)
        elif old is not None and new is not None and old.rating is not new.rating:
            yield Reason(ReasonCode.RATING_CHANGED, new.statement_id)
        elif old is not None and new is not None and (old.stance, old.mode) != (new.stance, new.mode):
            yield Reason(ReasonCode.MATCH_CHANGED, new.statement_id)


def _came(new: Finding, recorded: Sequence[Finding]) -> ReasonCode:
    """Why a statement counts that did not."""
    if not recorded:
        return ReasonCode.NEWLY_FOUND
    return ReasonCode.THRESHOLD if _as_sure(new, recorded) else ReasonCode.MATCH_CHANGED


def _went(
    old: Finding,
    at: tuple[int, int],
    found: dict[tuple[int, int], list[Finding]],
    now: FoundNow | None,
    known: Collection[int],
) -> ReasonCode:
    """Why a statement counts no longer."""
    if now is not None and at in now.ruled_out:
        return ReasonCode.RULED_OUT
    if now is not None and old.statement_key not in known:
        return ReasonCode.STATEMENT_GONE
    return ReasonCode.THRESHOLD if _as_sure(old, found.get(at, ())) else ReasonCode.MATCH_CHANGED


def _as_sure(finding: Finding, others: Iterable[Finding]) -> bool:
    return any(abs(each.confidence - finding.confidence) < SAME_CONFIDENCE for each in others)


def _evidence(decision: Decision) -> dict[tuple[int, int], Finding]:
    return {(each.place, found.statement_key): found for each in decision.claims for found in each.evidence}


def _all(findings: Sequence[SentenceFindings]) -> dict[tuple[int, int], list[Finding]]:
    found: dict[tuple[int, int], list[Finding]] = {}
    for place, sentence in enumerate(findings):
        for each in sentence.findings:
            found.setdefault((place, each.statement_key), []).append(each)
    return found
