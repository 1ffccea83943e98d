"""How long one waits in line: the pure part of the capacity estimate.

Open (so many arrivals a second): M/M/c by Erlang's C formula (A. K. Erlang, 1917), its tail, and the Allen-Cunneen
factor for work that varies otherwise than exponentially (A. O. Allen, Probability, Statistics and Queueing, 1990).
Closed (so many clients, each with its next call as soon as the one before is answered): the asymptotic bounds of
operational analysis and Little's law (P. J. Denning, J. P. Buzen, Computing Surveys 10(3), 1978).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST_SERVERS = 100_000


class Overload(ValueError):
    """More work arrives than can be done."""


@dataclass(frozen=True)
class Service:
    """How long a piece of work takes one core: mean and 95th percentile in seconds, squared variation."""

    mean: float
    p95: float
    variation: float


def chance_of_waiting(servers: int, offered: float) -> float:
    """Erlang's C: the share of arrivals that find all servers busy, where `offered` is arrivals x mean (in Erlang)."""
    if offered >= servers:
        raise Overload(f"{offered:.2f} Erlang on {servers} servers")
    blocked = 1.0  # Erlang's B, by its recursion: no factorials to overflow
    for count in range(1, servers + 1):
        blocked = offered * blocked / (count + offered * blocked)
    return blocked / (1 - offered / servers * (1 - blocked))


def wait_exceeded_by(share: float, servers: int, arrivals: float, service: Service) -> float:
    """The wait in seconds that this share of arrivals exceeds. Raises Overload."""
    offered = arrivals * service.mean
    waiting = chance_of_waiting(servers, offered)
    if waiting <= share:
        return 0.0
    pace = (servers - offered) / service.mean  # at which an exponential line is worked off
    return math.log(waiting / share) / pace * (1 + service.variation) / 2


def latency(servers: int, arrivals: float, service: Service, elsewhere: float = 0.0) -> float:
    """Seconds that 19 of 20 stay below: the 95th percentiles of waiting and of work, and what is waited for elsewhere.

    The sum is above the 95th percentile of the sum, so the estimate is careful. Raises Overload.
    """
    return wait_exceeded_by(0.05, servers, arrivals, service) + service.p95 + elsewhere


def servers_needed(arrivals: float, service: Service, within: float, busy: float, elsewhere: float = 0.0) -> int:
    """The fewest cores that keep 19 of 20 within so many seconds and are busy for no more than a share of the time.

    Raises Overload where no number of cores would do, because the work alone takes longer.
    """
    if service.p95 + elsewhere > within:
        raise Overload(f"one in twenty takes {service.p95 + elsewhere:.2f} s by itself, more than {within:g} s")
    servers = max(1, math.ceil(arrivals * service.mean / busy))
    while servers <= arrivals * service.mean or latency(servers, arrivals, service, elsewhere) > within:
        servers += 1
        if servers > MOST_SERVERS:
            raise Overload(f"more than {MOST_SERVERS} cores")
    return servers


def closed_throughput(clients: int, servers: float, mean: float) -> float:
    """Calls a second that clients who never pause get at most."""
    return min(servers, clients) / mean


def closed_response(clients: int, servers: float, mean: float) -> float:
    """Seconds that each of their calls takes at least (Little's law: clients = throughput x response)."""
    return clients / closed_throughput(clients, servers, mean)
