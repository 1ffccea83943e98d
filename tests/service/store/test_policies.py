"""Policies in the store: versions stay, and each check keeps what the version that it goes by decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.actions import Action
from service.errors import KeyReused, NotFound
from service.models import CheckRequest, CheckResult, Problem, Stage, VerdictCode
from service.policies import Policy, Rule
from service.store.idempotency import IdempotencyKey
from service.store.jobs import JobKind
from service.store.policies import is_version
from service.store.reuse import Freshness

FLAG = Policy("desk", 0, (Rule(Action.FLAG, "sure", min_confidence=0.5),), Action.ALLOW)
OPEN = Policy("desk", 0, (Rule(Action.REVIEW, verdicts=(VerdictCode.NOT_ENOUGH_EVIDENCE,)),), Action.ALLOW)
LEMONS = "Hot lemon water cures diabetes within seven days."


def ask(house, text: str, policy: str | None, owner: str = "ann"):
    reuse = Freshness(house.application.checker.versions(), 3600)
    return house.application.checks.submit(CheckRequest(text=text, policy=policy), owner, reuse)


def test_versions_are_counted_by_name_and_stay(house) -> None:
    store = house.application.policies
    first, second, other = store.add(FLAG, "ann"), store.add(OPEN, "bob"), store.add(replace(FLAG, name="night"), "ann")
    assert [each.policy.id for each in (first, second, other)] == ["desk.1", "desk.2", "night.1"]
    assert store.get("desk.1") == first
    assert first.policy == replace(FLAG, version=1)
    assert (store.get("desk"), second.owner) == (second, "bob")
    assert [each.policy.id for each in store.list()] == ["desk.2", "desk.1", "night.1"]


@pytest.mark.parametrize("id", ["none", "desk.2", "desk.0", "desk.x", "desk.²", "desk.1.1", "", "desk.99999999999999"])
def test_what_is_not_there_is_not_found(house, id: str) -> None:
    house.application.policies.add(FLAG, "ann")
    with pytest.raises(NotFound, match="GET /v1/policies"):
        house.application.policies.get(id)
    assert not is_version("²")


def test_one_key_makes_one_version(house) -> None:
    store, key = house.application.policies, IdempotencyKey.of("ann", "policies", "k", b"same")
    assert store.add(FLAG, "ann", key) == store.add(FLAG, "ann", key)
    with pytest.raises(KeyReused):
        store.add(OPEN, "ann", IdempotencyKey.of("ann", "policies", "k", b"other"))
    assert len(store.list()) == 1


def test_a_check_keeps_what_its_version_decided(house) -> None:
    house.application.policies.add(FLAG, "ann")
    made = ask(house, LEMONS, "desk.1")
    assert (made.request.policy, made.decision) == ("desk.1", None)
    house.work()
    house.application.policies.add(OPEN, "ann")
    done = house.application.checks.get(made.id, "ann")
    decided = done.decision
    assert (decided.policy, decided.action, decided.rule, decided.rule_name, decided.claim) == (
        "desk.1", Action.FLAG, 0, "sure", 0,
    )  # fmt: skip
    assert decided.statement == done.result.claims[0].evidence[0].match.statement.id


def test_an_earlier_check_is_judged_anew_for_another_policy_and_not_run_again(house) -> None:
    house.application.policies.add(FLAG, "ann")
    house.application.policies.add(OPEN, "ann")
    made = ask(house, LEMONS, None)
    house.work()
    flagged, allowed = ask(house, LEMONS, "desk.1"), ask(house, LEMONS, "desk.2")
    assert house.work() == 0
    assert [each.decision.action for each in (flagged, allowed)] == [Action.FLAG, Action.ALLOW]
    assert len({made.id, flagged.id, allowed.id}) == 3
    assert ask(house, LEMONS, None).decision is None
    assert ask(house, LEMONS, "desk.1").decision == flagged.decision


def test_a_check_that_fails_is_decided_too(house) -> None:
    house.application.policies.add(FLAG, "ann")
    made = ask(house, LEMONS, "desk.1")
    job = house.application.jobs.claim("w", [JobKind.CHECK])
    house.application.checks.begin(job)
    problem = CheckResult(problem=Problem("work-too-long", "x", Stage.STANCE))
    house.application.checks.finish(job, problem, made.created_at)
    assert house.application.checks.get(made.id, "ann").decision.failed
