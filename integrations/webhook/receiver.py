"""Receives Gegencheck's webhooks and posts a sentence to a chat: an example, the same for Slack, Matrix and others.

Needs Python 3.11 and `pip install standardwebhooks`. Settings, all by environment:

    GEGENCHECK_WEBHOOK_SECRET   what `gegencheck keys webhook-secret KEY_ID` shows
    CHAT_URL                    where a sentence goes: Slack's incoming webhook, or a Matrix room's send address
    CHAT_METHOD                 POST (Slack and most others, the default) or PUT (Matrix)
    CHAT_TOKEN                  sent as Authorization: Bearer …, where the chat wants one (Matrix)
    CHAT_BODY                   the JSON to send, with {text} where the sentence goes; if left out, Slack's
    PORT                        where to listen on loopback, default 8088

docs/webhooks.md has the settings for both. {id} in CHAT_URL becomes the id of the webhook, so that a Matrix room gets
one message however often it is told.
"""

from __future__ import annotations

import json
import os
import threading
import urllib.parse
import urllib.request
from collections import OrderedDict
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

MOST_BYTES = 5_000_000
TIMEOUT_SECONDS = 10  # the service waits 15 for an answer
REMEMBERED = 10_000  # ids of webhooks that were told on

Post = Callable[[str, str, bytes, Mapping[str, str]], None]


def sentence_of(told: Mapping[str, Any]) -> str | None:
    """What people should read of a webhook; None where there is nothing to say."""
    kind, data = told["type"], told["data"]
    if kind == "batch.finished":
        return f"Gegencheck: a batch is done, {data['counts']['finished']} of {data['counts']['total']} checked."
    if kind not in ("check.finished", "check.revised") or not data.get("verdict"):
        return None
    if kind == "check.finished" and data["verdict"]["code"] not in ("refuted", "conflicting_evidence"):
        return None
    page = data.get("url") or data.get("reference") or "a text"
    again = " (judged anew)" if kind == "check.revised" else ""
    return f"Gegencheck{again}: {data['verdict']['headline']} {page}"


class Receiver:
    """Verifies a webhook, and posts its sentence once."""

    def __init__(self, settings: Mapping[str, str], post: Post) -> None:
        self._signature = Webhook(settings["GEGENCHECK_WEBHOOK_SECRET"])
        self._url, self._method = settings["CHAT_URL"], settings.get("CHAT_METHOD", "POST")
        self._token, self._body = settings.get("CHAT_TOKEN"), settings.get("CHAT_BODY", '{"text": "{text}"}')
        json.loads(self._body)  # a body that is no JSON fails now
        self._post = post
        self._told: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def receive(self, body: bytes, headers: Mapping[str, str]) -> int:
        """The status to answer: 204 where it was told on or need not be, 401 for a signature that does not fit.

        502 where the chat did not take it: the service then tries again.
        """
        lower = {name.lower(): value for name, value in headers.items()}
        try:
            told = self._signature.verify(body, lower)
        except (WebhookVerificationError, ValueError):
            return 401
        id = lower["webhook-id"]
        with self._lock:
            if id in self._told:
                return 204
            text = sentence_of(told)
            if text is not None:
                try:
                    self._tell(id, text)
                except OSError:
                    return 502
            self._told[id] = None
            while len(self._told) > REMEMBERED:
                self._told.popitem(last=False)
        return 204

    def _tell(self, id: str, text: str) -> None:
        quoted = json.dumps(text, ensure_ascii=False)[1:-1]
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {self._token}"} if self._token else {}
        url = self._url.replace("{id}", urllib.parse.quote(id, safe=""))
        self._post(self._method, url, self._body.replace("{text}", quoted).encode(), headers)


def post_over_http(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Send something. Raises OSError for any answer but a success."""
    request = urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310 - the address is a setting
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
        pass


def serve(receiver: Receiver, port: int) -> ThreadingHTTPServer:
    """A server on loopback; put a reverse proxy with TLS before it."""

    class Handler(BaseHTTPRequestHandler):
        timeout = TIMEOUT_SECONDS

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            small = length.isascii() and length.isdecimal() and int(length) <= MOST_BYTES
            status = receiver.receive(self.rfile.read(int(length)), dict(self.headers)) if small else 413
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Nothing: what people read is nobody else's."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    serve(Receiver(os.environ, post_over_http), int(os.environ.get("PORT", "8088"))).serve_forever()
