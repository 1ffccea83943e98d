"""A client for Gegencheck's HTTP API, synchronous and asynchronous. It needs nothing of the service.

    with Gegencheck("https://gegencheck.example.org", key) as service:
        check = service.checks.wait(service.checks.create(url="https://example.org/article"))

Needs httpx2, pydantic and standardwebhooks: `pip install 'gegencheck[client]'`. docs/client.md says how to use it.
"""

from gegencheck_client.asynchronous.client import AsyncGegencheck
from gegencheck_client.errors import (
    BadRequest,
    ChangedMeanwhile,
    GegencheckError,
    NotAllowed,
    NotFound,
    Refused,
    ReplyUnreadable,
    TooManyRequests,
    Unavailable,
    Unfinished,
    Unreachable,
    WebhookRefused,
)
from gegencheck_client.retrying import Retries
from gegencheck_client.synchronous.client import Gegencheck
from gegencheck_client.versions import ReadStatement
from gegencheck_client.webhooks import Webhook, read_webhook

__all__ = [
    "AsyncGegencheck",
    "BadRequest",
    "ChangedMeanwhile",
    "Gegencheck",
    "GegencheckError",
    "NotAllowed",
    "NotFound",
    "ReadStatement",
    "Refused",
    "ReplyUnreadable",
    "Retries",
    "TooManyRequests",
    "Unavailable",
    "Unfinished",
    "Unreachable",
    "Webhook",
    "WebhookRefused",
    "read_webhook",
]
