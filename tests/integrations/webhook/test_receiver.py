"""The example that posts a sentence to a chat: signed by the service's library, received over loopback, told once."""

from __future__ import annotations

import http.client
import importlib.util
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from standardwebhooks import Webhook

SOURCE = Path(__file__).parents[3] / "integrations" / "webhook" / "receiver.py"
SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
SLACK = {"GEGENCHECK_WEBHOOK_SECRET": SECRET, "CHAT_URL": "https://hooks.slack.example/T/B/x"}
MATRIX = {
    "GEGENCHECK_WEBHOOK_SECRET": SECRET,
    "CHAT_URL": "https://matrix.example/rooms/!r/send/m.room.message/{id}",
    "CHAT_METHOD": "PUT",
    "CHAT_TOKEN": "syt_secret",
    "CHAT_BODY": '{"msgtype": "m.notice", "body": "{text}"}',
}
HEADLINE = 'Contains statements rated false. "Example Checks" rated one.'
CHECK = {
    "id": "c",
    "url": "https://news.example/1",
    "reference": None,
    "verdict": {"code": "refuted", "headline": HEADLINE},
}


@pytest.fixture
def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("receiver", SOURCE)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def signed(kind: str, data: Any, id: str = "msg_1") -> tuple[bytes, dict[str, str]]:
    body = json.dumps({"type": kind, "timestamp": "2026-11-30T12:00:00Z", "data": data})
    now = datetime.now(UTC)
    signature = Webhook(SECRET).sign(id, now, body)
    stamps = {"Webhook-Id": id, "Webhook-Timestamp": str(int(now.timestamp())), "Webhook-Signature": signature}
    return body.encode(), stamps


class Chat:
    """A chat that takes messages, or does not."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, Any, dict[str, str]]] = []
        self.away = False

    def post(self, method: str, url: str, body: bytes, headers: Any) -> None:
        if self.away:
            raise OSError("away")
        self.told.append((method, url, json.loads(body), dict(headers)))


@pytest.fixture
def chat() -> Chat:
    return Chat()


def test_a_sentence_goes_to_slack_s_shape_by_default(module: ModuleType, chat: Chat) -> None:
    receiver = module.Receiver(SLACK, chat.post)
    assert receiver.receive(*signed("check.finished", CHECK)) == 204
    ((method, url, body, headers),) = chat.told
    assert (method, url) == ("POST", "https://hooks.slack.example/T/B/x")
    assert body == {"text": f"Gegencheck: {HEADLINE} https://news.example/1"}
    assert headers == {"Content-Type": "application/json"}


def test_the_same_goes_to_a_matrix_room_by_settings_alone(module: ModuleType, chat: Chat) -> None:
    receiver = module.Receiver(MATRIX, chat.post)
    assert receiver.receive(*signed("check.revised", CHECK, "msg/2")) == 204
    ((method, url, body, headers),) = chat.told
    assert (method, url) == ("PUT", "https://matrix.example/rooms/!r/send/m.room.message/msg%2F2")
    assert body == {"msgtype": "m.notice", "body": f"Gegencheck (judged anew): {HEADLINE} https://news.example/1"}
    assert headers["Authorization"] == "Bearer syt_secret"


def test_what_is_told_again_is_posted_once_and_what_a_chat_did_not_take_is_asked_for_again(
    module: ModuleType, chat: Chat
) -> None:
    receiver = module.Receiver(SLACK, chat.post)
    chat.away = True
    assert receiver.receive(*signed("check.finished", CHECK)) == 502
    chat.away = False
    assert [receiver.receive(*signed("check.finished", CHECK)) for _ in range(2)] == [204, 204]
    assert len(chat.told) == 1


def test_nothing_is_said_of_what_needs_nobody(module: ModuleType, chat: Chat) -> None:
    receiver = module.Receiver(SLACK, chat.post)
    quiet = {**CHECK, "verdict": {"code": "supported", "headline": "In line."}}
    for place, (kind, data) in enumerate(
        (
            ("check.finished", quiet),
            ("check.failed", {**CHECK, "verdict": None}),
            ("import.finished", {}),
            ("new.type", {}),
        )
    ):
        assert receiver.receive(*signed(kind, data, f"m{place}")) == 204
    assert chat.told == []
    receiver.receive(*signed("batch.finished", {"counts": {"finished": 9, "total": 10}}, "b"))
    assert chat.told[0][2] == {"text": "Gegencheck: a batch is done, 9 of 10 checked."}


def test_what_is_not_signed_is_refused(module: ModuleType, chat: Chat) -> None:
    receiver = module.Receiver(SLACK, chat.post)
    body, headers = signed("check.finished", CHECK)
    assert receiver.receive(body + b" ", headers) == 401
    assert receiver.receive(body, {}) == 401
    assert receiver.receive(body, {**headers, "Webhook-Timestamp": "1"}) == 401
    assert chat.told == []


@pytest.fixture
def listening(module: ModuleType, chat: Chat) -> Iterator[int]:
    server = module.serve(module.Receiver(SLACK, chat.post), 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.loopback
def test_it_listens_on_loopback_and_answers_with_the_status_alone(listening: int, chat: Chat) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", listening, timeout=10)
    body, headers = signed("check.finished", CHECK)
    for sent, expected in ((headers, 204), ({}, 401)):
        connection.request("POST", "/", body, sent)
        reply = connection.getresponse()
        assert (reply.status, reply.read()) == (expected, b"")
    connection.close()
    assert len(chat.told) == 1
