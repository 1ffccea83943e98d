"""A large JSON document as one review a line, read in a process of its own.

Reading 39 MB of JSON takes seconds in which nothing else in the process can run, and five times its size in memory;
both end with the process that does it. Run as `python -m index.exchange.unfolding`: JSON in, NDJSON out; what is wrong
with the input is said on standard error, with status 3.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from index.errors import ImportRejected
from index.exchange.decoding import decode
from index.exchange.dirty_json import read_json
from index.exchange.finding import find_reviews

MEMORY_BYTES = 1024**3  # sixteen times the largest import
SECONDS = 120
REJECTED = 3


def unfold(source: BinaryIO, memory_bytes: int = MEMORY_BYTES) -> BinaryIO:
    """The reviews of a JSON file, one a line, in a temporary file. Raises ImportRejected like `read_reviews`."""
    lines = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        ran = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-m", __spec__.name, str(memory_bytes)],
            stdin=source,
            stdout=lines,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        lines.close()
        raise ImportRejected("Reading this JSON takes too long: send it in parts.") from None
    if ran.returncode:
        lines.close()
        said = ran.stderr.decode("utf-8", "replace").strip() if ran.returncode == REJECTED else ""
        raise ImportRejected(said or "This JSON takes too much memory: send it in parts.")
    lines.seek(0)
    return lines


def main() -> int:
    """Unfold standard input to standard output."""
    with suppress(ValueError, OSError):
        most = int(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))  # references can make much of little
    try:
        for review in unfold_json(sys.stdin.buffer):
            sys.stdout.buffer.write(json.dumps(review).encode() + b"\n")
    except ImportRejected as rejected:
        sys.stderr.write(str(rejected))
        return REJECTED
    except (MemoryError, RecursionError, OSError):
        return 1
    return 0


def unfold_json(source: BinaryIO) -> Iterator[Any]:
    """The reviews in a JSON document. Raises ImportRejected where it is none, or there are none in it."""
    try:
        data, _ = load_json(source)
    except ValueError as error:
        raise ImportRejected(f"This is not JSON: {error}") from None
    return reviews_in(data)


def reviews_in(data: Any) -> Iterator[Any]:
    """The reviews in a JSON value. Raises ImportRejected where there are none, unless it is an empty list or feed."""
    none = True
    for review in find_reviews(data):
        none = False
        yield review
    if none and data not in ([], {}) and not _is_feed(data):
        raise ImportRejected("There is no ClaimReview in this JSON.")


def load_json(source: BinaryIO, named: str | None = None) -> tuple[Any, bool]:
    """JSON in whatever charset, and whether it had to be repaired; ValueError where it is none."""
    text = decode(source.read(), named)  # whoever named the bytes would hold them while the text is read
    return read_json(text)


def _is_feed(data: Any) -> bool:
    return isinstance(data, dict) and any(name in data for name in ("dataFeedElement", "@graph", "claims"))


if __name__ == "__main__":
    sys.exit(main())
