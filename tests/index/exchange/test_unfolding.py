"""A large JSON document, read by a process of its own."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from index.errors import ImportRejected
from index.exchange.importing import read_reviews
from index.exchange.unfolding import unfold

REVIEWS = [
    {
        "@type": "ClaimReview",
        "claimReviewed": f"The moon has {number} craters — «Krater».",
        "url": f"https://checks.example/{number}",
        "reviewRating": {"alternateName": "False"},
    }
    for number in range(3)
]
FEED = {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": REVIEWS}]}


@pytest.fixture
def file() -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as made:
        yield made


def put(file: BinaryIO, content: bytes) -> BinaryIO:
    file.write(content)
    file.seek(0)
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_lines_read_as_the_document_does(file: BinaryIO, encoding: str) -> None:
    content = json.dumps(FEED, ensure_ascii=False).encode(encoding)
    with unfold(put(file, content)) as lines:
        assert list(read_reviews(lines, "application/x-ndjson")) == list(read_reviews(content, "application/ld+json"))
        lines.seek(0)
        assert len(lines.readlines()) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{}{}", "not JSON: Extra data at line 1"),
        (b'{"a": 1}', "no ClaimReview"),
        (b"[" * 100_000, "nested too deeply"),
    ],
    ids=["two documents", "no reviews", "depth"],
)
def test_what_cannot_be_read_is_said(file: BinaryIO, content: bytes, said: str) -> None:
    with pytest.raises(ImportRejected, match=said):
        unfold(put(file, content))


def test_a_document_that_takes_too_much_memory_ends_its_own_process_alone(file: BinaryIO) -> None:
    with pytest.raises(ImportRejected, match="too much memory"):
        unfold(put(file, b"[" + b"[]," * 5_000_000 + b"[]]"), memory_bytes=300_000_000)
