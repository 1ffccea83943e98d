"""No test reaches beyond this machine, and none its loopback unless it says so: whatever library asks, Python is told."""

from __future__ import annotations

import ipaddress
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CARRYING = ("socket.connect", "socket.sendto", "socket.sendmsg")
LISTENING = "socket.bind"  # on loopback it reaches nobody yet: libraries try so at import whether there is IPv6
NAMING = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


_THREAD = threading.local()


@contextmanager
def passing_on() -> Iterator[None]:
    """What this thread passes on for a browser, to this machine alone: browsers go on between tests."""
    _THREAD.passes_on = True
    try:
        yield
    finally:
        _THREAD.passes_on = False


class NetworkReached(Exception):
    """A test went where it may not. No OSError: what is tested would take that for a network that is down."""


class NetworkGuard:
    """Looks at every connection before it is made (PEP 578); processes that a test starts are beyond its sight."""

    def __init__(self) -> None:
        self.allows_loopback = False
        self.reached: list[str] = []  # also where what is tested swallowed the exception

    def install(self) -> None:
        """Look from now on, to the end of the process."""
        sys.addaudithook(self._look)

    def begin(self, *, allows_loopback: bool) -> None:
        """A new test begins."""
        self.allows_loopback, self.reached = allows_loopback, []

    def _look(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in CARRYING or event == LISTENING:
            address = arguments[1] if len(arguments) > 1 else None
            if isinstance(address, tuple):  # sockets of files have a path, and connected ones no address
                self._judge(event, address[0])
        elif event in NAMING and not is_written_out(arguments[0]):  # an address as such asks nobody
            self._judge(event, arguments[0])

    def _judge(self, event: str, host: Any) -> None:
        name = name_of(host)
        is_near = (
            ipaddress.ip_address(name.partition("%")[0]).is_loopback if is_written_out(host) else name == "localhost"
        )
        if is_near and (self.allows_loopback or event == LISTENING or getattr(_THREAD, "passes_on", False)):
            return
        self.reached.append(f"{event} {name!r}")
        raise NetworkReached(f"{self.reached[-1]}: mark the test `loopback` where it needs this machine's.")


def name_of(host: Any) -> str:
    """A host as text, however a library hands it over."""
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")


def is_written_out(host: Any) -> bool:
    """Whether a host is an address in figures."""
    try:
        ipaddress.ip_address(name_of(host).partition("%")[0])
    except ValueError:
        return False
    return True
