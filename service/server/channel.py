"""One connection: what it is doing, how long it may take for that, and how it ends.

Nobody may take for ever: a header has so long in all, however its bytes drip in; a body and a reply must keep a pace. A
connection that only waits may be closed for a newcomer. After a refusal what the caller still sends is read and thrown
away for a while, or the refusal would be lost on the way (a socket closed with unread bytes resets).
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from waitress.channel import HTTPChannel

from service.server.answers import CallTask, ProblemTask, Question, TooMany, TooSlow
from service.server.parser import RequestParser
from service.web.permits import Permit

DRAIN_BYTES = 64 * 1024 * 1024  # of a caller who may call; as much as any call takes
DRAIN_UNKNOWN_BYTES = 64 * 1024
UNKNOWN = ("401", "403", "421")
MAX_PIPELINED = 16  # requests sent without waiting for replies; browsers send one


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a caller may take, in seconds."""

    header: float = 20  # from a connection's first moment, or a further request's first byte, to the header's end
    idle: float = 75  # between two requests
    grace: float = 20  # of a body or a reply, before a pace is asked for
    bytes_per_second: float = 8_000
    drain: float = 5  # of what still comes after a refusal


class Doing(IntEnum):
    """What a connection is doing; those that do less are closed first when there are too many."""

    WAITING = 0  # no request, or part of a header
    SENDING = 1  # part of a body has come, or of a reply gone
    SERVED = 2  # somebody works on its request


class Channel(HTTPChannel):  # type: ignore[misc]
    """waitress' channel with deadlines, questions to the door, and a gentle end."""

    task_class = CallTask
    error_task_class = ProblemTask
    parser_class = RequestParser
    request: RequestParser | None
    requests: list[RequestParser]
    close_when_flushed: bool
    total_outbufs_len: int
    connected: bool

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, map: Any = None) -> None:
        self.patience: Patience = server.patience
        self.waiting_since = self.output_since = time.monotonic()
        self.sent_bytes = 0
        self.draining_until: float | None = None
        self._may_drain = 0
        self._asking = self._answered = False
        super().__init__(server, sock, addr, adj, map)
        self.requests_lock = threading.RLock()  # sending "100 Continue" may find the connection gone, and close it

    # ------------------------------------------------------------ what it is doing

    @property
    def doing(self) -> Doing:
        """What this connection is doing now."""
        if self.requests or self._asking:
            return Doing.SERVED
        request = self.request
        busy = self.total_outbufs_len or (request is not None and request.body_at is not None)
        return Doing.SENDING if busy else Doing.WAITING

    def is_late(self, now: float) -> bool:
        """Whether it has taken longer than it may."""
        if self.draining_until is not None:
            return now > self.draining_until
        if self.total_outbufs_len:
            return now - self.output_since > self.patience.grace + self.sent_bytes / self.patience.bytes_per_second
        if self.doing is Doing.SERVED:
            return False
        request = self.request
        if request is None:
            return now - self.waiting_since > (self.patience.idle if self._answered else self.patience.header)
        if request.body_at is None:
            return now - request.begun_at > self.patience.header
        received: int = request.body_bytes_received
        return now - request.body_at > self.patience.grace + received / self.patience.bytes_per_second

    def give_up(self) -> None:
        """End a connection that is late; one in the middle of a request is told so."""
        if self.request is None or not self.fail(self.request, TooSlow()):
            self.handle_close()  # not `will_close`, which waits until something can be sent

    def fail(self, request: RequestParser, error: TooSlow) -> bool:
        """Answer a request with an error while it still comes in; False where it does not any more. From any thread."""
        with self.requests_lock:
            busy = self.requests or self.total_outbufs_len or self._asking
            if busy or self.request is not request or not self.connected:
                return False
            request.fail(error)
            self._line_up(request)
        self.server.pull_trigger()
        return True

    # ------------------------------------------------------------ asking the door

    def received(self, data: bytes) -> bool:
        """Take in what came; ask the door where a header is followed by a body."""
        with self.requests_lock:
            taken: bool = super().received(data)
            if len(self.requests) > MAX_PIPELINED:
                self._end_pipeline()
            request = self.request
            if request is not None and request.held and not self._asking:
                self._asking = True
                self.server.add_question(Question(self, request))
        return taken

    def _end_pipeline(self) -> None:
        """Answer MAX_PIPELINED of the requests that came at once, then close: to send one costs next to nothing."""
        self.requests[MAX_PIPELINED].fail(TooMany())
        for surplus in self.requests[MAX_PIPELINED + 1 :]:
            surplus.close()
        del self.requests[MAX_PIPELINED + 1 :]

    def let_in(self, request: RequestParser, permit: Permit) -> None:
        """Read on: the door has said yes."""
        with self.requests_lock:
            self._asking = False
            if not self.connected or self.request is not request:
                permit.close()
                return
            came = request.let_in(permit)
            if came:
                self.received(came)
            elif request.expect_continue and not self.requests:
                self.send_continue()
        self.server.pull_trigger()

    def refuse(self, request: RequestParser, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer at once and close: the door has said no."""
        with self.requests_lock:
            self._asking = False
            if not self.connected or self.request is not request:
                return
            request.refuse(status, headers, body)
            self._may_drain = DRAIN_UNKNOWN_BYTES if status.startswith(UNKNOWN) else DRAIN_BYTES
            self._line_up(request)
        self.server.pull_trigger()

    def _line_up(self, request: RequestParser) -> None:
        self.request = None
        self.requests.append(request)
        if len(self.requests) == 1:
            self.server.add_task(self)

    # ------------------------------------------------------------ waitress' events

    def readable(self) -> bool:
        """Whether anything is to be read now. Asked of all connections whenever one moves: no calls here."""
        return not (
            self.will_close or self.close_when_flushed or self.requests or self.total_outbufs_len or self._asking
        )

    def handle_read(self) -> None:
        """Read, or throw away what is still coming."""
        if self.draining_until is None:
            super().handle_read()
            return
        with suppress(OSError):
            thrown_away = len(self.recv(self.adj.recv_bytes))
            self._may_drain -= thrown_away
            if thrown_away and self._may_drain > 0:
                return
        if self.connected:
            self.handle_close()

    def handle_write(self) -> None:
        """Send; a connection that is to end with bytes on their way to us ends later."""
        if not (self.close_when_flushed and self._may_drain):
            super().handle_write()
            return
        self.close_when_flushed = False  # so that it is not closed in the same breath
        super().handle_write()
        if not self.connected or self.draining_until is not None:
            return
        if self.total_outbufs_len:
            self.close_when_flushed = True
            return
        try:
            self.socket.shutdown(socket.SHUT_WR)
            self.draining_until = time.monotonic() + self.patience.drain
        except OSError:
            self.handle_close()

    def service(self) -> None:
        """Answer one request."""
        request = self.requests[0] if self.requests else None
        if request is not None and request.error is not None:
            self._may_drain = DRAIN_BYTES if request.permit else DRAIN_UNKNOWN_BYTES
        super().service()
        self.waiting_since, self._answered = time.monotonic(), True

    def write_soon(self, data: bytes) -> int:
        """Send some of a reply, or keep it for sending."""
        if not self.total_outbufs_len:
            self.output_since, self.sent_bytes = time.monotonic(), 0
        return int(super().write_soon(data))

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send some bytes and count them."""
        sent: int = super().send(data, do_close) or 0
        self.sent_bytes += sent
        return sent

    def handle_close(self) -> None:
        """Close, and let go of a body that will not be used."""
        request = self.request
        super().handle_close()
        if request is not None:
            request.close()
