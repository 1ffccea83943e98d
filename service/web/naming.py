"""What callers name by its id in a body: looked up, or said to be missing at its place."""

from __future__ import annotations

from service.errors import BadRequest, FieldProblem, NotFound
from service.policies import Policy
from service.web.context import application


def find_policy(id: str | None) -> Policy | None:
    """The version of a policy that a body names. Raises BadRequest where there is none."""
    try:
        return application().policies.get(id).policy if id is not None else None
    except NotFound as fault:
        raise BadRequest(str(fault), (FieldProblem("/policy", str(fault)),)) from None


def policy_id(id: str | None) -> str | None:
    """The id of the version that a body means: of the newest one where it gives a name alone. Raises BadRequest."""
    found = find_policy(id)
    return found.id if found else None
