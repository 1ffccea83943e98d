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
from contextlib import suppress
from typing import Any, BinaryIO

from index.errors import ImportRejected
from index.exchange.claimreview import find_reviews

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
    try:
        for review in unfold_json(sys.stdin.buffer):
            sys.stdout.buffer.write(json.dumps(review).encode() + b"\n")
    except ImportRejected as rejected:
        sys.stderr.write(str(rejected))
        return REJECTED
    except (MemoryError, RecursionError):
        return 1
    return 0


def unfold_json(source: BinaryIO) -> list[Any]:
    """The reviews in a JSON document. Raises ImportRejected where it is none, or there are none in it."""
    try:
        data = load_json(source.read())
    except ValueError as error:
        raise ImportRejected(f"This is not JSON: {error}") from None
    found = list(find_reviews(data))
    if not found:
        listed = data if isinstance(data, list) else [data]
        found = [item for item in listed if isinstance(item, dict) and "claimReviewed" in item]
    if not found and data not in ([], {}) and not _is_feed(data):
        raise ImportRejected("There is no ClaimReview in this JSON.")
    return found


def load_json(raw: bytes) -> Any:
    """JSON that may hold control characters, NaN or huge numbers; ValueError where it is none."""
    try:
        text = decode(raw)
        del raw  # a large one is not to lie here twice
        return json.loads(text, strict=False, parse_int=_whole)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at line {error.lineno}, column {error.colno}") from None


def decode(raw: bytes) -> str:
    """Text in whatever UTF it is written; what is broken becomes U+FFFD."""
    return raw.decode(find_charset(raw), "replace")


def find_charset(start: bytes) -> str:
    """The encoding that the first bytes of a text name."""
    for mark, charset in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if start.startswith(mark):
            return charset
    return "utf-8"


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 300 else float(digits)


def _is_feed(data: Any) -> bool:
    return isinstance(data, dict) and ("dataFeedElement" in data or "@graph" in data)


if __name__ == "__main__":
    sys.exit(main())
