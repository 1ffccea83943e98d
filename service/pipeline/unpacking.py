"""Content-Encoding undone piece by piece, however small the packed bytes are. The only home of brotli and zstd."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Protocol

from service.errors import PageTooLarge, PageUnsupported

MAX_CODINGS = 3  # one within the other; more is no page
MAX_MEMBERS = 10_000  # of one body: each costs a new beginning, and may be empty
PIECE = 65_536  # bytes that one step gives out at most, so that a packing within another unfolds slowly too
ZSTD_WINDOW = 23  # 8 MB, what RFC 9659 allows on the web
ZLIB_HEADER = 2  # bytes
GZIP_MAGIC = b"\x1f\x8b\x08"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
CHECKSUM = 8  # bytes after packed content, at most
WRONG_CHECKSUM = re.compile(r"(?:data|length) check")  # what zlib says of one
# Names of codings that exist and are not read. Whatever else a header holds (utf-8, none, binary) names no coding.
UNREAD = frozenset(
    {"compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip", "aes128gcm", "bzip2", "x-bzip2", "xz", "lzma"}
)


class Coding(Protocol):
    """One packing being undone."""

    @property
    def is_whole(self) -> bool:
        """Whether what came until now, if anything, has its end mark."""

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """What a piece unfolds to, in parts of about PIECE bytes. Raises PageUnsupported where it is damaged."""


class Unpacker:
    """Undoes what a Content-Encoding header names and stops at a size, after every step."""

    def __init__(self, encoding: str, limit: int) -> None:
        named = [name for name in re.split(r"[\s,;\"']+", encoding.lower()) if name]
        unread = next((name for name in named if name in UNREAD), None)
        if unread:
            raise PageUnsupported(f"The page is compressed as {unread!r}, which is not read.")
        codings = [CODINGS[name] for name in named if name in CODINGS]
        if len(codings) > MAX_CODINGS:
            raise PageUnsupported("The page is compressed too many times over.")
        self._codings: list[Coding] = [begin() for begin in reversed(codings)]
        # The header names something that is no coding: then the bytes themselves say whether they are packed.
        self._doubtful = bool(named) and not codings and "identity" not in named
        self._limit, self._size = limit, 0

    def unpack(self, piece: bytes) -> bytes:
        """The plain bytes of one piece. Raises PageTooLarge, PageUnsupported."""
        if self._doubtful and piece:
            self._doubtful = False
            self._codings = [Inflating("gzip")] if piece.startswith(GZIP_MAGIC) else []
        parts = []
        for part in self._unfold(piece, 0):
            self._size += len(part)
            if self._size > self._limit:
                raise PageTooLarge(f"The page is larger than {self._limit / 1e6:g} MB.")
            parts.append(part)
        return b"".join(parts)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing at the end of what came until now, as far as its codings tell."""
        return all(coding.is_whole for coding in self._codings)

    def _unfold(self, piece: bytes, depth: int) -> Iterator[bytes]:
        if depth == len(self._codings):
            yield piece
            return
        inner = 0
        for part in self._codings[depth].unpack(piece):
            inner += len(part)
            if inner > self._limit:  # also what is packed once more may not grow past all bounds
                raise PageTooLarge(f"The page is larger than {self._limit / 1e6:g} MB.")
            yield from self._unfold(part, depth + 1)


