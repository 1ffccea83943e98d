"""Waiting in line: known values of Erlang's formula, of M/M/1, and of the bounds for clients who never pause."""

from __future__ import annotations

import math

import pytest

from benchmarks.queueing import (
    Overload,
    Service,
    chance_of_waiting,
    closed_response,
    closed_throughput,
    latency,
    servers_needed,
    wait_exceeded_by,
)

SECOND = Service(mean=1.0, p95=3.0, variation=1.0)  # exponential: 19 of 20 are below 3 seconds


@pytest.mark.parametrize(
    ("servers", "offered", "chance"),
    [
        (1, 0.5, 0.5), (1, 0.9, 0.9),  # one server: as often as it is busy
        (2, 1.0, 1 / 3), (3, 2.0, 4 / 9), (10, 8.0, 0.4092), (100, 90.0, 0.2169), (500, 1.0, 0.0),
    ],
)  # fmt: skip
def test_who_has_to_wait_is_told_by_erlang(servers: int, offered: float, chance: float) -> None:
    assert chance_of_waiting(servers, offered) == pytest.approx(chance, abs=1e-4)


@pytest.mark.parametrize("offered", [2.0, 2.5])
def test_more_work_than_can_be_done_is_said(offered: float) -> None:
    with pytest.raises(Overload, match="on 2 servers"):
        chance_of_waiting(2, offered)


def test_the_wait_at_one_server_is_that_of_m_m_1() -> None:
    """P(W > t) = .8 exp(-.2 t) for a load of .8."""
    assert wait_exceeded_by(0.05, 1, 0.8, SECOND) == pytest.approx(math.log(0.8 / 0.05) / 0.2)


def test_nobody_waits_where_few_come() -> None:
    assert wait_exceeded_by(0.05, 4, 0.1, SECOND) == 0.0


def test_work_that_always_takes_as_long_halves_the_wait() -> None:
    steady = Service(1.0, 1.0, 0.0)
    assert wait_exceeded_by(0.05, 2, 1.6, steady) == pytest.approx(wait_exceeded_by(0.05, 2, 1.6, SECOND) / 2)


def test_latency_is_waiting_and_work_and_what_is_elsewhere() -> None:
    assert latency(4, 0.1, SECOND, elsewhere=2.0) == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("arrivals", "within", "cores"),
    [
        (0.1, 3.0, 2),  # one core would do, but for its line
        (0.1, 20.0, 1),
        (7.0, 60.0, 10),  # at most .7 of the time
        (0.0, 3.0, 1),
    ],
)
def test_cores_are_as_few_as_keep_time_and_stay_free_enough(arrivals: float, within: float, cores: int) -> None:
    assert servers_needed(arrivals, SECOND, within, busy=0.7) == cores


def test_a_time_that_the_work_alone_takes_cannot_be_bought() -> None:
    with pytest.raises(Overload, match=r"takes 3\.50 s by itself, more than 3 s"):
        servers_needed(1.0, SECOND, 3.0, 0.7, elsewhere=0.5)


@pytest.mark.parametrize(
    ("clients", "throughput", "response"), [(1, 2.0, 0.5), (2, 4.0, 0.5), (8, 4.0, 2.0), (16, 4.0, 4.0)]
)
def test_clients_who_never_pause_share_the_cores(clients: int, throughput: float, response: float) -> None:
    assert closed_throughput(clients, 2, 0.5) == throughput
    assert closed_response(clients, 2, 0.5) == response
