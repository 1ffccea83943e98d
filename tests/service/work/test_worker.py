"""The worker: threads that take jobs, keep their leases, and survive whatever a job does."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from rows import set_where

from index.errors import IndexUnavailable
from service.config import Settings
from service.errors import NotFound
from service.models import CheckRequest, CheckState, Stage
from service.pipeline.reader import DirectReader, ProcessReader, Reader
from service.store.jobs import MAX_ATTEMPTS, JobKind
from service.store.leases import LEASE_SECONDS, LOOK_SECONDS
from service.store.tables import jobs
from service.work.checking import INDEX_TRIES
from service.work.held import Place
from service.work.registry import CHECK

PAGE = "https://news.example/lemons"
SENTENCE = "Hot lemon water cures diabetes within seven days."


@pytest.fixture
def worker(house):
    """A started worker, stopped at the end."""
    made = house.worker
    made.start()
    yield made
    made.stop()


def submit(house, **request: str):
    return house.application.checks.submit(CheckRequest(**request), "ann", None)


def ended(house, check, seconds: float = 10):
    return house.application.checks.wait(check.id, "ann", seconds)


def wait_until(condition) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def fall_silent(house) -> None:
    """Whoever holds a job now stops renewing it."""
    house.clock.let_pass(LOOK_SECONDS)
    house.application.jobs.free_silent()
    house.clock.let_pass(LEASE_SECONDS)


def test_the_bell_wakes_workers_and_whoever_waits(house) -> None:
    """Within a process nobody depends on looking again by the clock: here that would take a minute."""
    bell = house.application.jobs.bell
    wait = bell.wait
    bell.wait = lambda rings, seconds=0.0: wait(rings, 60)
    worker = house.worker
    worker.start()
    started = time.monotonic()
    check = ended(house, submit(house, text=SENTENCE), seconds=120)
    worker.stop()
    assert check.state is CheckState.FINISHED
    assert time.monotonic() - started < 30


def test_work_queued_by_another_process_is_found(house, worker, open_other) -> None:
    check = submit(open_other(), text=SENTENCE)
    assert ended(house, check).state is CheckState.FINISHED


def test_the_stage_is_written_down_while_a_check_runs(house, worker) -> None:
    house.publish(PAGE, SENTENCE)
    go_on = threading.Event()
    house.fetcher.before = lambda url: go_on.wait(10)
    check = submit(house, url=PAGE)
    until = time.monotonic() + 5
    while house.application.checks.get(check.id, "ann").stage is not Stage.FETCH and time.monotonic() < until:
        time.sleep(0.02)
    seen = house.application.checks.get(check.id, "ann")
    go_on.set()
    assert (seen.state, seen.stage) == (CheckState.RUNNING, Stage.FETCH)
    assert ended(house, check).stage is None


def test_a_fault_in_the_pipeline_fails_the_check_and_not_the_worker(house, worker, caplog) -> None:
    def explode(url: str) -> None:
        raise RuntimeError(f"cannot stand {url}")

    house.fetcher.before = explode
    check = ended(house, submit(house, url=PAGE))
    assert check.state is CheckState.FAILED
    assert (check.result.problem.code, check.result.problem.stage) == ("internal-error", Stage.FETCH)
    assert "RuntimeError" in caplog.text
    assert "news.example" not in caplog.text
    assert ended(house, submit(house, text=SENTENCE)).state is CheckState.FINISHED


def test_a_check_that_kills_its_workers_is_given_up(house) -> None:
    check = submit(house, text=SENTENCE)
    for _ in range(MAX_ATTEMPTS):
        assert house.application.jobs.claim("dead", (JobKind.CHECK,))
        fall_silent(house)
    house.work()
    given_up = house.application.checks.get(check.id, "ann")
    assert given_up.state is CheckState.FAILED
    assert given_up.result.problem.code == "work-interrupted"
    assert given_up.result.problem.detail == (
        "Working on this check was interrupted 3 times: 3 times because the process that worked on it ended "
        "unexpectedly. The page or text itself may be the cause."
    )
    assert house.application.jobs.count() == 0


def test_a_check_that_outlasts_its_workers_is_given_up_too(house, open_other, monkeypatch) -> None:
    """Over graceful restarts: twice it is not done when the service is stopped, once its process dies."""
    monkeypatch.setattr("service.work.worker.STOP_SECONDS", 0.05)
    go_on = threading.Event()
    check = submit(house, url=PAGE)
    for _ in range(2):
        restarted = open_other()
        restarted.fetcher.before = lambda url: go_on.wait(20)
        worker = restarted.worker
        worker.start()
        wait_until(lambda: restarted.fetcher.fetched)  # noqa: B023 - called at once
        worker.stop()
    house.application.jobs.claim("dead", (JobKind.CHECK,))
    fall_silent(house)
    house.work()
    go_on.set()
    given_up = house.application.checks.get(check.id, "ann")
    assert given_up.result.problem.code == "work-interrupted"
    assert given_up.result.problem.detail.startswith(
        "Working on this check was interrupted 3 times: once because the process that worked on it ended unexpectedly "
        "and twice because it was not done when the service was stopped."
    )


def test_a_check_that_hangs_is_ended_and_its_place_is_used_again(open_other) -> None:
    house = open_other(workers=1)
    go_on, hanging = threading.Event(), []
    house.publish(PAGE, SENTENCE)

    def hang(url: str) -> None:
        hanging.append(threading.current_thread())
        go_on.wait(20)

    house.fetcher.before = hang
    worker = house.worker
    worker.start()
    stuck, waiting = submit(house, url=PAGE), submit(house, text=SENTENCE)
    wait_until(lambda: hanging)
    house.clock.let_pass(CHECK.limit_seconds + 1)
    assert ended(house, waiting, 20).state is CheckState.FINISHED
    failed = ended(house, stuck, 20)
    assert (failed.state, failed.result.problem.code) == (CheckState.FAILED, "work-too-long")
    assert "not done after 5 minutes" in failed.result.problem.detail
    go_on.set()
    hanging[0].join(10)
    assert not hanging[0].is_alive(), "the thread that was left behind ends once it can"
    assert house.application.checks.get(stuck.id, "ann") == failed
    worker.stop()


def test_a_deleted_check_stops_at_its_next_stage(house, worker) -> None:
    house.publish(PAGE, SENTENCE, "So it was told on the radio.")
    begun, go_on = threading.Event(), threading.Event()

    def wait(url: str) -> None:
        begun.set()
        go_on.wait(20)

    house.fetcher.before = wait
    current, searched = house.application.index.current, []
    object.__setattr__(house.application.index, "current", lambda: searched.append(1) or current())
    check = submit(house, url=PAGE)
    assert begun.wait(10)
    (work,) = worker._held.values()
    searched.clear()
    house.application.checks.forget(check.id, "ann")
    wait_until(lambda: work._unwanted.is_set())
    go_on.set()
    wait_until(lambda: not worker._held)
    assert searched == []
    with pytest.raises(NotFound):
        house.application.checks.get(check.id, None)


def test_a_deleted_check_stops_while_its_page_is_being_read(house, worker) -> None:
    reader = ProcessReader(Settings(readers=1, read_seconds=60))
    process = reader.read(os.getpid)
    house.application.checker._reader = ReadsOnePageForEver(reader)
    house.publish(PAGE, SENTENCE)
    check = submit(house, url=PAGE)
    wait_until(lambda: not reader._free.qsize())
    house.application.checks.forget(check.id, "ann")
    wait_until(lambda: not worker._held)
    assert reader.read(os.getpid) != process, "the process that read it was ended"
    reader.close()


class ReadsOnePageForEver(DirectReader):
    """A reader that does not get done with PAGE."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def asking(self, go_on) -> Reader:
        return ReadsOnePageForEver(self._reader.asking(go_on))

    def read(self, step, *given, **named):
        if PAGE in repr(given):
            return self._reader.read(exec, "while True: pass")
        return super().read(step, *given, **named)


