"""Replay: a past check under other rules and thresholds, from its findings."""

from __future__ import annotations

from dataclasses import replace

from index.models import NormalizedRating, Publisher, Stance
from service.actions import Action, PolicyDecision
from service.findings import Finding, SentenceFindings
from service.models import Article, CheckResult, Mode, Verdict, VerdictCode
from service.pipeline.replaying import Changes, replay
from service.policies import Policy, Rule
from service.thresholds import DEFAULTS
from service.versions import Versions

FINDING = Finding(7, "a", NormalizedRating.FALSE, "x", 0.9, 0.8, Stance.SUPPORTS, 0.9, Mode.ASSERTED)
FINDINGS = [SentenceFindings(0, 9, 0.9, True, Mode.ASSERTED, 12, False, True, (FINDING,), 0)]
VERSIONS = Versions("c", 1, "e", "p", DEFAULTS.digest, values=DEFAULTS.values)
RESULT = CheckResult(Article("x", language="en"), verdict=Verdict(VerdictCode.REFUTED, 0.72, 0), versions=VERSIONS)
FLAG = Policy("desk", 2, (Rule(Action.FLAG, publishers=("a.example",)),), Action.ALLOW)
NAMES = {7: Publisher("A", "a.example")}


def test_unchanged_it_says_the_same() -> None:
    replayed = replay(RESULT, FINDINGS, Changes(), None, NAMES)
    assert (replayed.verdict.code, replayed.decision) == (VerdictCode.REFUTED, None)


def test_another_policy_decides_from_what_was_found() -> None:
    replayed = replay(RESULT, FINDINGS, Changes(FLAG), None, NAMES)
    assert replayed.decision == PolicyDecision("desk.2", Action.FLAG, 0, None, 0, "a")
    assert replay(RESULT, FINDINGS, Changes(FLAG), None, {}).decision == PolicyDecision("desk.2", Action.ALLOW)


def test_another_threshold_takes_a_match_away_and_with_it_the_action_of_its_own_policy() -> None:
    replayed = replay(RESULT, FINDINGS, Changes(min_confidence=0.81), FLAG, NAMES)
    assert replayed.verdict.code is VerdictCode.NOT_ENOUGH_EVIDENCE
    assert replayed.decision == PolicyDecision("desk.2", Action.ALLOW)
    assert replay(RESULT, FINDINGS, Changes(min_confidence=0.8), FLAG, NAMES).decision.action is Action.FLAG


def test_what_cannot_be_told_is_not_guessed() -> None:
    foreign = replace(RESULT, versions=replace(VERSIONS, values={"match": {"min_confidence": 0.5}}))
    for result in (foreign, replace(RESULT, versions=None), replace(RESULT, verdict=None)):
        assert replay(result, FINDINGS, Changes(FLAG), None, NAMES) is None
