"""Tests reach no network: what the guard lets pass and what it does not, whatever is asked to connect."""

from __future__ import annotations

import socket
from contextlib import suppress

import pytest
from network_guard import NetworkGuard, NetworkReached, passing_on

AWAY = "192.0.2.1"  # TEST-NET-1 (RFC 5737): nobody's


@pytest.fixture
def guard() -> NetworkGuard:
    """One of this test's own, that is asked by hand."""
    return NetworkGuard()


def connect_to(host: str) -> tuple[str, tuple[object, ...]]:
    return "socket.connect", (None, (host, 80))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "::1%lo", "localhost"])
def test_this_machine_is_reached_only_where_that_is_allowed(guard: NetworkGuard, host: str) -> None:
    with pytest.raises(NetworkReached, match="mark the test `loopback`"):
        guard._look(*connect_to(host))
    guard.begin(allows_loopback=True)
    guard._look(*connect_to(host))
    assert guard.reached == []


def test_what_a_thread_passes_on_for_a_browser_reaches_this_machine_alone(guard: NetworkGuard) -> None:
    with passing_on():
        guard._look(*connect_to("127.0.0.1"))
        with pytest.raises(NetworkReached):
            guard._look(*connect_to(AWAY))
    with pytest.raises(NetworkReached):
        guard._look(*connect_to("127.0.0.1"))


@pytest.mark.parametrize("host", [AWAY, "10.0.0.1", "0.0.0.0", "2001:db8::1", "example.org", "localhost.example.org"])
def test_beyond_it_nothing_is(guard: NetworkGuard, host: str) -> None:
    guard.begin(allows_loopback=True)
    for event in ("socket.connect", "socket.sendto", "socket.bind"):
        with pytest.raises(NetworkReached):
            guard._look(event, (None, (host, 80)))
    assert len(guard.reached) == 3


def test_listening_on_this_machine_reaches_nobody(guard: NetworkGuard) -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        guard._look("socket.bind", (None, (host, 0)))
    assert guard.reached == []


def test_names_are_not_asked_for_and_addresses_are_none(guard: NetworkGuard) -> None:
    for host in ("example.org", b"example.org", "localhost"):
        with pytest.raises(NetworkReached):
            guard._look("socket.getaddrinfo", (host, 443, 0, 0, 0))
    for host in ("192.0.2.1", "::1", b"127.0.0.1"):
        guard._look("socket.getaddrinfo", (host, 443, 0, 0, 0))


def test_sockets_of_files_and_everything_else_are_not_looked_at(guard: NetworkGuard) -> None:
    guard._look("socket.connect", (None, "/run/postgresql/.s.PGSQL.5432"))
    guard._look("socket.sendmsg", (None, None))
    guard._look("open", ("example.org", "r", 0))
    assert guard.reached == []


# ---------------------------------------------------------------- as it is in place for every test


@pytest.mark.parametrize("address", [(AWAY, 80), ("127.0.0.1", 9)])
def test_a_connection_is_refused_before_it_is_made(network_guard: NetworkGuard, address: tuple[str, int]) -> None:
    with socket.socket() as mine, pytest.raises(NetworkReached):
        mine.connect(address)
    with socket.socket(type=socket.SOCK_DGRAM) as mine, pytest.raises(NetworkReached):
        mine.sendto(b"hello", address)
    network_guard.reached.clear()  # or this test would fail for it


def test_what_is_swallowed_is_remembered(network_guard: NetworkGuard) -> None:
    with suppress(Exception):
        socket.getaddrinfo("example.org", 443)
    assert network_guard.reached == ["socket.getaddrinfo 'example.org'"]
    network_guard.reached.clear()


@pytest.mark.loopback
def test_a_test_that_says_so_reaches_this_machine(network_guard: NetworkGuard) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        accepted, _ = server.accept()
        with accepted:
            client.sendall(b"hello")
            assert accepted.recv(5) == b"hello"
    assert network_guard.reached == []