def test_a_check_waits_for_an_index_that_is_still_loading(empty_house) -> None:
    empty_house.publish(PAGE, SENTENCE, "So it was told on the radio.")
    check = submit(empty_house, url=PAGE)
    assert empty_house.worker.run_once()
    assert empty_house.application.checks.get(check.id, "ann").finished_at is None
    empty_house.add_statement()
    time.sleep(1.1)  # it was put back for a second
    empty_house.work()
    assert empty_house.application.checks.get(check.id, "ann").result.verdict.code == "refuted"
    assert empty_house.fetcher.fetched == [PAGE]


def test_a_check_does_not_wait_for_an_index_for_ever(empty_house) -> None:
    check = submit(empty_house, text=SENTENCE)
    with empty_house.application.statements.engine.begin() as connection:
        set_where(connection, sa.true(), jobs.c.attempts, INDEX_TRIES)
    empty_house.work()
    failed = empty_house.application.checks.get(check.id, "ann")
    assert failed.result.problem.code == "index-not-ready"


@pytest.mark.parametrize(("times", "state", "fetched"), [(1, "finished", 2), (3, "finished", 4), (9, "failed", 4)])
def test_an_index_that_goes_away_during_a_check_is_waited_for_a_while(
    house, times: int, state: str, fetched: int
) -> None:
    """A Milvus is started again, say. The page is fetched anew each time, so not for ever."""
    current, gone = house.application.index.current, False

    def flaky():
        if gone:
            raise IndexUnavailable("Milvus is away")
        return current()

    def leave(_url: str) -> None:
        nonlocal gone
        gone = len(house.fetcher.fetched) <= times

    house.application.index.current = flaky
    house.fetcher.before = leave
    house.publish(PAGE, SENTENCE)
    check = submit(house, url=PAGE)
    for _ in range(6):
        house.work()
        gone = False
        house.clock.let_pass(60)
    ended_check = house.application.checks.get(check.id, "ann")
    assert (ended_check.state, len(house.fetcher.fetched)) == (state, fetched)
    assert ended_check.result.problem is None or ended_check.result.problem.code == "index-not-ready"


