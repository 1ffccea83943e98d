"""/v1/policies and /v1/replay: rules that say what to do, and what would change under others."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from flask import Blueprint, Response

from index.errors import IndexFault
from service import replays
from service.flips import Replays
from service.pipeline.replaying import Changes
from service.policy_presenters import present_policy, present_replays
from service.store.check_lists import Wanted
from service.store.keys import Scope
from service.web.checks_api import SEE, refuse_listing_everybody
from service.web.context import application, caller
from service.web.crowd import MANY_TEXTS, computing
from service.web.naming import find_policy
from service.web.operations import Operation, body_digest, idempotency_key, operation, reply
from service.web.policy_shapes import (
    IndexChoice,
    PoliciesShape,
    PolicyBody,
    PolicyShape,
    ReplayBody,
    ReplayShape,
)

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
        "Say which of your past checks would have a different result under another policy, another threshold or the "
        "index of today, and why. Nothing is changed.",
        SEE,
        {200: ReplayShape},
        takes=ReplayBody,
        faults=(IndexFault,),
    )
)
def replay_checks(body: ReplayBody) -> Response:
    """The flips on a page of checks."""
    refuse_listing_everybody(body.reference)
    return reply(present_replays(replay_for_caller(body)))


def replay_for_caller(body: ReplayBody) -> Replays:
    """The caller's checks under the changes that a body asks for. What is searched again takes a turn a check."""
    changes = Changes(find_policy(body.policy), body.min_confidence, body.index is IndexChoice.NEWEST)
    wanted = Wanted(body.reference, body.verdict, body.from_, body.to)
    held = nullcontext() if changes.newest else computing()
    with held:
        return replays.replay_checks(
            application(), caller().owner, wanted, changes, body.cursor, body.limit, search_turn
        )


def search_turn() -> AbstractContextManager[None]:
    """A turn for one check that is searched again: as much as a long call."""
    return computing(MANY_TEXTS + 1)
