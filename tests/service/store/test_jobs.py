"""The queue: one worker a job, leases that end, attempts that are counted."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from service.models import CheckRequest
from service.store.jobs import JobKind, WorkerName

CHECKS = (JobKind.CHECK,)


@pytest.fixture
def queue(house):
    """Queues so many checks and gives the job store."""

    def fill(count: int):
        for number in range(count):
            house.application.checks.submit(CheckRequest(text=f"Text number {number}."), "ann", None)
        return house.application.jobs

    return fill


def end_leases(house) -> None:
    with house.application.statements.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE jobs SET leased_until = datetime('now', '-1 second')")


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


def test_a_job_is_free_again_when_its_lease_ends(house, queue) -> None:
    jobs = queue(1)
    first = jobs.claim("a", CHECKS)
    end_leases(house)
    second = jobs.claim("b", CHECKS)
    assert (second.number, second.attempts) == (first.number, 2)


def test_the_heartbeat_keeps_a_lease(house, queue) -> None:
    jobs = queue(1)
    job = jobs.claim("a", CHECKS)
    end_leases(house)
    jobs.renew("b", [job.number])
    jobs.renew("a", [job.number])
    assert jobs.claim("b", CHECKS) is None


def test_whoever_lost_the_lease_cannot_store_a_result(house, queue) -> None:
    jobs = queue(1)
    slow = jobs.claim("a", CHECKS)
    end_leases(house)
    quick = jobs.claim("a", CHECKS)  # the same process, another thread
    result = house.application.checker.run(CheckRequest(text="A text that was checked."))
    assert not house.application.checks.finish(
        slow, result, house.application.checks.get(slow.subject, None).created_at
    )
    assert house.application.checks.finish(quick, result, house.application.checks.get(slow.subject, None).created_at)
    assert jobs.count() == 0


def test_a_postponed_job_comes_later_and_does_not_count(queue) -> None:
    jobs = queue(1)
    jobs.postpone(jobs.claim("a", CHECKS), 60)
    assert jobs.claim("a", CHECKS) is None
    jobs = queue(1)
    jobs.postpone(jobs.claim("a", CHECKS), 0)
    assert jobs.claim("a", CHECKS).attempts == 1


def test_jobs_of_a_dead_process_are_freed_at_once(queue) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    own = WorkerName.own()
    jobs = queue(2)
    jobs.claim(str(replace(own, process=ended.pid, token="dead")), CHECKS)
    jobs.claim(str(own), CHECKS)
    assert jobs.release_dead(own) == 1
    assert jobs.claim("b", CHECKS).attempts == 2
    assert jobs.claim("b", CHECKS) is None


@pytest.mark.parametrize(
    ("changes", "outlived"),
    [
        ({"token": "before"}, True),  # our own number, given to us after a restart
        ({}, False),
        ({"host": "elsewhere", "token": "before"}, False),
        ({"process": 1, "token": "before"}, False),  # somebody lives under this number
    ],
)
def test_only_who_is_certainly_gone_is_taken_for_dead(changes: dict, outlived: bool) -> None:
    own = WorkerName.own()
    assert own.outlived(str(replace(own, **changes))) is outlived
