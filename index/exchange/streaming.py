"""A DataFeed of any size as one review a line, read element by element in a process of its own: memory stays flat.

Run as `python -m index.exchange.streaming`: a DataFeed in, NDJSON out. What could be read before a fault counts. The
only home of ijson.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, BinaryIO, Self

from index.exchange.claimreview import ParsedReview, read_review
from index.exchange.finding import find_reviews

MEMORY_BYTES = 512 * 1024**2
ELEMENTS = "dataFeedElement.item"
CUT_OFF, NO_FEED = 3, 4
FAULTS = {
    CUT_OFF: "The feed is damaged or cut off: what came before that was read.",
    NO_FEED: "This is not a DataFeed: it has no dataFeedElement.",
}
OTHERWISE = "Reading the feed took too much memory: what came before that was read."
BOM = b"\xef\xbb\xbf"
NO_ELEMENTS = re.compile(rb'"dataFeedElement"\s{0,9}:\s{0,9}(?:\[|null)')


class StreamedReviews:
    """The reviews of a DataFeed in a file, as they are read; afterwards `fault` says what ended it too early."""

    def __init__(self, source: BinaryIO) -> None:
        self.fault: str | None = None
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", __spec__.name, str(MEMORY_BYTES)],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def __iter__(self) -> Iterator[ParsedReview]:
        for number, line in enumerate(self._process.stdout or (), 1):
            yield parsed(line, number)
        status = self._process.wait()
        self.fault = FAULTS.get(status, OTHERWISE) if status else None


def parsed(line: bytes, number: int) -> ParsedReview:
    """The review in a line of our own process."""
    try:
        return read_review(json.loads(line), number)
    except (ValueError, RecursionError):
        return ParsedReview(number, None, "nested too deeply")


def main() -> int:
    """A DataFeed on standard input as NDJSON on standard output."""
    with suppress(ValueError, OSError):
        most = int(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        return stream(sys.stdin.buffer, sys.stdout.buffer)
    except (MemoryError, OSError):
        return 1


def stream(source: BinaryIO, target: BinaryIO) -> int:
    """Write the reviews of a feed, one a line; returns 0, CUT_OFF or NO_FEED."""
    import ijson

    seen = False
    try:
        for element in ijson.items(Unmarked(source), ELEMENTS, use_float=True):
            seen = True
            for line in lines_of(element):
                target.write(line)
    except (ijson.JSONError, UnicodeDecodeError):
        target.flush()
        return CUT_OFF if seen else NO_FEED
    target.flush()
    return 0 if seen or is_empty_feed(source) else NO_FEED


def lines_of(element: Any) -> Iterator[bytes]:
    """The reviews in an element (often null, a list with nulls, or a single object), a line each."""
    with suppress(RecursionError, ValueError):
        for review in find_reviews(element):
            yield json.dumps(review).encode() + b"\n"


def is_empty_feed(source: BinaryIO) -> bool:
    """Whether what was read has a list of elements, though nothing is in it."""
    source.seek(0)
    return bool(NO_ELEMENTS.search(source.read(10_000)))


class Unmarked:
    """A file without its byte order mark."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._begun = source, False

    def read(self, size: int) -> bytes:
        """The next bytes; none only at the end."""
        piece = self._source.read(size)
        if not self._begun and size:
            self._begun = True
            piece = piece.removeprefix(BOM) or self._source.read(size)
        return piece


if __name__ == "__main__":
    sys.exit(main())