class Inflating:
    """gzip, of any number of members, and deflate, with its header and (as some servers send it) without."""

    def __init__(self, name: str) -> None:
        self._name, self._begun, self._ended, self._members = name, False, False, 0
        self._unzip = zlib.decompressobj(zlib.MAX_WBITS | 32)
        self._opening = b""  # of deflate: read again where it proves to have no header
        self._kept = b""  # the beginning of a member whose first bytes have not all come
        self._fed = False

    @property
    def is_whole(self) -> bool:
        """See Coding. Without its checksum, as some servers send it, the content is whole all the same."""
        return not self._fed or self._unzip.eof or ends_before_checksum(self._unzip)

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """See Coding. What follows the last member is left out, as browsers do."""
        left, self._kept, full = self._kept + piece, b"", False
        self._fed = self._fed or bool(piece)
        while (left or full) and not self._ended:
            if self._unzip.eof:
                left = left.lstrip(b"\0")  # padding
                if len(left) < len(GZIP_MAGIC) and GZIP_MAGIC.startswith(left):
                    self._kept = left
                    return
                self._ended = self._name != "gzip" or not left.startswith(GZIP_MAGIC)
                if self._ended:
                    return
                self._members = counted(self._members)
                self._unzip = zlib.decompressobj(zlib.MAX_WBITS | 32)
            part = self._inflate(left)
            self._begun = self._begun or bool(part)
            if part:
                yield part
            full = len(part) == PIECE  # then more may come out of what has gone in
            left = self._unzip.unused_data if self._unzip.eof else self._unzip.unconsumed_tail

    def _inflate(self, packed: bytes) -> bytes:
        if self._name == "deflate" and not self._begun and len(self._opening) < ZLIB_HEADER:
            self._opening += packed
        try:
            return self._unzip.decompress(packed, PIECE)
        except zlib.error:
            if self._name == "deflate" and not self._begun:
                self._begun, self._unzip = True, zlib.decompressobj(-zlib.MAX_WBITS)
                return self._inflate(self._opening)
            raise damaged() from None


class Brotli:
    """br (RFC 7932)."""

    def __init__(self) -> None:
        import brotli

        self._stream: Any = brotli.Decompressor()
        self._error: type[Exception] = brotli.error
        self._fed = False

    @property
    def is_whole(self) -> bool:
        """See Coding."""
        return not self._fed or bool(self._stream.is_finished())

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """See Coding. What follows the stream is left out."""
        if self._stream.is_finished():
            return
        self._fed = self._fed or bool(piece)
        try:
            part = self._stream.process(piece, output_buffer_limit=PIECE)
            while part:  # it may hold more, also where it would take more
                yield part
                part = b"" if self._stream.is_finished() else self._stream.process(b"", output_buffer_limit=PIECE)
        except self._error:
            raise damaged() from None


class Zstandard:
    """zstd (RFC 8878), of any number of frames, with the window that RFC 9659 allows."""

    def __init__(self) -> None:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd

        self._error, self._frames = zstd.ZstdError, 0
        options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW}
        self._new: Callable[[], Any] = partial(zstd.ZstdDecompressor, options=options)
        self._frame = self._new()
        self._opening = b""  # of the frame

    @property
    def is_whole(self) -> bool:
        """See Coding. What follows the last frame and does not begin like one is none."""
        foreign = self._frames > 0 and not self._opening.startswith(ZSTD_MAGIC)
        return not self._opening or self._frame.eof or foreign

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """See Coding."""
        left, fresh = piece, True
        while left or not fresh:
            if self._frame.eof:
                self._frames = counted(self._frames)
                self._frame, self._opening = self._new(), b""
            self._opening = (self._opening + left)[: len(ZSTD_MAGIC)]
            try:
                part = self._frame.decompress(left, PIECE)
            except self._error:
                if self._frames:  # what follows the last frame is left out
                    return
                raise damaged() from None
            if part:
                yield part
            left = self._frame.unused_data if self._frame.eof else b""
            fresh = self._frame.eof or self._frame.needs_input


def ends_before_checksum(unzip: Any) -> bool:
    """Whether all that a stream still lacks is its checksum: then any other bytes are a wrong one.

    Inside the content some bytes may end it by chance, but never zeros and ones alike.
    """
    for bits in (b"\x00", b"\xff"):
        rest = unzip.copy()
        try:
            rest.decompress(bits * CHECKSUM)
        except zlib.error as error:
            if not WRONG_CHECKSUM.search(str(error)):
                return False
        else:
            if not rest.eof:
                return False
    return True


def counted(members: int) -> int:
    """One more. Raises PageUnsupported past all bounds."""
    if members >= MAX_MEMBERS:
        raise PageUnsupported("The page is compressed in too many parts.")
    return members + 1


def damaged() -> PageUnsupported:
    """The fault of packed content that cannot be undone."""
    return PageUnsupported("The page's compressed content is damaged.")


CODINGS: dict[str, Callable[[], Coding]] = {
    "gzip": lambda: Inflating("gzip"),
    "x-gzip": lambda: Inflating("gzip"),
    "deflate": lambda: Inflating("deflate"),
    "br": Brotli,
    "zstd": Zstandard,
}
