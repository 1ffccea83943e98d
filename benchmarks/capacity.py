"""How many machines of which part: for pages and matches a day, statements, and the latency that is asked for.

What things cost is measured (COSTS; docs/scale.md says where each figure comes from), waiting in line is estimated
(benchmarks/queueing.py).
Run: python -m benchmarks.capacity --pages 50000 --matches 200000 --statements 500000 [--within 5]
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass

from benchmarks.queueing import Overload, Service, latency, servers_needed

GB = 1e9


@dataclass(frozen=True)
class Costs:
    """Seconds of one core, bytes, and texts searched."""

    page: Service  # from its address to its verdict
    match: Service  # one text, read by the pair model
    page_searches: float  # texts that a page is searched in
    match_searches: float
    search_each: float  # of one search, for each statement there is
    submission: float  # the service's part of a check: taking it in, handing it out
    statement: float  # embedding one and bringing it into the index
    database_check: float  # PostgreSQL's part of a check
    process_bytes: float  # a process without statements
    statement_bytes: float  # more for each, where the index is in the data folder
    milvus_bytes: float  # Milvus's memory for each: by calculation
    database_bytes: float  # PostgreSQL's disk for each
    check_bytes: float  # and for a check with its findings


@dataclass(frozen=True)
class Asked:
    """What is wanted, and of what machines."""

    pages: int  # a day
    matches: int  # a day
    statements: int
    within: float = 10.0  # seconds from a page's address to its verdict, for 19 of 20
    match_within: float = 1.0
    busiest: float = 0.1  # the share of a day in its busiest hour
    cores: int = 2  # of a machine
    busy: float = 0.7  # the most of the time that a core may be busy
    fetching: float = 2.0  # seconds that fetching takes at most, for 19 pages of 20
    days: int = 30  # that checks are kept


@dataclass(frozen=True)
class Part:
    """Machines of one part."""

    name: str
    machines: int
    cores: int  # of all together
    memory: float  # bytes of each
    note: str


@dataclass(frozen=True)
class Plan:
    """The parts, and the seconds that 19 of 20 pages stay below with them."""

    parts: tuple[Part, ...]
    page_seconds: float


# docs/scale.md says where each comes from.
COSTS = Costs(
    page=Service(mean=1.06, p95=1.85, variation=0.18),
    match=Service(mean=0.221, p95=0.350, variation=0.08),
    page_searches=40,
    match_searches=2,
    search_each=1.9e-8,
    submission=0.010,
    statement=0.0038,
    database_check=0.020,
    process_bytes=0.60 * GB,
    statement_bytes=1_800,
    milvus_bytes=4_000,
    database_bytes=500,
    check_bytes=50_000,
)
MEASURED_AMONG = 86_376  # statements that pages and matches were measured among
CROWD_MATCH = 0.181  # a match of one to three sentences among 504 statements, as benchmarks/crowd.py sends them

SHARES = {
    "within": "seconds from a page's address to its verdict, for 19 of 20",
    "match_within": "seconds of a match, for 19 of 20",
    "busiest": "the share of a day in its busiest hour",
    "busy": "the most of the time that a core may be busy",
    "fetching": "seconds that 19 of 20 pages are fetched within",
}


def a_second(a_day: float, asked: Asked) -> float:
    """Arrivals a second in the busiest hour."""
    return a_day * asked.busiest / 3600


def searched(work: Service, searches: float, statements: int, costs: Costs) -> Service:
    """A piece of work with its searches among so many statements; it was measured among MEASURED_AMONG."""
    more = searches * max(0, statements - MEASURED_AMONG) * costs.search_each
    return Service(work.mean + more, work.p95 + more, work.variation * (work.mean / (work.mean + more)) ** 2)


def serving_cores(asked: Asked, costs: Costs, own_index: bool) -> int:
    """Cores of the service: matches in time, and the service's part of every check. Raises Overload."""
    match = searched(costs.match, costs.match_searches if own_index else 0, asked.statements, costs)
    checks = a_second(asked.pages, asked) * costs.submission / match.mean  # as so many matches
    return servers_needed(a_second(asked.matches, asked) + checks, match, asked.match_within, asked.busy)


