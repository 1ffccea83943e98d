"""Turns to ask a host: one at a time, a pause between, whichever process asks."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from service.store.hosts import HOLD_SECONDS, HostStore
from service.store.source_tables import asked_hosts


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


def test_hosts_that_were_not_asked_for_a_day_are_forgotten(house, hosts) -> None:
    for number in range(20):
        hosts.end_turn(f"n{number}.example", 3)
    hosts.end_turn("slow.example", 3 * 86_400)
    house.clock.let_pass(2 * 86_400)
    hosts.end_turn("a.example", 3)
    with house.application.statements.engine.connect() as connection:
        known = set(connection.execute(sa.select(asked_hosts.c.host)).scalars())
    assert known == {"slow.example", "a.example"}
