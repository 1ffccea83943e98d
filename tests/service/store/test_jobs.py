"""The queue: one worker a job, lines that take turns, bounds that hold, interruptions that are counted."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.store.database import reading, writing
from service.errors import Overload, ServiceBusy, TooManyRequests
from service.models import CheckRequest
from service.store.admission import Bounds
from service.store.bell import Bell
from service.store.jobs import BULK_TURN, MAX_POSTPONE_SECONDS, JobKind, JobStore, Lane, Outcome, end_job
from service.store.leases import LEASE_SECONDS, LOOK_SECONDS
from service.store.worker_names import WorkerName

CHECKS = (JobKind.CHECK,)


@pytest.fixture
def queue(house):
    """Queues so many checks and gives the job store."""

    def fill(count: int):
        for number in range(count):
            house.application.checks.submit(CheckRequest(text=f"Text number {number}."), "ann", None)
        return house.application.jobs

    return fill


@pytest.fixture
def line_up(house):
    """Queues bare jobs of owners, each in a transaction of its own, and gives the job store."""
    numbers = iter(range(10**9))

    def add(*owners: str, lane: Lane = Lane.INTERACTIVE, kind: JobKind = JobKind.CHECK):
        jobs = house.application.jobs
        for owner in owners:
            with writing(jobs.engine) as connection:
                jobs.add(connection, kind, lane, f"{owner}-{next(numbers)}", owner)
        return jobs

    return add


def fall_silent(house) -> None:
    """Whoever holds a job now stops renewing it."""
    house.clock.let_pass(LOOK_SECONDS)
    house.application.jobs.free_silent()
    house.clock.let_pass(LEASE_SECONDS)


def served(jobs, kinds=CHECKS) -> str | None:
    """Whose job is next; it is taken and ended."""
    job = jobs.claim("w", kinds)
    if job is None:
        return None
    with writing(jobs.engine) as connection:
        assert end_job(connection, job, Outcome.FINISHED)
    return job.subject.split("-")[0]


# ---------------------------------------------------------------- one worker a job


def test_the_oldest_job_comes_first_and_only_once(queue) -> None:
    jobs = queue(2)
    first, second = jobs.claim("a", CHECKS), jobs.claim("b", CHECKS)
    assert first.number < second.number
    assert jobs.claim("c", CHECKS) is None


def test_only_the_kinds_asked_for_are_given(queue) -> None:
    assert queue(1).claim("a", (JobKind.IMPORT,)) is None


def test_threads_and_applications_never_get_the_same_job(queue, open_other) -> None:
    stores = [queue(40), open_other().application.jobs, open_other().application.jobs]
    taken: list[int] = []

    def take(store, name: str) -> None:
        while (job := store.claim(name, CHECKS)) is not None:
            taken.append(job.number)

    threads = [
        threading.Thread(target=take, args=(store, f"{n}-{m}")) for n, store in enumerate(stores) for m in (0, 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 40
    assert len(set(taken)) == 40


def test_a_job_is_free_again_when_its_worker_falls_silent(house, queue) -> None:
    jobs = queue(1)
    first = jobs.claim("a", CHECKS)
    fall_silent(house)
    second = jobs.claim("b", CHECKS)
    assert (second.number, second.attempts, second.crashed) == (first.number, 2, 1)


def test_the_heartbeat_keeps_a_job(house, queue) -> None:
    jobs = queue(1)
    job = jobs.claim("a", CHECKS)
    fall_silent(house)
    jobs.renew("b", [job.number])
    jobs.renew("a", [job.number])
    assert jobs.claim("b", CHECKS) is None
    assert jobs.still_held([job]) == [job]


def test_the_heartbeat_of_another_worker_keeps_nothing(house, queue) -> None:
    jobs = queue(1)
    job = jobs.claim("a", CHECKS)
    fall_silent(house)
    jobs.renew("b", [job.number])
    assert jobs.claim("b", CHECKS).number == job.number
    assert jobs.still_held([job]) == []


def test_whoever_lost_the_job_cannot_store_a_result(house, queue) -> None:
    jobs = queue(1)
    slow = jobs.claim("a", CHECKS)
    fall_silent(house)
    quick = jobs.claim("a", CHECKS)  # the same process, another thread
    result = house.application.checker.run(CheckRequest(text="A text that was checked."))
    began_at = house.application.checks.get(slow.subject, None).created_at
    assert not house.application.checks.finish(slow, result, began_at)
    assert house.application.checks.finish(quick, result, began_at)
    assert jobs.count() == 0


def test_a_postponed_job_comes_later_and_nothing_is_counted(house, queue) -> None:
    jobs = queue(1)
    jobs.postpone(jobs.claim("a", CHECKS), 30)
    assert jobs.claim("a", CHECKS) is None
    house.clock.let_pass(31)
    again = jobs.claim("a", CHECKS)
    assert (again.crashed, again.outlasted, again.postponed) == (0, 0, 1)


def test_a_job_that_its_worker_had_to_leave_comes_again_and_that_is_counted(queue) -> None:
    jobs = queue(1)
    for interruptions in range(3):
        job = jobs.claim("a", CHECKS)
        assert (job.outlasted, job.is_hopeless) == (interruptions, False)
        jobs.put_back(job)
    assert jobs.claim("a", CHECKS).is_hopeless


def test_jobs_of_a_dead_process_are_freed_at_once(queue) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    own = WorkerName.own()
    jobs = queue(2)
    jobs.claim(str(replace(own, process=ended.pid, token="dead")), CHECKS)
    jobs.claim(str(own), CHECKS)
    assert jobs.release_dead(own) == 1
    assert jobs.claim("b", CHECKS).crashed == 1
    assert jobs.claim("b", CHECKS) is None


# ---------------------------------------------------------------- a clock that jumps


@pytest.mark.parametrize("jump", [{"hours": -2}, {"days": 40}], ids=["back", "ahead"])
def test_a_clock_that_jumps_delays_no_job(house, queue, jump) -> None:
    jobs = queue(2)
    jobs.postpone(jobs.claim("a", CHECKS), MAX_POSTPONE_SECONDS / 2)
    house.clock.set_ahead(**jump)
    assert jobs.claim("a", CHECKS) is not None
    house.clock.let_pass(MAX_POSTPONE_SECONDS)
    assert jobs.claim("a", CHECKS) is not None


@pytest.mark.parametrize("jump", [{"hours": -2}, {"days": 40}], ids=["back", "ahead"])
def test_a_clock_that_jumps_takes_no_job_from_a_worker_that_lives(house, queue, jump) -> None:
    jobs = queue(1)
    job = jobs.claim("a", CHECKS)
    for _ in range(10):
        house.clock.set_ahead(**jump)
        house.clock.let_pass(LOOK_SECONDS)
        jobs.renew("a", [job.number])
        assert jobs.claim("b", CHECKS) is None
    assert jobs.still_held([job]) == [job]


@pytest.mark.parametrize("jump", [{"hours": -2}, {"days": 40}], ids=["back", "ahead"])
def test_a_clock_that_jumps_keeps_no_job_with_a_worker_that_died(house, queue, jump) -> None:
    jobs = queue(1)
    jobs.claim("a", CHECKS)
    fall_silent(house)
    house.clock.set_ahead(**jump)
    assert jobs.claim("b", CHECKS) is not None


# ---------------------------------------------------------------- bounds


def bounded(house, in_all: int = 0, per_owner: int = 0) -> JobStore:
    return JobStore(house.application.statements.engine, Bell(), house.clock, Bounds(in_all, per_owner))


def add(jobs: JobStore, owner: str, name: str) -> None:
    with writing(jobs.engine) as connection:
        jobs.add(connection, JobKind.CHECK, Lane.INTERACTIVE, name, owner)


def test_one_too_many_in_all_is_refused_until_one_was_begun(house) -> None:
    jobs = bounded(house, in_all=2, per_owner=2)
    add(jobs, "ann", "1")
    add(jobs, "bob", "2")
    with pytest.raises(ServiceBusy, match="2 checks and imports are waiting"):
        add(jobs, "carol", "3")
    jobs.claim("w", CHECKS)
    add(jobs, "carol", "3")
    assert jobs.state().in_all == 2


def test_one_too_many_of_a_key_is_refused_and_others_are_not(house) -> None:
    jobs = bounded(house, in_all=9, per_owner=1)
    add(jobs, "ann", "1")
    with pytest.raises(TooManyRequests, match="1 of your checks"):
        add(jobs, "ann", "2")
    add(jobs, "bob", "3")


def test_no_bounds_bound_nothing(house) -> None:
    jobs = bounded(house)
    for number in range(30):
        add(jobs, "ann", str(number))
    assert jobs.state().in_all == 30


def refuse_and_let_in(enter: Callable[[str], AbstractContextManager[None]]) -> None:
    """With one of ann's on its way beside the one that waits."""
    with pytest.raises(TooManyRequests, match="2 of your checks"), enter("ann"):
        pass
    with enter("bob"), pytest.raises(ServiceBusy, match="3 checks"), enter("carol"):
        pass
    with enter("bob"):  # the one before has left again
        pass


