"""Connections of slow, silent and unknown callers, over real sockets on loopback, with a server that has little patience."""

from __future__ import annotations

import json
import re
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from service.server.answers import TELLING_SECONDS
from service.server.channel import MAX_PIPELINED, Patience
from service.server.listening import open_server
from service.web.crowd import BODIES_EACH

pytestmark = pytest.mark.loopback

HASTY = Patience(header=1, idle=1, grace=1, bytes_per_second=1_000_000, drain=1)
BODY = json.dumps({"texts": ["Hot lemon water cures diabetes within seven days."]}).encode()
LARGE = 39_000_000


class Caller:
    """A socket that says what it is told to, and hears what comes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)

    def say(self, *parts: bytes) -> None:
        self.socket.sendall(b"".join(parts))

    def hear(self, word: bytes) -> bytes:
        """What comes, until `word` has."""
        heard = b""
        while word not in heard:
            came = self.socket.recv(65536)
            assert came, f"closed after {heard!r}"
            heard += came
        return heard

    def hear_all(self) -> bytes:
        """What comes, until the other side closes."""
        heard = b""
        with suppress(ConnectionResetError):
            while came := self.socket.recv(65536):
                heard += came
        return heard


@pytest.fixture
def call(house) -> Iterator[Callable[..., Caller]]:
    """Opens connections to the house's application behind a server of given patience and number of places."""
    servers: list[tuple[Any, threading.Thread]] = []
    callers: list[Caller] = []

    def serve(patience: Patience, connections: int) -> int:
        server = open_server(house.app, 8, connections, patience, host="127.0.0.1", port=0, ident=None,
                             clear_untrusted_proxy_headers=False)  # fmt: skip

        def run() -> None:
            with suppress(OSError):
                server.run()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        servers.append((server, thread))
        return int(server.effective_port)

    def open_one(patience: Patience = HASTY, connections: int = 50) -> Caller:
        port = int(servers[0][0].effective_port) if servers else serve(patience, connections)
        callers.append(Caller(port))
        return callers[-1]

    yield open_one
    for caller in callers:
        caller.socket.close()
    for server, thread in servers:
        server.task_dispatcher.shutdown()
        server.close()
        thread.join(5)


@pytest.fixture
def writer(house) -> Callable[[], str]:
    """The header of a caller who may write; from the first one on every call needs a key."""
    return lambda: f"Authorization: {house.key('write')['Authorization']}"


