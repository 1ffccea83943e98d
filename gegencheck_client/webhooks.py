"""Webhooks, verified and read: what the service posts to a `callback_url` (Standard Webhooks)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError
from standardwebhooks import Webhook as Signature
from standardwebhooks import WebhookVerificationError

from gegencheck_client.errors import WebhookRefused
from gegencheck_client.models import Batch, Check, Event, Import

DATA: dict[Event, type[Check | Batch | Import]] = {
    Event.CHECK_FINISHED: Check,
    Event.CHECK_FAILED: Check,
    Event.CHECK_REVISED: Check,
    Event.BATCH_FINISHED: Batch,
    Event.IMPORT_FINISHED: Import,
}


class _Told(BaseModel):
    type: Event
    timestamp: datetime
    data: dict[str, Any]


@dataclass(frozen=True)
class Webhook:
    """What the service tells. It may tell it more than once, and then under the same `id`.

    `data` is a dict where this client does not know the `type` yet.
    """

    id: str
    type: Event
    timestamp: datetime
    data: Check | Batch | Import | dict[str, Any]


def read_webhook(secret: str, body: bytes, headers: Mapping[str, str]) -> Webhook:
    """A webhook, from the raw body and the headers of the request; `secret` is the key's. Raises WebhookRefused."""
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        Signature(secret).verify(body, lower, json_parse=False)
    except (WebhookVerificationError, ValueError) as fault:  # ValueError: a signature or text of no readable form
        raise WebhookRefused(f"This webhook is not to be believed: {fault}") from None
    try:
        told = _Told.model_validate_json(body)
        kind = DATA.get(told.type)
        data = told.data if kind is None else kind.model_validate(told.data)
    except ValidationError:
        raise WebhookRefused("This webhook is signed, but it is none that this client understands.") from None
    return Webhook(lower["webhook-id"], told.type, told.timestamp, data)
