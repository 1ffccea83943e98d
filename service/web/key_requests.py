"""What admins may send about keys."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from service.store.keys import Scope
from service.web.fields import Amount, FullLine, Moment, Whole
from service.web.requests import Body

WEEK = 7 * 24 * 3600


class KeyBody(Body):
    """A key to make. If a limit is left out, that of the settings applies."""

    name: Annotated[FullLine, Field(max_length=200)]
    scopes: list[Annotated[Scope, Field(strict=False)]] = Field(min_length=1, max_length=4)
    expires_at: Moment = Field(None, description="When it ends (RFC 3339); never, if left out.")
    requests_per_minute: Amount | None = Field(None, description="Calls within a minute; 0: no limit.")
    checks_per_day: Amount | None = Field(
        None, description="Checks within a day, items of batches included; 0: no limit."
    )


class Replaces(StrEnum):
    """The secrets of a key: the one that is shown when calling, and the one that signs its webhooks."""

    KEY = "key"
    WEBHOOK_SECRET = "webhook_secret"  # noqa: S105 - the name of one


class RotationBody(Body):
    """Which secret to replace, and for how long the former one stays good."""

    replaces: Replaces = Field(Replaces.KEY, strict=False)
    overlap_seconds: Whole = Field(0, ge=0, le=WEEK)
