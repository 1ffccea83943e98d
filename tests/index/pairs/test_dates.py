"""Dates as they are written, and which of them agree."""

from __future__ import annotations

import pytest

from index.pairs.dates import Day, find_dates, month_of


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("am 3. Mai 2021", [(2021, 5, 3)]),
        ("May 3rd, 2021", [(2021, 5, 3)]),
        ("the 3rd of May", [(None, 5, 3)]),
        ("03.05.2021 bis 2021-06-01", [(2021, 5, 3), (2021, 6, 1)]),
        ("im Mai 2021", [(2021, 5, None)]),
        ("Jänner 2020", [(2020, 1, None)]),
        ("since late-May", [(None, 5, None)]),
        ("seit Mai", [(None, 5, None)]),
        ("im Jahr 2015", [(2015, None, None)]),
        ("2015 Menschen", []),
        ("2000 Euro", []),
        ("They may march 5 miles", [(None, 3, 5)]),
        ("Es war einmal.", []),
    ],
)
def test_dates_as_far_as_they_are_said(text: str, days: list[tuple[int | None, int | None, int | None]]) -> None:
    assert [(found.year, found.month, found.day) for found in find_dates(text)] == days


@pytest.mark.parametrize(
    ("first", "second", "agree"),
    [
        ("am 3. Mai 2021", "im Mai 2021", True),
        ("am 3. Mai", "2021-05-03", True),
        ("im Mai 2021", "im Juni 2021", False),
        ("am 3. Mai", "am 4. Mai", False),
        ("2020", "2021-05-03", False),
        ("im Jahr 2021", "seit Mai", True),
    ],
)
def test_dates_agree_where_no_part_that_both_say_differs(first: str, second: str, agree: bool) -> None:
    (one,), (other,) = find_dates(first), find_dates(second)
    assert one.agrees(other) is other.agrees(one) is agree


def test_the_words_of_a_date_are_kept() -> None:
    assert find_dates("Es war am 3. Mai 2021 kalt.") == [Day(2021, 5, 3, "3. Mai 2021")]


@pytest.mark.parametrize(
    ("names", "number"),
    [("January Januar Jänner jan", 1), ("March März", 3), ("May Mai", 5), ("October Oktober okt", 10), ("Dezember December", 12)],
)  # fmt: skip
def test_months_are_known_in_both_languages(names: str, number: int) -> None:
    assert {month_of(name) for name in names.split()} == {number}
