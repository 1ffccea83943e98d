"""Connections for fetching: to the checked addresses alone, and all of them within one time."""

from __future__ import annotations

import time

import httpcore2
import pytest

from service.pipeline.sockets import CheckedBackend, DeadlineStream, left

FAR = 1e9  # of the steady clock: never in a test


class RefusingBackend(httpcore2.NetworkBackend):
    """Connects to some addresses and to no other; remembers which were tried, and for how long."""

    def __init__(self, *answering: str) -> None:
        self.answering, self.tried = answering, []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.tried.append((host, port))
        if host not in self.answering:
            raise httpcore2.ConnectError(host)
        return RecordingStream()


class RecordingStream(httpcore2.NetworkStream):
    """Remembers how long each step may take."""

    def __init__(self) -> None:
        self.timeouts: list[float] = []
        self.closed = False

    def read(self, max_bytes, timeout=None):
        self.timeouts.append(timeout)
        return b"x" * max_bytes

    def write(self, buffer, timeout=None):
        self.timeouts.append(timeout)

    def close(self):
        self.closed = True

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        self.timeouts.append(timeout)
        return RecordingStream()

    def get_extra_info(self, info):
        return info


def backend(addresses: list[str], real: RefusingBackend, deadline: float = FAR) -> CheckedBackend:
    made = CheckedBackend(lambda host, port, seconds: addresses, deadline)
    made._real = real
    return made


def test_only_the_addresses_that_were_checked_are_connected_to() -> None:
    real = RefusingBackend("192.0.2.2")
    stream = backend(["192.0.2.1", "192.0.2.2", "192.0.2.3"], real).connect_tcp("zeitung.example", 443)
    assert real.tried == [("192.0.2.1", 443), ("192.0.2.2", 443)], "never by the name: that could be answered anew"
    assert isinstance(stream, DeadlineStream)


def test_after_four_addresses_it_is_given_up() -> None:
    real = RefusingBackend("192.0.2.5")
    with pytest.raises(httpcore2.ConnectError, match=r"192\.0\.2\.4"):
        backend([f"192.0.2.{number}" for number in range(1, 6)], real).connect_tcp("zeitung.example", 443)
    assert len(real.tried) == 4


def test_a_name_without_an_address_is_not_connected_to() -> None:
    real = RefusingBackend()
    with pytest.raises(httpcore2.ConnectError, match="no address"):
        backend([], real).connect_tcp("zeitung.example", 443)
    assert real.tried == []


def test_every_step_may_take_what_is_left_and_no_more_whatever_was_asked_for() -> None:
    deadline = time.monotonic() + 1000
    real = RecordingStream()
    stream = DeadlineStream(real, deadline)
    assert stream.read(3, timeout=5000) == b"xxx"
    stream.write(b"x", timeout=None)
    secured = stream.start_tls(None, "zeitung.example", timeout=5000)
    assert isinstance(secured, DeadlineStream)
    assert all(0 < seconds <= 1000 for seconds in real.timeouts)
    stream.close()
    assert (real.closed, stream.get_extra_info("socket")) == (True, "socket")


def test_past_the_deadline_nothing_is_begun() -> None:
    real = RecordingStream()
    stream = DeadlineStream(real, time.monotonic() - 1)
    for step in (lambda: stream.read(1), lambda: stream.write(b"x"), lambda: stream.start_tls(None)):
        with pytest.raises(httpcore2.ReadTimeout):
            step()
    assert real.timeouts == []
    with pytest.raises(httpcore2.ReadTimeout):
        backend(["192.0.2.1"], RefusingBackend("192.0.2.1"), time.monotonic() - 1).connect_tcp("zeitung.example", 443)
    with pytest.raises(httpcore2.ReadTimeout):
        left(time.monotonic() - 1)
