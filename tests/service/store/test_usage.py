"""Quotas: counted exactly, in windows, for each key by itself."""

from __future__ import annotations

import threading

import pytest

from service.errors import TooManyRequests
from service.store.usage import Quota, UsageStore

QUOTA = Quota("checks", 10, 60)


@pytest.fixture
def usage(house):
    """At the beginning of a window, so that no test runs past its end."""
    now = house.clock.read().at.timestamp()
    house.clock.let_pass(60 - now % 60 + 1)
    return house.application.usage


def test_what_is_spent_is_gone_until_the_window_ends(house, usage) -> None:
    assert usage.spend("ann", QUOTA, 3).left == 7
    assert usage.spend("ann", QUOTA, 7).left == 0
    with pytest.raises(TooManyRequests, match="None is left") as refused:
        usage.spend("ann", QUOTA)
    assert 50 <= refused.value.retry_after <= 60
    assert usage.look("ann", QUOTA).left == 0
    house.clock.let_pass(60)
    assert usage.look("ann", QUOTA).left == 10
    assert usage.spend("ann", QUOTA).left == 9


def test_what_does_not_fit_takes_nothing(usage) -> None:
    usage.spend("ann", QUOTA, 8)
    with pytest.raises(TooManyRequests, match="This asks for 3, and 2 are left"):
        usage.spend("ann", QUOTA, 3)
    assert usage.spend("ann", QUOTA, 2).left == 0


def test_keys_and_quotas_are_counted_apart(usage) -> None:
    usage.spend("ann", QUOTA, 10)
    assert usage.spend("bob", QUOTA).left == 9
    assert usage.spend("ann", Quota("requests", 5, 60)).left == 4


def test_a_quota_that_was_lowered_holds_at_once(usage) -> None:
    usage.spend("ann", QUOTA, 6)
    with pytest.raises(TooManyRequests):
        usage.spend("ann", Quota("checks", 5, 60))
    assert usage.look("ann", Quota("checks", 5, 60)).left == 0


def test_a_clock_that_is_set_back_takes_nothing_away(house, usage) -> None:
    usage.spend("ann", QUOTA, 10)
    house.clock.set_ahead(hours=-3)
    assert usage.spend("ann", QUOTA).left == 9


def test_at_once_no_more_is_given_than_there_is_by_two_processes_either(house, usage, open_other) -> None:
    given: list[int] = []
    other = UsageStore(open_other().application.statements.engine, house.clock)

    def take(counts: UsageStore) -> None:
        for _ in range(3):
            try:
                given.append(counts.spend("ann", QUOTA).left)
            except TooManyRequests:
                return

    threads = [threading.Thread(target=take, args=(counts,)) for counts in (usage, other) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(10))
