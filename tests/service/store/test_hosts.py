"""Turns to ask a host: one at a time, a pause between, whichever process asks."""

from __future__ import annotations

import pytest

from service.store.hosts import HOLD_SECONDS, HostStore


@pytest.fixture
def hosts(house):
    return HostStore(house.application.statements.engine, house.clock)


def test_one_at_a_time_then_a_pause(house, hosts, open_other) -> None:
    other = HostStore(open_other().application.statements.engine, house.clock)
    assert hosts.take_turn("a.example") == 0
    assert 0 < other.take_turn("a.example") <= HOLD_SECONDS
    assert other.take_turn("b.example") == 0
    hosts.end_turn("a.example", 3)
    assert 2 < other.take_turn("a.example") <= 3
    house.clock.let_pass(3)
    assert other.take_turn("a.example") == 0


def test_a_turn_whose_process_died_ends(house, hosts) -> None:
    hosts.take_turn("a.example")
    house.clock.let_pass(HOLD_SECONDS)
    assert hosts.take_turn("a.example") == 0


def test_a_clock_that_is_set_back_makes_nobody_wait(house, hosts) -> None:
    hosts.take_turn("a.example")
    hosts.end_turn("a.example", 86_400)
    house.clock.set_ahead(days=-30)
    assert hosts.take_turn("a.example") == 0