def working_cores(asked: Asked, costs: Costs, own_index: bool) -> tuple[int, float]:
    """Cores of the workers, and the seconds that 19 of 20 pages stay below with them. Raises Overload."""
    page = searched(costs.page, costs.page_searches if own_index else 0, asked.statements, costs)
    arrivals = a_second(asked.pages, asked)
    cores = servers_needed(arrivals, page, asked.within, asked.busy, asked.fetching)
    return cores, latency(cores, arrivals, page, asked.fetching)


def searching_cores(asked: Asked, costs: Costs) -> int:
    """Cores of Milvus, as though it took what our own index takes."""
    pages, matches = (a_second(each, asked) for each in (asked.pages, asked.matches))
    searches = pages * costs.page_searches + matches * costs.match_searches
    return max(1, math.ceil(searches * asked.statements * costs.search_each / asked.busy))


def plan(asked: Asked, costs: Costs) -> Plan:
    """One machine with everything where that does, else the parts. Raises Overload."""
    working, seconds = working_cores(asked, costs, True)
    cores = serving_cores(asked, costs, True) + working
    if cores <= asked.cores:
        memory = 2 * (costs.process_bytes + asked.statements * costs.statement_bytes)
        alone = Part("serve and worker, with SQLite and an index of their own", 1, cores, memory, disk(asked, costs))
        return Plan((alone,), seconds)
    working, seconds = working_cores(asked, costs, False)
    serving = serving_cores(asked, costs, False)
    database = max(1, math.ceil(a_second(asked.pages, asked) * costs.database_check / asked.busy))
    held = asked.statements * costs.milvus_bytes + GB
    parts = (
        Part("serve", -(-serving // asked.cores), serving, costs.process_bytes, "GEGENCHECK_WORKERS=0"),
        Part("worker", -(-working // asked.cores), working, costs.process_bytes, f"GEGENCHECK_WORKERS={asked.cores}"),
        Part("PostgreSQL", 1, database, GB, disk(asked, costs)),
        Part("Milvus", 1, searching_cores(asked, costs), held, "calculated, not measured"),
    )
    return Plan(parts, seconds)


def disk(asked: Asked, costs: Costs) -> str:
    """What the database holds in the long run."""
    held = asked.statements * costs.database_bytes + asked.pages * asked.days * costs.check_bytes
    return f"{held / GB:.1f} GB of database after {asked.days} days"


def first_index_seconds(asked: Asked, costs: Costs) -> float:
    """Until all statements are in an index that is made anew, by all cores of one machine."""
    return asked.statements * costs.statement / asked.cores


def main() -> None:
    """Print the plan."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, required=True, help="a day")
    parser.add_argument("--matches", type=int, default=0, help="a day")
    parser.add_argument("--statements", type=int, required=True)
    for name, meaning in SHARES.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=getattr(Asked, name), help=meaning)
    parser.add_argument("--cores", type=int, default=Asked.cores, help="of a machine")
    parser.add_argument("--days", type=int, default=Asked.days, help="that checks are kept")
    asked = Asked(**vars(parser.parse_args()))
    try:
        found = plan(asked, COSTS)
    except Overload as overload:
        raise SystemExit(f"No number of machines is enough: {overload}.") from None
    for part in found.parts:
        cores = f"{part.cores} core{'s' if part.cores > 1 else ''} in all"
        print(f"{part.machines} x {part.name}: {cores}, {part.memory / GB:.1f} GB each; {part.note}")
    minutes = first_index_seconds(asked, COSTS) / 60
    print(
        f"19 of 20 pages within {found.page_seconds:.1f} s; an index made anew takes {minutes:.0f} minutes of a machine"
    )


if __name__ == "__main__":
    main()
