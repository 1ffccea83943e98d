"""How many machines: known answers for round costs, and what the measured costs foretell beside what was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.capacity import COSTS, CROWD_MATCH, Asked, Costs, first_index_seconds, plan
from benchmarks.queueing import Overload, Service, closed_response, closed_throughput

ROUND = Costs(
    page=Service(1.0, 2.0, 1.0), match=Service(0.1, 0.2, 1.0), page_searches=10, match_searches=1, search_each=1e-8,
    submission=0.01, statement=0.004, database_check=0.02, process_bytes=1e9, statement_bytes=1000,
    milvus_bytes=4000, database_bytes=500, check_bytes=20_000,
)  # fmt: skip
DAY = Asked(pages=36_000, matches=0, statements=100_000)  # one page a second in the busiest hour


def test_a_small_desk_needs_one_machine() -> None:
    found = plan(replace(DAY, pages=3_600, matches=3_600), ROUND)
    assert [(part.name.split()[0], part.machines, part.cores) for part in found.parts] == [("serve", 1, 2)]
    assert found.parts[0].memory == pytest.approx(2.2e9)
    assert found.parts[0].note == "2.2 GB of database after 30 days"


def test_what_is_too_much_for_one_is_parted() -> None:
    found = plan(replace(DAY, pages=360_000, matches=3_600_000), ROUND)
    # 10 pages a second of a second each, 100 matches of a tenth and the service's part of 10 checks, at most .7 busy.
    assert [(part.name, part.machines, part.cores) for part in found.parts] == [
        ("serve", 8, 15), ("worker", 8, 15), ("PostgreSQL", 1, 1), ("Milvus", 1, 1),
    ]  # fmt: skip
    assert found.parts[3].memory == pytest.approx(1.4e9)


def test_many_statements_cost_searching() -> None:
    """Ten searches a page of ten million: a core of Milvus each second, not of the worker."""
    found = plan(replace(DAY, pages=72_000, statements=10_000_000), ROUND)
    worker, milvus = found.parts[1], found.parts[3]
    assert (worker.cores, milvus.cores) == (3, 3)


def test_twice_the_cores_are_half_the_machines() -> None:
    small = plan(replace(DAY, pages=360_000), ROUND).parts[1]
    large = plan(replace(DAY, pages=360_000, cores=4), ROUND).parts[1]
    assert (small.cores, small.machines, large.cores, large.machines) == (15, 8, 15, 4)
    assert large.note == "GEGENCHECK_WORKERS=4"


def test_less_time_takes_more_cores_until_none_suffice() -> None:
    easy, hard = (plan(replace(DAY, pages=360_000, within=within, busy=0.95), ROUND).parts[1] for within in (20.0, 4.2))
    assert easy.cores < hard.cores
    with pytest.raises(Overload, match="by itself"):
        plan(replace(DAY, within=3.0), ROUND)


def test_the_line_counts_into_the_time() -> None:
    waited, alone = (plan(replace(DAY, pages=360_000, busy=busy, within=60), ROUND) for busy in (0.95, 0.3))
    assert alone.page_seconds == pytest.approx(4.0)
    assert waited.page_seconds > 5


def test_a_new_index_takes_all_cores() -> None:
    assert first_index_seconds(DAY, ROUND) == pytest.approx(200)


@pytest.mark.parametrize(("clients", "in_line", "a_second", "middle"), [(16, 16, 12.2, 1.34), (64, 25, 11.3, 2.22)])
def test_the_measured_cost_foretells_what_a_crowd_got(clients, in_line, a_second: float, middle: float) -> None:
    """RESULTS.md, "A crowd". Of 64 clients without a key two compute, fifteen wait for a turn, eight come in or go out."""
    assert closed_throughput(in_line, 2, CROWD_MATCH) == pytest.approx(a_second, rel=0.15), clients
    assert closed_response(in_line, 2, CROWD_MATCH) == pytest.approx(middle, rel=0.15), clients


def test_a_match_costs_less_than_a_page() -> None:
    assert COSTS.match.mean < COSTS.page.mean