def test_long_work_keeps_its_lease(house, open_other) -> None:
    """The heartbeat renews what runs; with it stopped, the lease would have ended."""
    go_on = threading.Event()
    house.publish(PAGE, SENTENCE)
    house.fetcher.before = lambda url: go_on.wait(10)
    check = submit(house, url=PAGE)
    worker = house.worker
    running = threading.Thread(target=worker.run_once)
    running.start()
    while not worker._held:
        time.sleep(0.01)
    other = open_other()
    for seconds in (0, LEASE_SECONDS, LEASE_SECONDS):
        other.clock.let_pass(seconds)
        worker._renew()
        assert other.application.jobs.claim("other", (JobKind.CHECK,)) is None
    go_on.set()
    running.join()
    assert house.application.checks.get(check.id, "ann").state is CheckState.FINISHED


def test_stopping_puts_unfinished_work_back(house, open_other, monkeypatch) -> None:
    monkeypatch.setattr("service.work.worker.STOP_SECONDS", 0.1)
    go_on = threading.Event()
    house.publish(PAGE, SENTENCE)
    house.fetcher.before = lambda url: go_on.wait(10)
    check = submit(house, url=PAGE)
    worker = house.worker
    worker.start()
    while not worker._held:
        time.sleep(0.01)
    worker.stop()
    other = open_other()
    other.publish(PAGE, SENTENCE)
    assert other.work() >= 1  # and what is due by schedule
    go_on.set()
    result = house.application.checks.get(check.id, "ann").result
    assert (result.problem, result.verdict is not None) == (None, True)


def test_a_job_claimed_while_the_worker_stops_is_left_to_others_uncounted(house) -> None:
    check = submit(house, text=SENTENCE)
    worker = house.worker
    worker._stopping.set()
    worker._work_or_wait((JobKind.CHECK,), Place("check", worker._work_interactively))
    job = house.application.jobs.claim("other", (JobKind.CHECK,))
    assert (job.subject, job.crashed, job.outlasted) == (check.id, 0, 0)


def test_where_a_worker_runs_beside_no_job_is_taken_but_the_own_index_is_tended(open_other) -> None:
    house = open_other(workers=0)
    check = submit(house, text=SENTENCE)
    assert house.application.index.status().reason == "The index was not built yet."
    worker = house.worker
    worker.start()
    wait_until(lambda: house.application.index.status().ready)
    assert ended(house, check, seconds=0.6).state is CheckState.QUEUED
    worker.stop()


def test_an_index_fault_is_no_reason_to_stop(house, worker, caplog) -> None:
    """A database that fails for a while: the thread goes on, and the job is done once it can be."""
    claim = house.application.jobs.claim
    failures = iter([IndexUnavailable("gone for a while")])

    def flaky(*arguments):
        for failure in failures:
            raise failure
        return claim(*arguments)

    object.__setattr__(house.application.jobs, "claim", flaky)
    check = ended(house, submit(house, text=SENTENCE))
    assert check.state is CheckState.FINISHED
    assert check.finished_at > datetime(2020, 1, 1, tzinfo=UTC)
