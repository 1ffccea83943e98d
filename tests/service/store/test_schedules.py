"""Schedules are rows: due by the shared clock, a job for each, one at a time, whoever looks."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from service.store.jobs import Lane

KINDS = ("tidying",)


@pytest.fixture
def schedules(house):
    house.application.schedules.plan("attic", "tidying", 60)
    return house.application.schedules


def take(house):
    return house.application.jobs.claim("w", KINDS)


def test_one_that_was_never_run_is_due_at_once_then_after_its_time(house, schedules) -> None:
    assert schedules.queue_due() == 1
    job = take(house)
    assert (job.kind, job.subject, job.lane, job.owner) == ("tidying", "attic", Lane.BULK, "service")
    assert schedules.finish(job)
    assert schedules.queue_due() == 0
    house.clock.let_pass(59)
    assert schedules.queue_due() == 0
    house.clock.let_pass(2)
    assert schedules.queue_due() == 1


def test_one_whose_last_job_is_not_done_gets_no_second(house, schedules) -> None:
    schedules.queue_due()
    house.clock.let_pass(61)
    assert schedules.queue_due() == 0
    job = take(house)
    assert take(house) is None
    schedules.finish(job)
    house.clock.let_pass(61)
    assert schedules.queue_due() == 1


def test_whoever_looks_one_queues_it(house, schedules, open_other) -> None:
    stores = [schedules, open_other().application.schedules, open_other().application.schedules]
    queued: list[int] = []
    threads = [threading.Thread(target=lambda store=store: queued.append(store.queue_due())) for store in stores * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(queued) == 1


def test_a_start_changes_nothing_of_what_was_planned_and_another_pace_counts_at_once(house, schedules) -> None:
    schedules.queue_due()
    schedules.finish(take(house))
    planned = schedules.get("attic")
    schedules.plan("attic", "tidying", 60)
    assert schedules.get("attic") == planned
    schedules.plan("attic", "tidying", 5)
    assert schedules.get("attic").every_seconds == 5
    assert schedules.queue_due() == 1


def test_how_it_went_is_noted(house, schedules) -> None:
    before = schedules.get("attic")
    assert (before.ran_at, before.problem) == (None, None)
    for problem in ("internal-error: the ladder broke", None):
        house.clock.let_pass(61)
        schedules.queue_due()
        assert schedules.finish(take(house), problem)
        noted = schedules.get("attic")
        assert noted.problem == problem
        assert abs(noted.ran_at - house.clock.read().at) < timedelta(seconds=30)


def test_a_worker_that_lost_the_job_notes_nothing(house, schedules) -> None:
    schedules.queue_due()
    job = take(house)
    house.application.jobs.put_back(job)
    assert not schedules.finish(job, "lost")
    assert schedules.get("attic").ran_at is None


@pytest.mark.parametrize("jump", [{"hours": -2}, {"days": 40}], ids=["back", "ahead"])
def test_a_clock_that_jumps_keeps_nothing_waiting(house, schedules, jump) -> None:
    schedules.queue_due()
    schedules.finish(take(house))
    house.clock.set_ahead(**jump)
    assert schedules.queue_due() == 1


def test_there_is_none_of_another_name(schedules) -> None:
    assert schedules.get("cellar") is None


def test_it_is_planned_by_the_databases_clock(house, schedules) -> None:
    """Where machines disagree, what one of them planned is not due for another at once, or never."""
    schedules.queue_due()
    schedules.finish(take(house))
    astray = Astray(house.clock)
    schedules.clock = astray
    assert schedules.queue_due() == 0
    assert schedules.get("attic").next_run_at - datetime.now(UTC) < timedelta(seconds=61)


class Astray:
    """A machine whose own clock is years off, in a database whose clock is right."""

    def __init__(self, clock) -> None:
        self._clock = clock

    def read(self):
        raise AssertionError("its own clock must not count")

    def shared(self, connection):
        return self._clock.shared(connection)
