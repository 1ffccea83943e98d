"""Two readings of the clock apart: only what both call too old is too old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.clock import Reading
from service.store.readings import APART_SECONDS, ReadingStore

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE = 60


class TableClock:
    """Says what it is told to."""

    def __init__(self) -> None:
        self.reading = Reading(NOON, 1000.0, "first")

    def read(self) -> Reading:
        return self.reading


@pytest.fixture
def readings(house):
    """Notes a reading so many seconds after 1000, so far from the right time, and gives the agreed time."""
    clock = TableClock()
    store = ReadingStore(house.application.statements.engine, clock)

    def note(steady: float, boot: str = "first", **wrong: float):
        right = NOON + timedelta(seconds=steady)
        clock.reading = Reading(right + timedelta(**wrong), 1000 + steady, boot)
        return store.agreed_time()

    return note


def test_one_reading_decides_nothing(readings) -> None:
    assert readings(0) is None
    assert readings(APART_SECONDS - 1) is None


def test_two_apart_agree_on_the_earlier_of_them(readings) -> None:
    readings(0)
    assert readings(APART_SECONDS) == NOON


def test_a_clock_that_is_ahead_for_some_minutes_is_not_believed(readings) -> None:
    for minute in range(0, 70):
        readings(minute * MINUTE)
    for minute in range(70, 80):
        assert readings(minute * MINUTE, days=40) <= NOON + timedelta(minutes=minute)
    for minute in range(80, 160):
        assert readings(minute * MINUTE) <= NOON + timedelta(minutes=minute)


def test_being_wrong_twice_is_not_believed_where_it_was_right_in_between(readings) -> None:
    readings(0)
    readings(10 * MINUTE, days=40)
    readings(30 * MINUTE)
    assert readings(71 * MINUTE, days=40) <= NOON + timedelta(minutes=30)


def test_what_it_says_for_longer_than_that_is_believed(readings) -> None:
    readings(0)
    readings(10 * MINUTE, days=40)
    assert readings(10 * MINUTE + APART_SECONDS, days=40) > NOON + timedelta(days=39)


def test_a_clock_set_back_deletes_less(readings) -> None:
    readings(0)
    assert readings(APART_SECONDS, hours=-3) == NOON - timedelta(hours=2)


def test_a_reading_of_before_the_machine_was_started_anew_is_apart(readings) -> None:
    readings(0)
    assert readings(2 * MINUTE, boot="second", days=40) == NOON
    assert readings(3 * MINUTE, boot="second") == NOON


def test_few_readings_are_kept(house, readings) -> None:
    for minute in range(200):
        readings(minute * MINUTE)
    readings(0, boot="second")
    readings(1, boot="second")
    with house.application.statements.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT boot FROM clock_readings").scalars().all()
    assert sorted(kept) == ["first", "second", "second"]
