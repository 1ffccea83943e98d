"""A history as people and machines read it: what each version did, and word by word what it changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.models import NormalizedRating, Rating, Statement
from index.store.history import FieldChange, Version
from service.presenters_history import (
    MOST_WORDS,
    Run,
    compare_statements,
    compare_words,
    present_versions,
    said_in,
    steps_of,
    words_of,
)
from service.wording import say

DUCKS = Statement(
    "Ducks are banned.", "https://checks.example/1", Rating("False", normalized=NormalizedRating.FALSE), id="d"
)


def version(number: int, statement: Statement = DUCKS, *, retired: bool = False, by: str | None = "acc_1") -> Version:
    return Version(number, statement, retired, None, by, None)


def test_what_each_version_did() -> None:
    headed = replace(DUCKS, headline="No")
    versions = [
        version(5, headed), version(4, headed, retired=True), version(3, headed, retired=True), version(2, headed), version(1)
    ]  # fmt: skip
    assert [step.act for step in steps_of(versions)] == ["restored", "revised", "retired", "revised", "added"]
    assert [[change.field for change in step.changes] for step in steps_of(versions)][:4] == [[], [], [], ["headline"]]
    assert steps_of([]) == []


def test_writers_are_named_where_their_names_are_known() -> None:
    shown = present_versions([version(2, by="acc_1"), version(1, by=None)], {"acc_1": "ann"})
    assert [(each["written_by"], each["writer"], each["act"]) for each in shown] == [
        ("acc_1", "ann", "revised"), (None, None, "added"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("Ducks are banned", "Ducks are not banned", [("kept", "Ducks are"), ("added", "not"), ("kept", "banned")]),
        ("one two", "two", [("removed", "one"), ("kept", "two")]),
        ("one", "two", [("removed", "one"), ("added", "two")]),
        ("", "new", [("added", "new")]),
        ("gone", "", [("removed", "gone")]),
        ("same  same", "same same", [("kept", "same same")]),
    ],
)
def test_words_are_kept_removed_or_added(before: str, after: str, runs: list[tuple[str, str]]) -> None:
    assert list(compare_words(before, after)) == [Run(*run) for run in runs]


def test_very_long_texts_are_shown_as_a_whole() -> None:
    long = "word " * (MOST_WORDS + 1)
    assert [run.kind for run in compare_words(long, "short")] == ["removed", "added"]


def test_numbers_read_as_people_write_them() -> None:
    assert list(words_of(FieldChange("rating_value", 1.0, None), "de")) == [Run("removed", "1")]
    assert list(words_of(FieldChange("rating_value", None, 2.5), "de")) == [Run("added", "2.5")]


def test_two_statements_are_compared_field_by_field() -> None:
    assert compare_statements(DUCKS, replace(DUCKS, owner="Desk"), "de") == [("owner", [Run("added", "Desk")])]


def test_what_a_rating_means_is_said_in_words() -> None:
    meant = FieldChange("normalized", "mostly_false", "satire")
    assert list(words_of(meant, "de")) == [Run("removed", "größtenteils falsch"), Run("added", "Satire")]
    assert dict(said_in(DUCKS, "de"))["normalized"] == say("de", f"rating.{DUCKS.rating.normalized.value}")
