"""One request: what it says of us and nothing of the person, and what becomes of the library's faults."""

from __future__ import annotations

import time
from dataclasses import dataclass

import httpcore2
import pytest

from service.errors import AddressRefused, PageTooSlow, PageUnavailable
from service.pipeline.asking import headers_for, headers_of, timeouts, translated, translated_stream


@dataclass
class Reply:
    """A reply with these headers."""

    headers: list[tuple[bytes, bytes]]


def test_a_request_names_us_and_the_host_and_nothing_of_the_person() -> None:
    sent = dict(headers_for("https://a.example:8443/page?q=1"))
    assert sent[b"Host"] == b"a.example:8443"
    assert sent[b"User-Agent"].startswith(b"Gegencheck/")
    assert {name.lower() for name in sent} & {b"cookie", b"referer", b"authorization"} == set()


def test_further_headers_join_or_replace_the_usual_ones() -> None:
    sent = dict(headers_for("https://a.example/", {"Accept": "text/csv", "If-None-Match": '"ü"'}))
    assert (sent[b"Accept"], sent[b"If-None-Match"]) == (b"text/csv", b'"\xfc"')
    assert dict(headers_for("https://a.example/"))[b"Accept"].startswith(b"text/html")


def test_of_headers_that_come_twice_the_last_counts_and_of_encodings_all() -> None:
    reply = Reply([(b"X-A", b"1"), (b"x-a", b"2"), (b"Content-Encoding", b"gzip"), (b"content-encoding", b"br")])
    assert headers_of(reply) == {"x-a": "2", "content-encoding": "gzip, br"}


def test_each_step_may_take_what_is_left_and_never_forever() -> None:
    left = timeouts(time.monotonic() + 5)["timeout"]
    assert set(left) == {"connect", "read", "write", "pool"}
    assert all(4 < seconds <= 5 for seconds in left.values())
    assert set(timeouts(time.monotonic() - 5)["timeout"].values()) == {0.01}


@pytest.mark.parametrize(
    "fault", [ValueError("odd"), RuntimeError("odd"), UnicodeEncodeError("ascii", "ö", 0, 1, "no"), OSError("odd")]
)
def test_whatever_comes_out_of_the_library_is_put_into_our_words(fault: Exception) -> None:
    with pytest.raises(PageUnavailable) as raised, translated():
        raise fault
    assert "odd" not in str(raised.value)


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (httpcore2.ReadTimeout("odd"), PageTooSlow, "in time"),
        (httpcore2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] odd"), PageUnavailable, "certificate"),
        (httpcore2.ConnectError("odd"), PageUnavailable, "cannot be reached"),
        (httpcore2.ReadError("odd"), PageUnavailable, "broke off"),
        (httpcore2.RemoteProtocolError("odd"), PageUnavailable, "proper HTTP"),
        (AddressRefused("ours"), AddressRefused, "ours"),
    ],
)
def test_a_fault_says_what_happened_and_ours_pass(fault: Exception, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words) as raised, translated():
        raise fault
    assert raised.type is error


def test_memory_that_runs_out_is_no_fault_of_the_site() -> None:
    with pytest.raises(MemoryError), translated():
        raise MemoryError


def test_a_body_that_breaks_off_is_put_into_our_words_too() -> None:
    def pieces():
        yield b"begun"
        raise OSError

    stream = translated_stream(pieces())
    assert next(stream) == b"begun"
    with pytest.raises(PageUnavailable):
        next(stream)
