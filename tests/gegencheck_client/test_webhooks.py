from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook as Signature

from gegencheck_client import WebhookRefused, read_webhook
from gegencheck_client.models import Batch

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY"
OTHER = "whsec_" + "WFdWVVRTUlFQT05NTEtKSUhHRkVEQ0JB"
DATA = {
    "id": "b1", "state": "finished", "created_at": "2026-11-30T12:00:00Z", "finished_at": "2026-11-30T12:01:00Z",
    "counts": {"total": 1, "queued": 0, "running": 0, "finished": 1, "failed": 0, "cancelled": 0},
}  # fmt: skip
TOLD = {"type": "batch.finished", "timestamp": "2026-11-30T12:01:00Z", "data": DATA}


def sent(
    told: object, secret: str = SECRET, at: datetime | None = None, **changed: str
) -> tuple[bytes, dict[str, str]]:
    """A body and the headers that it comes with."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    at = at or datetime.now(UTC)
    signature = Signature(secret).sign("msg_1", at, body.decode("utf-8", "replace"))
    headers = {"Webhook-Id": "msg_1", "Webhook-Timestamp": str(int(at.timestamp())), "Webhook-Signature": signature}
    return body, {**headers, **changed}


def test_what_is_signed_is_read_as_what_it_is_about() -> None:
    read = read_webhook(SECRET, *sent(TOLD))
    assert (read.id, read.type, read.timestamp) == (
        "msg_1",
        "batch.finished",
        datetime(2026, 11, 30, 12, 1, tzinfo=UTC),
    )
    assert isinstance(read.data, Batch)
    assert read.data.counts.finished == 1


def test_either_secret_will_do_while_they_change() -> None:
    body, headers = sent(TOLD, OTHER)
    headers["Webhook-Signature"] += " " + sent(TOLD, SECRET)[1]["Webhook-Signature"]
    assert read_webhook(SECRET, body, headers).id == "msg_1"


Sent = tuple[bytes, dict[str, str]]

# Made when they are sent: what is too new would be good a minute later.
BAD: dict[str, Callable[[], Sent]] = {
    "secret": lambda: sent(TOLD, OTHER),
    "old": lambda: sent(TOLD, at=datetime.now(UTC) - timedelta(minutes=6)),
    "new": lambda: sent(TOLD, at=datetime.now(UTC) + timedelta(minutes=6)),
    "body": lambda: (sent(TOLD)[0] + b" ", sent(TOLD)[1]),
    "id": lambda: sent(TOLD, **{"Webhook-Id": "msg_2"}),
    "form": lambda: sent(TOLD, **{"Webhook-Signature": "v1"}),
    "base64": lambda: sent(TOLD, **{"Webhook-Signature": "v1,***"}),
    "time": lambda: sent(TOLD, **{"Webhook-Timestamp": "soon"}),
    "nothing": lambda: (sent(TOLD)[0], {}),
    "no UTF-8": lambda: sent(b'{"type": "\xff"}'),
}


@pytest.mark.parametrize("make", list(BAD.values()), ids=list(BAD))
def test_anything_else_is_refused(make: Callable[[], Sent]) -> None:
    with pytest.raises(WebhookRefused, match="not to be believed"):
        read_webhook(SECRET, *make())


@pytest.mark.parametrize("told", [b"x", [], {"type": "batch.finished"}, {**TOLD, "data": {"id": "b1"}}])
def test_what_is_signed_but_none_of_ours_is_refused_as_well(told: object) -> None:
    with pytest.raises(WebhookRefused, match="none that this client understands"):
        read_webhook(SECRET, *sent(told))


def test_a_type_of_a_later_service_is_handed_on_unread() -> None:
    read = read_webhook(SECRET, *sent({**TOLD, "type": "watch.changed", "data": {"x": 1}}))
    assert (read.type, read.type.is_known, read.data) == ("watch.changed", False, {"x": 1})
