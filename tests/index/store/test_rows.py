"""Statements as rows and back: nothing is lost but what no database takes, and earlier versions are still read."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.models import Citation, NormalizedRating, Publisher, Rating, Statement
from index.store.rows import ADDED_LATER, aware, from_version, says_the_same, storable, tag_of, to_columns, to_statement

FULL = Statement(
    claim_reviewed="Lemons cure.", url="https://checks.example/1", rating=Rating("False", 1, 5, 0, NormalizedRating.FALSE),
    publisher=Publisher("Example Checks", "checks.example"), language="en", headline="No cure", claimant="A neighbour",
    date_published=date(2021, 5, 3), explanation="No evidence.", cluster="c1", license="CC0", author="Jo",
    citations=(Citation("https://doi.example/1", "A study"), Citation("https://doi.example/2")),
    valid_from=date(2021, 1, 1), valid_until=date(2022, 1, 1), owner="Desk",
)  # fmt: skip

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False)


def row_of(statement: Statement, **more: object) -> dict[str, object]:
    return {**to_columns(statement), "id": statement.id, "key": statement.key, "deleted_at": None, **more}


@given(
    claim=TEXTS, explanation=st.none() | TEXTS, author=st.none() | TEXTS, day=st.none() | st.dates(),
    numbers=st.tuples(NUMBERS, NUMBERS, NUMBERS), rating=st.sampled_from(NormalizedRating),
)  # fmt: skip
def test_a_statement_comes_back_as_it_went(claim, explanation, author, day, numbers, rating) -> None:
    statement = replace(
        FULL, claim_reviewed=claim, explanation=explanation, author=author, date_published=day,
        rating=Rating("words", *numbers, rating), id="abc", key=7,
    )  # fmt: skip
    assert to_statement(row_of(statement)) == statement


def test_everything_that_may_be_missing_may_be_missing() -> None:
    bare = Statement(
        "Lemons cure.", "https://checks.example/1", Rating("False", normalized=NormalizedRating.FALSE), id="a", key=1
    )
    assert to_statement(row_of(bare)) == bare


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\0b", "ab"), ("\ud83d alone", "? alone"), ("whole 😀", "whole 😀"), ("", ""), ("Zürich\n", "Zürich\n")],
)
def test_what_no_database_takes_is_dropped_or_replaced(text: str, kept: str) -> None:
    assert storable(text) == kept
    assert to_columns(replace(FULL, claim_reviewed=text))["claim_reviewed"] == kept


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 10**400])
def test_a_number_that_is_none_is_left_out(number: float) -> None:
    assert to_columns(replace(FULL, rating=replace(FULL.rating, rating_value=number)))["rating_value"] is None


def test_a_row_says_the_same_only_while_it_is_in_use_and_nothing_differs() -> None:
    row = row_of(FULL)
    assert says_the_same(row, to_columns(FULL))
    assert not says_the_same({**row, "deleted_at": datetime.now(UTC)}, to_columns(FULL))
    assert not says_the_same(row, to_columns(replace(FULL, author="Somebody else")))
    assert not says_the_same(row, to_columns(replace(FULL, date_published=None)))


def test_a_version_that_was_kept_as_json_is_read_whether_it_knew_all_columns_or_not() -> None:
    version = json.loads(json.dumps(to_columns(FULL)))
    assert from_version(version, "abc", 7) == replace(FULL, id="abc", key=7)
    for name in ADDED_LATER:
        del version[name]
    unknown = {"author": None, "citations": (), "valid_from": None, "valid_until": None, "owner": None}
    assert from_version(version, "abc", 7) == replace(FULL, id="abc", key=7, **unknown)


def test_a_moment_without_its_zone_is_utc() -> None:
    naive = datetime(2026, 11, 29, 12)  # noqa: DTZ001 - as SQLite gives it back
    there = datetime(2026, 11, 29, 12, tzinfo=timezone(timedelta(hours=2)))
    assert aware(naive) == datetime(2026, 11, 29, 12, tzinfo=UTC)
    assert aware(there) is there


@pytest.mark.parametrize(
    "change",
    [{"claim_reviewed": "Lemons cure nothing."}, {"owner": None}, {"citations": ()}, {"valid_until": None}, {"id": "b"},
     {"rating": replace(FULL.rating, normalized=NormalizedRating.TRUE)}],
)  # fmt: skip
def test_what_says_something_else_has_another_tag(change: dict[str, object]) -> None:
    assert tag_of(replace(FULL, key=7)) == tag_of(FULL)
    assert tag_of(replace(FULL, **change)) != tag_of(FULL)
