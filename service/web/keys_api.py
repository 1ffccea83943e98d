"""/v1/keys: made, listed, rotated and revoked by admins."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response
from pydantic import Field

from service.errors import BadRequest, FieldProblem
from service.store.keys import Limits, Scope
from service.web.context import application
from service.web.key_requests import KeyBody, Replaces, RotationBody
from service.web.operations import Operation, body_digest, idempotency_key, operation, reply
from service.web.replies import Shape
from service.webhook_keys import public_key
from service.work_presenters import present_key

blueprint = Blueprint("keys", __name__)
PAST = "is over already"


class KeyShape(Shape):
    """A key without its secret. A limit of null means that of the settings; 0 means no limit."""

    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="Noted at most once a minute.")
    origin: str | None = Field(description="The browser extension that it was given to by pairing.")
    requests_per_minute: int | None
    checks_per_day: int | None


class KeysShape(Shape):
    """All keys, oldest first, revoked and expired ones too."""

    keys: list[KeyShape]


class NewKeyShape(KeyShape):
    """A new key, shown once. `key` is null if an earlier request with the same Idempotency-Key made it."""

    key: str | None
    webhook_secret: str | None = Field(
        description="What signs its webhooks. Null if an earlier request made the key and it no longer works."
    )
    webhook_public_key: str | None = Field(description="What verifies its webhooks without that secret (v1a).")


class RotatedShape(Shape):
    """The new secret, shown once; the other one is null."""

    id: str
    key: str | None = Field(
        description="Null also if an earlier request with the same Idempotency-Key replaced it: then use another one."
    )
    webhook_secret: str | None
    webhook_public_key: str | None = Field(description="What verifies webhooks without that secret (v1a).")


@blueprint.get("/v1/keys")
@operation(Operation("List the keys, without their secrets.", (Scope.ADMIN,), {200: KeysShape}))
def list_keys() -> Response:
    """All keys."""
    return reply({"keys": [present_key(key) for key in application().keys.list()]})


@blueprint.post("/v1/keys")
@operation(Operation("Make a key. It is shown once.", (Scope.ADMIN,), {201: NewKeyShape}, takes=KeyBody, creates=True))
def create_key(body: KeyBody) -> Response:
    """The key with its secrets."""
    keys = application().keys
    if body.expires_at is not None and body.expires_at <= application().clock.read().at:
        raise BadRequest(f"expires_at {PAST}.", (FieldProblem("/expires_at", PAST),))
    limits = Limits(body.requests_per_minute, body.checks_per_day)
    made = keys.create(body.name, body.scopes, body.expires_at, None, limits, idempotency_key(body_digest(body)))
    shown = {**present_key(keys.get(made.id)), "key": made.secret or None}
    return reply(
        {**shown, **present_signing(next(iter(keys.webhook_secrets(made.id)), None))},
        201,
        location=f"/v1/keys/{made.id}",
    )


@blueprint.get("/v1/keys/<id>")
@operation(Operation("Show a key, without its secrets.", (Scope.ADMIN,), {200: KeyShape}))
def get_key(id: str) -> Response:
    """The key."""
    return reply(present_key(application().keys.get(id)))


@blueprint.delete("/v1/keys/<id>")
@operation(Operation("Revoke a key: it is refused from now on, but stays in the list.", (Scope.ADMIN,), {204: None}))
def revoke_key(id: str) -> Response:
    """Nothing, once it is refused."""
    application().keys.revoke(id)
    return Response(status=204)


@blueprint.post("/v1/keys/<id>/rotate")
@operation(
    Operation(
        "Replace a key's secret, or the one that signs its webhooks. The old one stays valid for `overlap_seconds`.",
        (Scope.ADMIN,),
        {200: RotatedShape},
        takes=RotationBody,
        creates=True,
        has_place=False,
    )
)
def rotate_key(id: str, body: RotationBody) -> Response:
    """The new secret."""
    keys, once = application().keys, idempotency_key(body_digest(body))
    if body.replaces is Replaces.KEY:
        key, webhook = keys.rotate(id, body.overlap_seconds, once).secret or None, None
    else:
        key, webhook = None, keys.rotate_webhook_secret(id, body.overlap_seconds, once)
    return reply({"id": id, "key": key, **present_signing(webhook)})


def present_signing(secret: str | None) -> dict[str, str | None]:
    """What signs a key's webhooks, and what verifies them without it."""
    return {"webhook_secret": secret, "webhook_public_key": public_key(secret) if secret else None}
