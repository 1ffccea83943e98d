"""What a house keeps besides the review: out and back from a file, and never taken from what strangers publish."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.exchange.claimreview import ParsedReview, read_review, statement_to_claimreview
from index.exchange.fields import Warnings
from index.exchange.keeping import MAX_CITATIONS, kept_fields, of_others, read_kept
from index.models import Citation, Rating, Statement

OURS = Statement(
    "Our bank never asks for a PIN.", "https://bank.example/pin", Rating("True"), owner="Risk desk",
    valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31),
    citations=(Citation("https://bank.example/rules", "Rules"), Citation("https://law.example/7")),
)  # fmt: skip
NOTHING = {"citations": (), "valid_from": None, "valid_until": None, "owner": None}


def test_it_is_said_in_words_of_schema_org() -> None:
    assert kept_fields(OURS) == {
        "citation": [
            {"@type": "CreativeWork", "url": "https://bank.example/rules", "name": "Rules"},
            {"@type": "CreativeWork", "url": "https://law.example/7"},
        ],
        "validFrom": "2026-01-01",
        "expires": "2026-12-31",
        "maintainer": {"@type": "Organization", "name": "Risk desk"},
    }
    bare = replace(OURS, **NOTHING)
    assert set(kept_fields(bare).values()) == {None}
    assert not {"citation", "validFrom", "expires", "maintainer"} & statement_to_claimreview(bare).keys()


@pytest.mark.parametrize(
    ("review", "read", "said"),
    [
        ({}, {}, None),
        ({"citation": "https://a.example/"}, {"citations": (Citation("https://a.example/"),)}, None),
        (
            {"citation": {"@id": "https://a.example/", "name": "A"}},
            {"citations": (Citation("https://a.example/", "A"),)},
            None,
        ),
        ({"citation": ["Ann, 2021", {"url": "javascript:alert(1)"}]}, {}, "no http(s) address"),
        ({"expires": "2026-12-31T23:59:59+01:00"}, {"valid_until": date(2026, 12, 31)}, None),
        ({"expires": "never", "validFrom": 7}, {}, "is not a date"),
        ({"maintainer": "Desk"}, {"owner": "Desk"}, None),
    ],
)
def test_what_cannot_be_read_is_left_out_and_said(review: dict, read: dict, said: str | None) -> None:
    warnings = Warnings()
    assert read_kept(review, warnings) == {**NOTHING, **read}
    assert all(said and said in each for each in warnings)
    assert bool(list(warnings)) is (said is not None)


def test_of_very_many_citations_the_first_are_kept() -> None:
    warnings = Warnings()
    read = read_kept({"citation": [f"https://a.example/{n}" for n in range(MAX_CITATIONS + 5)]}, warnings)
    assert len(read["citations"]) == MAX_CITATIONS
    assert "the rest is left out" in " ".join(warnings)


def test_what_others_publish_is_never_ours() -> None:
    rejected = ParsedReview(2, None, "no claim")
    read, passed = of_others([read_review(statement_to_claimreview(OURS)), rejected])
    assert read.statement is not None
    assert not read.statement.is_own
    assert (read.statement.valid_from, read.statement.valid_until) == (None, None)
    assert read.statement.citations == OURS.citations
    assert passed is rejected
