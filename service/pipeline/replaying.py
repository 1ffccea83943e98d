"""Replay: what a past check would say under another policy, another threshold or the index of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.models import Publisher
from service.actions import PolicyDecision
from service.findings import Finding, SentenceFindings
from service.models import CheckResult, Verdict
from service.pipeline.revising import FoundNow
from service.pipeline.verdict import Decision, rejudge
from service.policies import Ground, Policy, apply_policy, deciding, language_of
from service.thresholds import thresholds_of


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be another: the policy, the confidence that a match of one text needs, the index.

    None: as it was. `newest`: what the index of today finds, instead of what was found.
    """

    policy: Policy | None = None
    min_confidence: float | None = None
    newest: bool = False


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a check would say. `decision` is None where there is no policy.

    `before` and `after` are what was concluded from the findings then, and what would be.
    """

    verdict: Verdict
    decision: PolicyDecision | None
    before: Decision
    after: Decision


def replay(
    result: CheckResult,
    findings: Sequence[SentenceFindings],
    changes: Changes,
    policy: Policy | None,
    publishers: Mapping[int, Publisher],
    now: FoundNow | None = None,
) -> Replayed | None:
    """A finished check under some changes; `policy` is its own, `publishers` are those of statements by their keys.

    `now` is what the index of today finds, where that is asked for. None where this version of the program cannot tell,
    because the check was made by one with other numbers.
    """
    if result.verdict is None or result.versions is None:
        return None
    try:
        own = thresholds_of(result.versions.values)
    except ValueError:
        return None
    thresholds = own
    if changes.min_confidence is not None:
        thresholds = replace(own, match=replace(own.match, min_confidence=changes.min_confidence))
    decision, chosen = rejudge(now.findings if now else findings, thresholds), changes.policy or policy
    before = rejudge(findings, own)
    if chosen is None:
        return Replayed(decision.verdict, None, before, decision)
    grounds = list(grounds_again(decision, language_of(result), publishers))
    return Replayed(decision.verdict, apply_policy(chosen, grounds), before, decision)


def grounds_again(decision: Decision, language: str, publishers: Mapping[int, Publisher]) -> Iterable[Ground]:
    """What rules look at, of claims that were judged again. The ratings are those of the findings."""
    for place, judged in enumerate(decision.claims):
        claim = Ground(place, judged.mode, judged.verdict.code, language)
        yield from deciding(claim, [(each.stance, ground_again(claim, each, publishers)) for each in judged.evidence])


def ground_again(claim: Ground, found: Finding, publishers: Mapping[int, Publisher]) -> Ground:
    """A claim with a statement that was found for it, as the finding has it."""
    publisher = publishers.get(found.statement_key, Publisher())
    return replace(
        claim, confidence=found.confidence, rating=found.rating, publisher=publisher, statement=found.statement_id
    )
