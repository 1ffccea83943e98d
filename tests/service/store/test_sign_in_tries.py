"""Guessing is slowed by name, address and browser, each by itself, and never for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.errors import TooManyRequests
from service.store.sign_in_tries import Counted, wait_after
from service.store.tables import sign_in_tries

ANN, BOB = Counted.name("ann"), Counted.name("bob")
STRANGER, OFFICE = Counted.address("192.0.2.7"), Counted.address("198.51.100.1")


@pytest.fixture
def tries(house):
    return house.application.sign_in_tries


def fail(tries, *counted: Counted, times: int = 1) -> None:
    for _ in range(times):
        tries.begin(counted)


def wait_of(tries, *counted: Counted) -> int:
    """Seconds that the next try has to wait; 0 where it counts as one."""
    try:
        tries.begin(counted)
    except TooManyRequests as fault:
        return fault.retry_after
    return 0


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 5), (6, 10), (7, 20), (11, 320), (12, 640), (13, 900), (1000, 900)]
)
def test_each_failure_past_the_free_ones_doubles_the_wait_up_to_a_quarter_of_an_hour(
    failures: int, seconds: int
) -> None:
    assert wait_after(failures, 5) == timedelta(seconds=seconds)


def test_guessing_a_name_waits_from_wherever_it_comes(tries) -> None:
    fail(tries, ANN, STRANGER, times=5)
    assert wait_of(tries, ANN, OFFICE) == 5
    assert wait_of(tries, BOB, OFFICE) == 0, "another name is another matter"


def test_an_address_that_tries_many_names_waits(tries) -> None:
    for number in range(20):
        fail(tries, Counted.name(f"name{number}"), STRANGER)
    assert wait_of(tries, BOB, STRANGER) == 5
    assert wait_of(tries, BOB, OFFICE) == 0


def test_a_try_that_waits_counts_as_none_so_no_stranger_makes_it_longer(house, tries) -> None:
    fail(tries, ANN, STRANGER, times=5)
    for _ in range(50):
        assert wait_of(tries, ANN, STRANGER) > 0
    house.clock.let_pass(6)
    assert wait_of(tries, ANN, OFFICE) == 0


def test_a_browser_in_which_the_person_was_before_is_counted_by_itself(tries) -> None:
    """A stranger who tries all day keeps nobody out for good."""
    fail(tries, ANN, STRANGER, times=5)
    own = Counted.browser("mark of ann's")
    assert wait_of(tries, own) == 0
    fail(tries, own, times=4)
    assert wait_of(tries, own) == 5, "whoever took the browser guesses no faster"


def test_success_forgets_the_name_and_of_the_address_one_try(house, tries) -> None:
    """Or whoever has an account would sign in now and then to go on guessing at others'."""
    for number in range(19):
        fail(tries, Counted.name(f"name{number}"), STRANGER)
    fail(tries, ANN, STRANGER)
    tries.succeed([ANN, STRANGER])
    fail(tries, BOB, STRANGER)
    assert wait_of(tries, BOB, STRANGER) == 5
    house.clock.let_pass(3600)
    assert wait_of(tries, ANN) == 0


def test_many_tries_at_once_get_no_further_than_one_after_another(tries) -> None:
    """Each counts before the password is looked at."""
    outcomes = [wait_of(tries, ANN, STRANGER) for _ in range(30)]
    assert outcomes.count(0) == 5


def test_after_a_day_without_failure_it_begins_from_zero_and_nothing_is_kept(house, tries) -> None:
    fail(tries, ANN, STRANGER, times=5)
    house.clock.let_pass(25 * 3600)
    fail(tries, ANN, STRANGER, times=4)
    assert wait_of(tries, ANN, STRANGER) == 0
    house.clock.let_pass(25 * 3600)
    house.tidy()
    with house.application.statements.engine.connect() as connection:
        assert connection.execute(sa.select(sign_in_tries)).all() == []


def test_neither_names_nor_addresses_are_kept(house, tries) -> None:
    fail(tries, ANN, STRANGER)
    with house.application.statements.engine.connect() as connection:
        kept = str(connection.execute(sa.select(sign_in_tries)).all())
    assert "ann" not in kept
    assert "192.0.2" not in kept
