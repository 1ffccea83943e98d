"""One request as it comes in: its header first; a body of any size only once the door has said that it may come."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any, BinaryIO

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest, RequestEntityTooLarge

from service.web.permits import Permit

UNASKED_BYTES = 16 * 1024  # a body of less is read along with its header: both together are one packet, mostly
CHUNK_LINE_BYTES = 1024
TRAILER_BYTES = 16 * 1024
FREE_WRAPPING_BYTES = 64 * 1024


class RequestParser(HTTPRequestParser):  # type: ignore[misc]
    """waitress' parser with a stop between header and body, and a limit of its own for each body."""

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.held = False  # the door is being asked, nothing more is read meanwhile
        self.permit: Permit | None = None
        self.refusal: tuple[str, list[tuple[str, str]], bytes] | None = None
        self.begun_at = time.monotonic()
        self.body_at: float | None = None  # when the body was let in
        self._limit = UNASKED_BYTES
        self._held_back = b""
        self._wants_continue = False

    def received(self, data: bytes) -> int:
        """Take in what came; returns how much of it belonged to this request."""
        if self.held:
            self._held_back += data
            return len(data)
        in_header = self.body_rcv is None
        consumed: int = super().received(data)
        if self.body_rcv is not None and not self.error:
            if in_header:
                self._end_header()
            else:
                self._check_body()
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Read a header. One that gives its body two lengths is refused: a proxy before us may have taken the other."""
        try:
            super().parse_header(header_plus)
        except ValueError:  # an address that cannot be taken apart; left alone it ends the connection without a word
            raise ParsingError("Bad URI") from None
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Transfer-Encoding and Content-Length exclude each other: send one of them.")

    def let_in(self, permit: Permit) -> bytes:
        """Go on with the body; returns what of it came meanwhile and is to be received now."""
        self.permit, self._limit = permit, permit.limit
        self.held, self.body_at = False, time.monotonic()
        came, self._held_back = self._held_back, b""
        self.expect_continue = self._wants_continue and not came
        return came

    def refuse(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer instead of reading on."""
        self.refusal = (status, headers, body)
        self.held, self.completed = False, True
        self._held_back = b""

    def fail(self, error: Any) -> None:
        """End with an error of waitress'."""
        self.error, self.completed = error, True
        self.expect_continue = False

    def get_body_stream(self) -> BinaryIO:
        """The body; empty while the door is being asked."""
        stream: BinaryIO = BytesIO() if self.held else super().get_body_stream()
        return stream

    def close(self) -> None:
        """Let go of the body and of what is held for it."""
        super().close()
        if self.permit is not None:
            self.permit.close()

    def _end_header(self) -> None:
        if self.chunked or self.expect_continue or self.content_length > UNASKED_BYTES:
            self.held = True
            self._wants_continue, self.expect_continue = self.expect_continue, False
        else:
            self.body_at = time.monotonic()

    def _check_body(self) -> None:
        if not self.chunked:  # one of a declared length ends there
            return
        receiver = self.body_rcv
        wrapping = self.body_bytes_received - len(receiver)
        if len(receiver) > self._limit or self.body_bytes_received > 2 * self._limit + FREE_WRAPPING_BYTES:
            self.fail(RequestEntityTooLarge(f"The body is larger than {self._limit:,} bytes."))
        elif len(receiver.control_line) > CHUNK_LINE_BYTES or len(receiver.trailer) > TRAILER_BYTES:
            self.fail(BadRequest("A line between the chunks is too long."))
        elif wrapping > FREE_WRAPPING_BYTES + len(receiver) / 4:  # each chunk costs time, however small it is
            self.fail(BadRequest("The chunks are too small."))
