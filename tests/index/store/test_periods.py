"""Periods that begin or end let their statements count as changed, once, and nothing else of them changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from index.models import Rating, Statement
from index.store.history import versions_of
from index.store.periods import turn_periods
from index.store.statements import StatementStore
from index.store.walking import changed_keys

PERIODS = {
    "always": (None, None),
    "begins": (date(2026, 3, 10), None),
    "ends": (None, date(2026, 3, 10)),
    "march": (date(2026, 3, 1), date(2026, 3, 31)),
    "a day": (date(2026, 3, 10), date(2026, 3, 10)),
    "later": (date(10000 - 1, 1, 1), None),
}


@pytest.fixture
def store(database_url: str) -> Iterator[StatementStore]:
    opened = StatementStore.open(database_url)
    for name, (begins, ends) in PERIODS.items():
        opened.create(
            Statement(name, f"https://a.example/{name}", Rating("False"), valid_from=begins, valid_until=ends)
        )
    yield opened
    opened.close()


def turned(store: StatementStore, after: date | None, until: date) -> list[str]:
    """The claims of those that count as changed."""
    before = store.checkpoint().sequence
    number = turn_periods(store.engine, after, until)
    keys = changed_keys(store, before, before + 1)
    assert len(keys) == number
    assert store.checkpoint().sequence == before + bool(number), "without any there is nothing to follow"
    return sorted(each.claim_reviewed for each in store.by_keys(list(keys)).values())


@pytest.mark.parametrize(
    ("after", "until", "those"),
    [
        (date(2026, 2, 27), date(2026, 2, 28), []),
        (date(2026, 2, 28), date(2026, 3, 1), ["march"]),
        (date(2026, 3, 1), date(2026, 3, 9), []),
        (date(2026, 3, 9), date(2026, 3, 10), ["a day", "begins"]),  # what ends on this day still holds
        (date(2026, 3, 10), date(2026, 3, 11), ["a day", "ends"]),
        (date(2026, 3, 11), date(2026, 3, 31), []),
        (date(2026, 3, 31), date(2026, 4, 1), ["march"]),
        (date(2026, 3, 5), date(2026, 3, 20), ["a day", "begins", "ends"]),  # days on which nobody looked
        (None, date(2026, 3, 11), ["a day", "begins", "ends", "march"]),
        (None, date(2026, 1, 1), []),
    ],
)
def test_those_whose_period_began_or_ended_between_two_days_count_as_changed(
    store: StatementStore, after: date | None, until: date, those: list[str]
) -> None:
    assert turned(store, after, until) == those


def test_what_it_says_and_who_wrote_it_when_stays(store: StatementStore) -> None:
    (before,) = [each for each in store.select().statements if each.claim_reviewed == "begins"]
    versions = versions_of(store, before.id)
    assert turned(store, date(2026, 3, 9), date(2026, 3, 10)) == ["a day", "begins"]
    assert (store.get(before.id), versions_of(store, before.id)) == (before, versions)


def test_what_was_taken_out_of_use_stays_out(store: StatementStore) -> None:
    for each in store.select().statements:
        store.delete(each.id)
    assert turned(store, None, date(2026, 12, 31)) == []
