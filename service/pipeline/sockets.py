"""Sockets for fetching: opened only to checked addresses, and every wait bounded by one deadline."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2

Check = Callable[[str, int, float], list[str]]


class CheckedBackend(httpcore2.NetworkBackend):
    """Connects to the addresses that `check` returns for a host and to no other, so DNS cannot change its answer."""

    def __init__(self, check: Check, deadline: float) -> None:
        self._check, self._deadline = check, deadline
        self._real = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline decides
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """See httpcore2.NetworkBackend."""
        failure: Exception | None = None
        for address in self._check(host, port, left(self._deadline))[:4]:
            try:
                stream = self._real.connect_tcp(address, port, left(self._deadline), local_address, socket_options)
            except httpcore2.ConnectError as error:
                failure = error
            else:
                return DeadlineStream(stream, self._deadline)
        raise failure or httpcore2.ConnectError("no address")


class DeadlineStream(httpcore2.NetworkStream):
    """A stream whose every step may only take what is left of the whole time: a slow drip ends as well."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """See httpcore2.NetworkStream."""
        return self._stream.read(max_bytes, left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """See httpcore2.NetworkStream."""
        self._stream.write(buffer, left(self._deadline))

    def close(self) -> None:
        """See httpcore2.NetworkStream."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        """See httpcore2.NetworkStream."""
        secured = self._stream.start_tls(ssl_context, server_hostname, left(self._deadline))
        return DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """See httpcore2.NetworkStream."""
        return self._stream.get_extra_info(info)


def left(deadline: float) -> float:
    """Seconds until the deadline; raises ReadTimeout past it."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore2.ReadTimeout("deadline")
    return seconds
