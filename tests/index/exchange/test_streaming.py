"""A DataFeed element by element: nulls, faults, and memory that does not grow with it."""

from __future__ import annotations

import io
import json

import pytest

from index.exchange.streaming import CUT_OFF, NO_FEED, StreamedReviews, stream


def review(number: int) -> dict:
    return {
        "@type": "ClaimReview",
        "url": f"https://c.example/{number}",
        "claimReviewed": f"Claim {number}.",
        "reviewRating": {"alternateName": "False"},
    }


def streamed(content: bytes) -> tuple[int, list[str]]:
    target = io.BytesIO()
    status = stream(io.BytesIO(content), target)
    return status, [json.loads(line)["claimReviewed"] for line in target.getvalue().splitlines()]


FEED = json.dumps(
    {"@type": "DataFeed", "dataFeedElement": [None, {"item": [review(1), None]}, {"item": review(2)}, {"item": None}]}
).encode()


@pytest.mark.parametrize(
    ("content", "status", "claims"),
    [
        (FEED, 0, ["Claim 1.", "Claim 2."]),
        (b"\xef\xbb\xbf" + FEED, 0, ["Claim 1.", "Claim 2."]),
        (FEED[:-5], CUT_OFF, ["Claim 1.", "Claim 2."]),
        (FEED[: FEED.index(b"Claim 2")], CUT_OFF, ["Claim 1."]),
        (FEED.replace(b"Claim 2.", b"Claim \xff2."), CUT_OFF, ["Claim 1."]),
        (b'{"dataFeedElement": []}', 0, []),
        (b"{}", NO_FEED, []),
        (b"", NO_FEED, []),
        (b"<html>", NO_FEED, []),
        (b'{"dataFeedElement": [' + b'{"item":' * 5000 + b"1" + b"}" * 5000 + b"]}", 0, []),
    ],
)  # fmt: skip
def test_what_can_be_read_is_given_and_what_cannot_is_told(content: bytes, status: int, claims: list[str]) -> None:
    assert streamed(content) == (status, claims)


def test_the_reviews_come_from_a_process_of_its_own_with_what_ended_them(tmp_path) -> None:
    for content, claims, fault in ((FEED, 2, None), (FEED[:-5], 2, "cut off"), (b"{}", 0, "not a DataFeed")):
        path = tmp_path / "feed.json"
        path.write_bytes(content)
        with path.open("rb") as file, StreamedReviews(file) as reviews:
            assert len([each for each in reviews if each.statement]) == claims
        assert (reviews.fault is None) if fault is None else fault in (reviews.fault or "")


def test_whoever_stops_early_leaves_no_process(tmp_path) -> None:
    path = tmp_path / "feed.json"
    path.write_bytes(json.dumps({"dataFeedElement": [{"item": review(n)} for n in range(5000)]}).encode())
    with path.open("rb") as file, StreamedReviews(file) as reviews:
        assert next(iter(reviews)).statement.claim_reviewed == "Claim 0."
    assert reviews._process.poll() is not None
