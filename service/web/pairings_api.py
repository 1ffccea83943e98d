"""/v1/pairings: a browser extension asks for a key of its own, and fetches it once a person allowed it at /connect."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from flask import Blueprint, Response, current_app, request
from pydantic import Field

from service.errors import OriginRefused, TooManyRequests
from service.presenters import present_moment
from service.store.keys import Scope
from service.web.auth import extension_origin, why_refused
from service.web.context import application
from service.web.operations import Operation, body_digest, idempotency_key, operation, reply
from service.web.pairings import INTERVAL_SECONDS, Pairings
from service.web.replies import Shape
from service.web.requests import PairingBody

blueprint = Blueprint("pairings", __name__)
PAIRINGS = "gegencheck-pairings"
GIVEN = (Scope.CHECK,)
ORIGIN = {"Origin": "The extension's origin, as its browser sends it: chrome-extension://… or moz-extension://…."}


class PairingShape(Shape):
    """A pairing that waits for a person. `id` is the extension's secret; `code` is for the person to compare."""

    id: str
    code: str
    expires_at: datetime
    interval: int = Field(description="Seconds to wait between two requests for the key.")


class PairedShape(Shape):
    """The key. It is shown only once."""

    key: str
    scopes: list[Scope]


class PendingShape(Shape):
    """Nobody has decided yet."""

    state: Literal["pending"]


class AccessShape(Shape):
    """Whether this service accepts checks from the caller; if not, the code of the refusal."""

    allowed: bool
    why: Literal["key-required", "scope-missing", "origin-refused"] | None


@blueprint.get("/v1/pairings")
@operation(
    Operation(
        "Say whether this service accepts checks from this browser extension, and if not, why.", (), {200: AccessShape}
    )
)
def show_access() -> Response:
    """What a check would be refused with. Browsers show no extension a refusal, so it may ask here."""
    why = why_refused(Scope.CHECK)
    return reply({"allowed": why is None, "why": why})


@blueprint.post("/v1/pairings")
@operation(
    Operation(
        "As a browser extension, ask for a key. A person compares the code at /connect and allows it.",
        (),
        {201: PairingShape},
        takes=PairingBody,
        headers=ORIGIN,
        faults=(TooManyRequests,),
        creates=True,
    )
)
def begin_pairing(body: PairingBody) -> Response:
    """The code to show, and the id to ask with."""
    origin = _asking()
    id, made = pairings().begin(_shown_name(body.name), origin, idempotency_key(body_digest(body), owner=origin))
    expires_at = application().clock.read().at + timedelta(seconds=pairings().seconds_left(made))
    shown = {
        "id": id,
        "code": made.code,
        "expires_at": present_moment(expires_at),
        "interval": INTERVAL_SECONDS,
    }
    return reply(shown, 201, location=f"/v1/pairings/{id}/token")


@blueprint.post("/v1/pairings/<id>/token")
@operation(
    Operation(
        "Get the key, once, after a person has allowed it; 202 until then.",
        (),
        {200: PairedShape, 202: PendingShape},
        headers=ORIGIN,
        faults=(TooManyRequests,),
    )
)
def fetch_key(id: str) -> Response:
    """A key of scope check that stands for this extension."""
    allowed = pairings().take(id, _asking())
    if allowed is None:
        return reply({"state": "pending"}, 202)
    made = application().keys.create(allowed.name, GIVEN, origin=allowed.origin)
    return reply({"key": made.secret, "scopes": list(GIVEN)})


def pairings() -> Pairings:
    """Those of the application that the current request is for."""
    found: Pairings = current_app.extensions[PAIRINGS]
    return found


def _shown_name(given: str) -> str:
    """A name without what could make it look like another: line breaks, control characters, changed direction."""
    return "".join(letter for letter in " ".join(given.split()) if letter.isprintable()) or "?"


def _asking() -> str:
    origin = extension_origin(request)
    if origin is None:
        raise OriginRefused(
            "Only a browser extension asks for a key this way; anybody else uses gegencheck keys create."
        )
    return origin