def head(path: str, *lines: str, method: str = "POST", kind: str = "application/json") -> bytes:
    first = (f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {kind}")
    return "\r\n".join((*first, *lines, "", "")).encode()


# ---------------------------------------------------------------- slow and silent callers


def test_a_header_that_drips_in_is_ended_and_said_to_be_late(call) -> None:
    caller = call()
    for byte in b"GET /healthz HTTP/1.1\r\nX-Slow: " + b"x" * 200:
        try:
            caller.say(bytes([byte]))
        except OSError:
            break
        time.sleep(0.05)
    else:
        pytest.fail("the header was waited for without end")
    assert caller.hear_all().startswith((b"HTTP/1.0 408", b""))


def test_a_caller_that_stops_inside_a_header_hears_why_it_was_ended(call) -> None:
    caller = call()
    caller.say(b"GET /healthz HTTP/1.1\r\nHost:")
    answer = caller.hear_all()
    assert answer.startswith(b"HTTP/1.0 408 ")
    assert json.loads(answer.split(b"\r\n\r\n", 1)[1])["code"] == "request-too-slow"


@pytest.mark.parametrize("length", [len(BODY), 500_000])
def test_a_body_that_keeps_no_pace_is_ended(call, length: int) -> None:
    caller = call()
    caller.say(head("/v1/checks", f"Content-Length: {length}"), BODY[:5])
    assert caller.hear_all().startswith(b"HTTP/1.1 408 ")


def test_a_connection_that_says_nothing_is_closed(call) -> None:
    silent, between = call(), call()
    between.say(head("/healthz", method="GET"))
    assert b"200 OK" in between.hear(b"ok")
    assert (silent.hear_all(), between.hear_all()) == (b"", b"")


def test_a_reply_that_nobody_fetches_is_not_kept(call, house) -> None:
    @house.app.get("/much")
    def much() -> bytes:
        return b"x" * 30_000_000

    caller = call(Patience(header=20, idle=20, grace=1, bytes_per_second=1_000_000_000))
    caller.say(head("/much", method="GET"))
    caller.hear(b"200 OK")
    time.sleep(3)
    assert len(caller.hear_all()) < 30_000_000


def test_the_oldest_idle_connection_goes_when_there_are_too_many(call) -> None:
    patient = Patience()
    first, second, third = (call(patient, 3) for _ in range(3))
    second.say(head("/healthz", method="GET"))
    second.hear(b"ok")
    newcomer = call()
    newcomer.say(head("/healthz", method="GET"))
    assert b"200 OK" in newcomer.hear(b"ok")
    assert first.hear_all() == b""  # waited longest
    third.say(head("/healthz", method="GET"))
    second.say(head("/healthz", method="GET"))
    assert b"200 OK" in third.hear(b"ok")
    assert b"200 OK" in second.hear(b"ok")


def test_a_crowd_of_silent_connections_shuts_nobody_out(call) -> None:
    silent = [call(Patience(), 20) for _ in range(100)]
    caller = call()
    caller.say(head("/v1/match", f"Content-Length: {len(BODY)}"), BODY)
    assert b"200 OK" in caller.hear(b"results")
    assert sum(is_open(each.socket) for each in silent) <= 20


def is_open(connection: socket.socket) -> bool:
    connection.settimeout(0.01)
    try:
        return connection.recv(1) != b""
    except TimeoutError:
        return True


# ---------------------------------------------------------------- bodies


def sent_until_answered(caller: Caller, most: int) -> int:
    """Send a body until an answer comes; the bytes that went."""
    sent, part = 0, b"x" * 65536
    caller.socket.setblocking(False)
    end = time.monotonic() + 20
    answered = False
    while sent < most and not answered and time.monotonic() < end:
        with suppress(BlockingIOError):
            answered = bool(caller.socket.recv(1, socket.MSG_PEEK))
        with suppress(BlockingIOError, ConnectionError):
            sent += caller.socket.send(part)
    caller.socket.settimeout(20)
    assert answered
    return sent


def test_an_unknown_callers_upload_is_refused_before_it_is_read(call, house) -> None:
    house.application.keys.create("desk", ["check"])
    caller = call()
    caller.say(head("/v1/statements/import", f"Content-Length: {LARGE}"))
    assert sent_until_answered(caller, LARGE) < LARGE / 2
    answer = caller.hear_all()
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"Connection: close" in answer


@pytest.mark.parametrize(
    ("path", "lines", "kind", "status"),
    [
        ("/v1/statements/import", ["Content-Length: 39000000"], "application/pdf", 415),
        ("/v1/statements/import", ["Content-Length: 39000000", "X-Requested-With: x"], "text/html", 413),
        ("/v1/statements/import", ["Content-Length: 70000000"], "text/csv", 413),
        ("/v1/statements/import", ["Content-Length: 70000000"], "application/ld+json", 413),
        ("/v1/checks", ["Content-Length: 39000000"], "application/json", 413),
        ("/v1/match", ["Content-Length: 39000000"], "application/json", 413),
        ("/v1/statements", ["Content-Length: 1000001"], "application/json", 413),
        ("/v1/checks/x/feedback", ["Content-Length: 1000001"], "application/json", 413),
        ("/check", ["Content-Length: 39000000"], "application/json", 413),
        ("/nowhere", ["Content-Length: 39000000"], "application/json", 404),
        ("/healthz", ["Content-Length: 39000000"], "application/json", 405),
        ("/v1/checks", ["Content-Length: 39000000", "Origin: https://elsewhere.example"], "application/json", 403),
        ("/v1/checks", ["Transfer-Encoding: chunked", "Origin: https://elsewhere.example"], "application/json", 403),
        ("/v1/checks", ["Content-Length: 9", "Expect: 100-continue", "Origin: null"], "application/json", 403),
        ("/v1/checks", ["Content-Length: 39000000", "X-Forwarded-For: 192.0.2.1"], "application/json", 401),
        ("/v1/checks", ["Content-Length: 39000", "Content-Encoding: gzip"], "application/json", 415),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_header_is_said_without_the_body(call, writer, path, lines, kind, status) -> None:
    caller = call()
    caller.say(head(path, *lines, *([writer()] if "statements" in path else []), kind=kind))
    answer = caller.hear_all()
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    shown = json.loads(answer.split(b"\r\n\r\n", 1)[1]) if b"problem+json" in answer else {}
    assert not shown or shown["status"] == status


def test_a_caller_that_waits_for_leave_gets_it_and_is_answered(call) -> None:
    caller = call()
    caller.say(head("/v1/match", f"Content-Length: {len(BODY)}", "Expect: 100-continue"))
    assert caller.hear(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    caller.say(BODY)
    assert b"200 OK" in caller.hear(b"results")


def test_a_large_upload_comes_in_whole(call, settings, writer) -> None:
    body = b"claim_reviewed,url,rating\n" * 700_000  # 18 MB
    caller = call(Patience())
    wanted = head("/v1/statements/import", f"Content-Length: {len(body)}", writer(), kind="application/x-ndjson")
    caller.say(wanted, body)
    assert b"202 ACCEPTED" in caller.hear(b"queued")
    [spooled] = (settings.data_dir / "imports").iterdir()
    assert spooled.read_bytes() == body


def test_a_chunked_body_ends_where_it_is_over_the_limit(call) -> None:
    caller = call(Patience())
    caller.say(head("/v1/checks/x/feedback", "Transfer-Encoding: chunked"))
    chunk = b"%x\r\n" % 60_000 + b"x" * 60_000 + b"\r\n"
    with suppress(ConnectionError):
        for _ in range(40):
            caller.say(chunk)
    answer = caller.hear_all()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert json.loads(answer.split(b"\r\n\r\n", 1)[1])["code"] == "body-too-large"


@pytest.mark.parametrize(
    "wire",
    [b"1\r\nx\r\n" * 60_000, b"5;" + b"x" * 300_000, b"1\r\nx\r\n0\r\n" + b"A: b\r\n" * 60_000],
    ids=["tiny chunks", "a chunk's line", "a trailer"],
)
def test_chunks_that_cost_more_than_they_bring_are_refused(call, wire: bytes) -> None:
    caller = call(Patience())
    caller.say(head("/v1/checks", "Transfer-Encoding: chunked"))
    with suppress(ConnectionError):
        caller.say(wire)
    assert caller.hear_all().startswith(b"HTTP/1.1 400 ")


def test_a_body_of_two_lengths_is_refused_and_nothing_behind_it_is_read(call) -> None:
    caller = call()
    hidden = head("/healthz", method="GET")
    lengths = ("Transfer-Encoding: chunked", "Content-Length: 4")
    caller.say(head("/v1/match", *lengths), b"0\r\n\r\n", hidden)
    answer = caller.hear_all()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert json.loads(answer.split(b"\r\n\r\n", 1)[1])["code"] == "bad-request"


@pytest.mark.parametrize("target", ["http://[::1/healthz", "http://]/", "x://[#?"])
def test_an_address_that_cannot_be_taken_apart_is_said_to_be_wrong(call, target: str) -> None:
    caller = call()
    caller.say(head(target, method="GET"))
    assert caller.hear_all().startswith(b"HTTP/1.1 400 ")


def test_replies_keep_the_order_of_requests_also_where_a_body_is_refused(call) -> None:
    caller = call(Patience())
    good = head("/v1/match", f"Content-Length: {len(BODY)}") + BODY
    caller.say(good, head("/v1/match", "Transfer-Encoding: chunked"), b"%x\r\n" % len(BODY), BODY, b"\r\n0\r\n\r\n",
               head("/v1/match", "Content-Length: 39000000"))  # fmt: skip
    answer = caller.hear_all()
    statuses = re.findall(rb"HTTP/1\.1 (\d+) ", answer)
    assert statuses == [b"200", b"200", b"413"]


def test_a_third_upload_of_a_key_at_once_is_told_to_wait(call, house, writer) -> None:
    key = writer()
    begun = [call(Patience()) for _ in range(2)]
    for caller in begun:
        caller.say(
            head("/v1/statements/import", "Content-Length: 50000", key, kind="application/x-ndjson"),
            b"claim_reviewed,url\n",
        )
    places = house.app.extensions["gegencheck-crowd"].uploads
    for _ in range(500):
        if len(places._taken) == 2:
            break
        time.sleep(0.01)
    third = call()
    third.say(head("/v1/statements/import", "Content-Length: 50000", key, kind="application/x-ndjson"))
    answer = third.hear_all()
    assert answer.startswith(b"HTTP/1.1 429 ")
    assert b"Retry-After: " in answer
    begun[0].socket.close()  # one gives up; its place is free again
    for _ in range(500):
        if len(places._taken) == 1:
            break
        time.sleep(0.01)
    fourth = call()
    fourth.say(
        head("/v1/statements/import", "Content-Length: 50000", key, "Expect: 100-continue", kind="application/x-ndjson")
    )
    assert b"100 Continue" in fourth.hear(b"\r\n\r\n")


def test_bodies_that_drip_make_room_for_one_that_does_not(call, house) -> None:
    """As many slow ones as a key may have; after the time that a pace takes to tell, one more comes and is answered."""
    large = json.dumps({"texts": ["Hot lemon water cures diabetes within seven days. " * 25_000]}).encode()
    slow = [call(Patience()) for _ in range(BODIES_EACH)]
    for caller in slow:
        caller.say(head("/v1/checks", f"Content-Length: {len(large)}"), large[:20])
    places = house.app.extensions["gegencheck-crowd"].bodies
    for _ in range(500):
        if len(places._taken) == BODIES_EACH:
            break
        time.sleep(0.01)
    time.sleep(TELLING_SECONDS)
    newcomer = call()
    newcomer.say(head("/v1/checks", f"Content-Length: {len(large)}", "Connection: close"), large)
    assert newcomer.hear_all().startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 422 "))  # read to its end: it has no `text`
    answers = [caller.socket.recv(20) for caller in slow if select.select([caller.socket], [], [], 0.5)[0]]
    assert [answer[:13] for answer in answers] == [b"HTTP/1.1 408 "]


def test_of_many_requests_sent_at_once_some_are_answered_and_the_connection_ends(call) -> None:
    caller = call(Patience())
    caller.say(head("/healthz", method="GET") * 200)
    answer = caller.hear_all()
    statuses = re.findall(rb"HTTP/1\.[01] (\d+)", answer)
    assert statuses == [b"200"] * MAX_PIPELINED + [b"429"]
    assert b"wait for the replies" in answer


def test_as_many_requests_as_may_come_at_once_are_all_answered(call) -> None:
    caller = call()
    caller.say(head("/healthz", method="GET") * MAX_PIPELINED)
    assert caller.hear_all().count(b"HTTP/1.1 200 ") == MAX_PIPELINED
