"""The caller behind the UDFs: what is asked, waited for, remembered and refused, and that no error tells a secret."""

from __future__ import annotations

import io
import json
import urllib.error
from email.message import Message
from typing import Any

import pytest

TEXT = "Hot lemon water cures diabetes."
ROW = {
    "statement": {
        "url": "https://checks.example/lemons",
        "publisher": {"name": "Example Checks", "site": "checks.example"},
        "rating": {"alternate_name": "False", "normalized": "false"},
    },
    "confidence": 0.93,
    "stance": "supports",
}


def found(*rows: Any) -> bytes:
    return json.dumps({"results": [{"matches": rows}]}).encode()


def refusal(status: int, **headers: str) -> urllib.error.HTTPError:
    told = Message()
    for name, value in headers.items():
        told[name.replace("_", "-")] = value
    return urllib.error.HTTPError("https://facts.example/v1/match", status, TEXT, told, io.BytesIO(TEXT.encode()))


class Asked:
    """A service that gives these answers in turn, the last one for ever."""

    def __init__(self, *replies: Any) -> None:
        from gegencheck_osprey.service import Gegencheck

        self.replies, self.requests, self.waits, self.time = list(replies), [], [], 0.0
        self.service = Gegencheck(
            "https://facts.example/", "gck_secret", self.open, self.waits.append, lambda: self.time
        )

    def open(self, request: Any, timeout: float) -> io.BytesIO:
        self.requests.append((request, timeout))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return io.BytesIO(reply)


def test_a_text_is_asked_about_with_its_stance_and_the_key() -> None:
    asked = Asked(found(ROW))
    (match,) = asked.service.match(TEXT)
    assert (match.confidence, match.stance, match.normalized, match.rating) == (0.93, "supports", "false", "False")
    assert (match.publisher, match.url) == ("Example Checks", "https://checks.example/lemons")
    ((request, timeout),) = asked.requests
    assert (request.full_url, request.get_method(), timeout) == ("https://facts.example/v1/match", "POST", 5.0)
    assert request.get_header("Authorization") == "Bearer gck_secret"
    assert json.loads(request.data) == {"texts": [TEXT], "limit": 10, "stance": True}


def test_an_answer_is_kept_for_a_minute_and_a_failure_is_not() -> None:
    asked = Asked(refusal(401), found(ROW))
    with pytest.raises(Exception, match="401"):
        asked.service.match(TEXT)
    for moment, requests in ((0, 2), (59, 2), (61, 3)):
        asked.time = moment
        assert len(asked.service.match(TEXT)) == 1
        assert len(asked.requests) == requests


def test_a_text_without_anything_asks_nobody_and_a_long_or_broken_one_is_mended() -> None:
    asked = Asked(found())
    assert asked.service.match(" \n") == ()
    assert asked.requests == []
    asked.service.match("a" * 50_001 + "b")
    asked.service.match("odd \ud800")
    sent = [json.loads(request.data)["texts"][0] for request, _ in asked.requests]
    assert sent == ["a" * 50_000, "odd ?"]


def test_busy_is_waited_for_as_long_as_it_says_and_not_for_longer_than_a_rule_can_wait() -> None:
    from gegencheck_osprey.service import Busy

    short = Asked(refusal(503, Retry_After="1"), refusal(429), found(ROW))
    assert len(short.service.match(TEXT)) == 1
    assert short.waits == [1.0, 0.5]
    long = Asked(refusal(429, Retry_After="30"))
    with pytest.raises(Busy, match=r"answers 429; try again in 30 s\."):
        long.service.match(TEXT)
    assert (long.waits, len(long.requests)) == ([], 1)
    always = Asked(refusal(503))
    with pytest.raises(Busy):
        always.service.match(TEXT)
    assert (always.waits, len(always.requests)) == ([0.25, 0.5], 3)


@pytest.mark.parametrize(
    ("reply", "tries"),
    [
        (refusal(401), 1), (refusal(403), 1), (refusal(302, Location="https://evil.example/"), 1), (refusal(500), 3),
        (urllib.error.URLError(f"https://facts.example {TEXT}"), 3), (TimeoutError(TEXT), 3), (b"<html>", 3),
        (b"null", 3), (b'{"results": []}', 3), (found({**ROW, "confidence": "high"}), 3),
        (found({**ROW, "confidence": float("nan")}), 3), (found({**ROW, "confidence": True}), 3),
        (found({**ROW, "stance": None}), 3), (found(None), 3),
    ],
)  # fmt: skip
def test_a_failure_is_one_error_and_tells_neither_text_nor_key_nor_address(reply: Any, tries: int) -> None:
    from gegencheck_osprey.service import ServiceFault

    asked = Asked(reply)
    with pytest.raises(ServiceFault) as caught:
        asked.service.match(TEXT)
    assert len(asked.requests) == tries
    said = f"{caught.value!r} {caught.value.__cause__!r}"
    assert not [secret for secret in ("lemon", "gck_secret", "facts.example") if secret in said]


def test_without_an_address_or_key_nothing_begins() -> None:
    from gegencheck_osprey.service import Gegencheck

    for address, key in (("", "k"), ("facts.example", "k"), ("file:///etc/passwd", "k"), ("https://a.example", "")):
        with pytest.raises(ValueError, match="GEGENCHECK_ADDRESS"):
            Gegencheck(address, key)
