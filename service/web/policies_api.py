"""/v1/policies and /v1/replay: rules that say what to do, and what would change under others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response

from index.models import Publisher
from service.errors import NotFound
from service.findings import SentenceFindings
from service.models import Check, CheckState
from service.pipeline.replaying import Changes, Replayed, replay
from service.policies import Policy
from service.policy_presenters import present_flip, present_policy
from service.store.check_lists import Wanted
from service.store.keys import Scope
from service.web.checks_api import SEE, refuse_listing_everybody
from service.web.context import application, caller
from service.web.crowd import computing
from service.web.naming import find_policy
from service.web.operations import Operation, body_digest, idempotency_key, operation, reply
from service.web.policy_shapes import PoliciesShape, PolicyBody, PolicyShape, ReplayBody, ReplayShape

blueprint = Blueprint("policies", __name__)


@blueprint.get("/v1/policies")
@operation(Operation("List the policies with all their versions.", SEE, {200: PoliciesShape}))
def list_policies() -> Response:
    """All versions."""
    return reply({"policies": [present_policy(stored) for stored in application().policies.list()]})


@blueprint.post("/v1/policies")
@operation(
    Operation(
        "Make a policy, or the next version of one. Checks with `policy` then say which action follows, and why.",
        (Scope.WRITE,),
        {201: PolicyShape},
        takes=PolicyBody,
        creates=True,
    )
)
def create_policy(body: PolicyBody) -> Response:
    """The version."""
    key = idempotency_key(body_digest(body))
    stored = application().policies.add(body.to_policy(), caller().owner, key)
    return reply(present_policy(stored), 201, location=f"/v1/policies/{stored.policy.id}")


@blueprint.get("/v1/policies/<id>")
@operation(Operation("Show a version of a policy (`desk.3`), or the newest one (`desk`).", SEE, {200: PolicyShape}))
def get_policy(id: str) -> Response:
    """The version."""
    return reply(present_policy(application().policies.get(id)))


@blueprint.post("/v1/replay")
@operation(
    Operation(
        "Say which of your past checks would have a different result under another policy or threshold. Nothing is "
        "changed.",
        SEE,
        {200: ReplayShape},
        takes=ReplayBody,
    )
)
def replay_checks(body: ReplayBody) -> Response:
    """The flips on a page of checks."""
    refuse_listing_everybody(body.reference)
    policy = find_policy(body.policy)
    changes = Changes(policy, body.min_confidence)
    wanted = Wanted(body.reference, body.verdict, body.from_, body.to)
    with computing():
        page = application().checks.select(caller().owner, wanted, body.cursor, body.limit)
        named = {check.request.policy for check in page.checks if check.request.policy}
        own = {id: application().policies.get(id).policy for id in named}
        tried = [(check, replay_one(check, changes, own.get(check.request.policy or ""))) for check in page.checks]
        again = [(check, replayed) for check, replayed in tried if replayed is not None]
    flipped = [(check, replayed) for check, replayed in again if is_flip(check, replayed)]
    flips = [present_flip(check, replayed.verdict, replayed.decision) for check, replayed in flipped]
    counts = {"replayed": len(again), "skipped": len(page.checks) - len(again)}
    return reply({**counts, "flips": flips, "next_cursor": page.next_cursor})


def replay_one(check: Check, changes: Changes, own: Policy | None) -> Replayed | None:
    """What a check would say, whose policy is its `own`; None where that cannot be told."""
    if check.state is not CheckState.FINISHED:
        return None
    try:
        findings = application().checks.findings(check.id, check.owner)
    except NotFound:  # it was deleted meanwhile
        return None
    return replay(check.result, findings, changes, own, publishers_of(check, findings))


def publishers_of(check: Check, findings: Iterable[SentenceFindings]) -> dict[int, Publisher]:
    """Who published the statements of some findings: as the check shows it, else as the store has it now."""
    items: Iterable[Any] = (item for claim in check.result.claims for item in (*claim.evidence, *claim.candidates))
    shown = {item.match.statement.key: item.match.statement.publisher for item in items}
    keys = {finding.statement_key for sentence in findings for finding in sentence.findings}
    rest = application().statements.by_keys(sorted(keys - set(shown)))
    return {**{key: statement.publisher for key, statement in rest.items()}, **shown}


def is_flip(check: Check, replayed: Replayed) -> bool:
    """Whether a check would say something else, or have another action."""
    verdict, before, after = check.result.verdict, check.decision, replayed.decision
    actions = (before.action if before else None, after.action if after else None)
    return verdict is None or verdict.code is not replayed.verdict.code or actions[0] is not actions[1]