def test_those_on_their_way_in_count_so_that_others_are_refused_before_any_wait_for_a_writer(house) -> None:
    jobs = bounded(house, in_all=3, per_owner=2)
    add(jobs, "ann", "1")
    with writing(jobs.engine), reading(jobs.engine) as connection:

        def enter(owner: str) -> AbstractContextManager[None]:
            return jobs.admission.entering(connection, owner, object())

        with enter("ann"):
            refuse_and_let_in(enter)
    assert not jobs.admission._entering


def test_twins_on_their_way_in_count_as_one(house) -> None:
    jobs = bounded(house, in_all=9, per_owner=2)
    add(jobs, "ann", "1")
    with reading(jobs.engine) as connection:
        enter = partial(jobs.admission.entering, connection)
        with enter("ann", "key"), enter("ann", "key"), enter("bob", "key"):
            with pytest.raises(TooManyRequests), enter("ann", "other"):
                pass
            with enter("ann", "key"):
                pass
    assert not jobs.admission._entering


def test_bounds_hold_under_sixteen_threads(house) -> None:
    stores = [bounded(house, in_all=11, per_owner=4) for _ in range(16)]
    refused: list[type[Overload]] = []

    def push(number: int) -> None:
        for turn in range(4):
            try:
                add(stores[number], f"key {number % 5}", f"{number}-{turn}")
            except Overload as refusal:
                refused.append(type(refusal))

    threads = [threading.Thread(target=push, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores[0].state().in_all == 11
    assert len(refused) == 64 - 11
    with house.application.statements.engine.connect() as connection:
        own = connection.exec_driver_sql("SELECT count(*) FROM jobs GROUP BY owner").scalars().all()
    assert max(own) <= 4
    assert {ServiceBusy, TooManyRequests} >= set(refused) >= {ServiceBusy}


def test_when_to_come_again_follows_from_depth_and_pace(house, line_up) -> None:
    jobs = bounded(house, in_all=40)
    for number in range(40):
        add(jobs, f"key {number}", str(number))
    for _ in range(10):  # one in three seconds
        served(jobs)
        house.clock.let_pass(3)
        add(jobs, "next", f"{house.clock.read().steady}")
    with pytest.raises(ServiceBusy) as refusal:
        add(jobs, "late", "late")
    assert 55 <= refusal.value.retry_after <= 65  # half of forty


def test_when_to_come_again_is_bounded(house) -> None:
    jobs = bounded(house, in_all=3)
    for number in range(3):
        add(jobs, "ann", str(number))
    served(jobs)
    house.clock.let_pass(50_000)
    add(jobs, "ann", "next")
    with pytest.raises(ServiceBusy) as refusal:
        add(jobs, "ann", "late")
    assert 1 <= refusal.value.retry_after <= 120


# ---------------------------------------------------------------- turns


def test_keys_take_turns_however_much_one_of_them_asks(line_up) -> None:
    jobs = line_up(*["big"] * 6, "small", "tiny", "small")
    assert [served(jobs) for _ in range(9)] == ["big", "small", "tiny", "big", "small", "big", "big", "big", "big"]


def test_whoever_comes_later_does_not_wait_behind_a_crowd(line_up) -> None:
    jobs = line_up(*["big"] * 50)
    assert served(jobs) == "big"
    line_up("late")
    assert served(jobs) == "late"


def test_somebody_who_waits_comes_before_bulk_work(line_up) -> None:
    jobs = line_up("bulk", "bulk", lane=Lane.BULK)
    line_up("ann", "bob")
    assert [served(jobs) for _ in range(5)] == ["ann", "bob", "bulk", "bulk", None]


def test_bulk_work_gets_a_turn_now_and_then(line_up) -> None:
    jobs = line_up(*["bulk"] * 3, lane=Lane.BULK)
    line_up(*["ann"] * 20)
    order = [served(jobs) for _ in range(3 * BULK_TURN)]
    assert order == [*["ann"] * (BULK_TURN - 1), "bulk"] * 3


def test_one_kind_of_work_does_not_wait_for_another(line_up) -> None:
    jobs = line_up("ann", lane=Lane.BULK, kind=JobKind.IMPORT)
    line_up(*["ann"] * 2, lane=Lane.BULK)
    assert served(jobs, (JobKind.IMPORT,)) == "ann"
    assert served(jobs, (JobKind.IMPORT,)) is None
    assert jobs.state().waiting == {(Lane.BULK, JobKind.CHECK): 2}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrivals=st.lists(st.lists(st.sampled_from("abcde"), max_size=4), min_size=1, max_size=5))
def test_no_key_waits_more_turns_than_there_are_keys_with_work(line_up, arrivals: list[list[str]]) -> None:
    """Whatever arrives meanwhile: between two turns of a key that has work all along, every other has one at most."""
    waiting: dict[str, int] = {}
    history: list[str] = []
    since: dict[str, int] = {}  # for each key with work: when it last had a turn, or began to wait
    for arrived in [*arrivals, *[[]] * 60]:
        jobs = line_up(*arrived)
        for key in arrived:
            since.setdefault(key, len(history))
            waiting[key] = waiting.get(key, 0) + 1
        next_key = served(jobs)
        if next_key is None:
            assert not any(waiting.values())
            break
        passed = history[since[next_key] :]
        assert all(passed.count(key) <= 1 for key in set(passed) - {next_key})
        assert len(passed) <= 5
        history.append(next_key)
        waiting[next_key] -= 1
        since.pop(next_key)
        if waiting[next_key]:
            since[next_key] = len(history)
    assert not any(waiting.values())


# ---------------------------------------------------------------- what shows


def test_depth_age_and_ends_are_the_same_for_every_process(house, line_up, open_other) -> None:
    jobs = line_up("ann", "bob")
    line_up("ann", lane=Lane.BULK, kind=JobKind.IMPORT)
    served(jobs)
    house.clock.let_pass(30)
    other = open_other()
    other.clock.let_pass(30)
    for store in (jobs, other.application.jobs):
        state = store.state()
        assert state.waiting == {(Lane.INTERACTIVE, JobKind.CHECK): 1, (Lane.BULK, JobKind.IMPORT): 1}
        assert 30 <= state.oldest_seconds < 60
        assert store.ends()[JobKind.CHECK, Outcome.FINISHED] == 1
        assert store.ends()[JobKind.IMPORT, Outcome.FAILED] == 0


def test_an_empty_queue_is_of_no_age(house) -> None:
    state = house.application.jobs.state()
    assert (state.in_all, state.oldest_seconds) == (0, 0.0)


def test_a_clock_set_back_makes_no_age_negative(house, line_up) -> None:
    jobs = line_up("ann")
    house.clock.set_ahead(hours=-2)
    assert jobs.state().oldest_seconds == 0


def test_turns_count_up(house, line_up) -> None:
    jobs = line_up("ann", "bob", "ann")
    turns = []
    while served(jobs):
        with house.application.statements.engine.connect() as connection:
            turns.append(connection.exec_driver_sql("SELECT max(turn) FROM lines").scalar())
    assert all(before < after for before, after in pairwise(turns))
