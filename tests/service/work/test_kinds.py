"""A kind of job is a line in a registry: the worker does any, in its lane, as often and as long as it says."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace

import pytest
import sqlalchemy as sa

from index.errors import StoreUnavailable
from index.store.database import writing
from service.store.jobs import Job, Lane, Outcome
from service.store.tables import tallies
from service.work.kinds import Kind, Registry, Retries
from service.work.registry import REGISTRY
from service.work.worker import Worker


class Panic(BaseException):
    """As libraries written in Rust raise it."""


@dataclass
class Watering:
    """A kind of job that nobody knew: it waters gardens, and fails as often as it is told to."""

    faults: list[BaseException] = field(default_factory=list)
    watered: list[str] = field(default_factory=list)
    given_up: list[tuple[str, str, str]] = field(default_factory=list)
    lane: Lane = Lane.BULK
    retries: Retries = field(default_factory=Retries)

    def registry(self) -> Registry:
        kind = Kind(
            "watering-of-gardens",
            self.lane,
            self.water,
            self.give_up,
            limit_seconds=60,
            advice="Wait for rain.",
            retries=self.retries,
        )
        return Registry(*REGISTRY.values(), kind)

    def water(self, application, work) -> Outcome:
        if self.faults:
            raise self.faults.pop(0)
        self.watered.append(work.job.subject)
        return Outcome.FINISHED

    def give_up(self, application, job: Job, code: str, detail: str) -> None:
        self.given_up.append((job.subject, code, detail))
        application.jobs.end(job, Outcome.FAILED)


def queue(house, subject: str, owner: str = "ann", kind: str = "watering-of-gardens") -> None:
    jobs = house.application.jobs
    with writing(jobs.engine) as connection:
        jobs.add(connection, kind, Lane.BULK, subject, owner)


def test_a_further_kind_is_done_without_the_worker_knowing_it(house) -> None:
    watering = Watering()
    worker = Worker(house.application, watering.registry())
    queue(house, "roses")
    check = house.client.post("/v1/checks", json={"text": "Roses are red.", "wait": 0}).json
    assert [worker.run_once() for _ in range(3)] == [True, True, False]
    assert watering.watered == ["roses"]
    assert house.client.get(f"/v1/checks/{check['id']}").json["state"] == "finished"
    assert house.application.jobs.ends()["watering-of-gardens", Outcome.FINISHED] == 1
    assert house.application.jobs.count() == 0


def test_what_a_worker_does_not_know_waits_for_one_that_does(house) -> None:
    queue(house, "roses")
    assert not house.worker.run_once()
    assert house.application.jobs.state().waiting == {(Lane.BULK, "watering-of-gardens"): 1}


def test_two_kinds_may_be_about_the_same_thing_one_may_not_twice(house) -> None:
    queue(house, "roses")
    queue(house, "roses", kind="pruning")
    with pytest.raises(StoreUnavailable):
        queue(house, "roses")


def test_what_fails_is_tried_again_later_and_ends_well(house, caplog) -> None:
    watering = Watering([OSError("no water"), Panic("no water either")])
    worker = Worker(house.application, watering.registry())
    queue(house, "roses")
    for _ in range(2):
        assert worker.run_once()
        assert not worker.run_once(), "not at once"
        house.clock.let_pass(60)
    assert worker.run_once()
    assert (watering.watered, watering.given_up) == (["roses"], [])
    assert "no water" not in caplog.text
    assert "a watering-of-gardens job failed, try 1 of 3: OSError" in caplog.text


def test_what_fails_each_time_is_given_up_with_the_reason(house) -> None:
    watering = Watering([StoreUnavailable("The disk is full.")] * 9, retries=Retries(most=1))
    worker = Worker(house.application, watering.registry())
    queue(house, "roses")
    queue(house, "tulips", owner="bob")
    for _ in range(9):
        worker.run_once()
        house.clock.let_pass(60)
    reason = "This watering-of-gardens was tried twice and failed: The disk is full. Wait for rain."
    assert sorted(watering.given_up) == [(name, "store-unavailable", reason) for name in ("roses", "tulips")]
    assert len(watering.faults) == 9 - 4
    assert house.application.jobs.ends()["watering-of-gardens", Outcome.FAILED] == 2
    assert house.application.jobs.count() == 0


def test_tries_that_failed_are_no_interruptions(house) -> None:
    watering = Watering([OSError()] * 5, retries=Retries(most=5))
    worker = Worker(house.application, watering.registry())
    queue(house, "roses")
    for _ in range(6):
        assert worker.run_once()
        house.clock.let_pass(60)
    assert (watering.watered, watering.given_up) == (["roses"], [])


def test_an_interactive_kind_does_not_wait_behind_bulk_work(house) -> None:
    watering = Watering(lane=Lane.INTERACTIVE)
    done = threading.Event()
    bulk = threading.Event()
    slow = Kind("digging", Lane.BULK, lambda *_: bulk.wait(20) and None, watering.give_up, 60, "")
    quick = replace(watering.registry()["watering-of-gardens"], handle=lambda *_: done.set() or Outcome.FINISHED)
    queue(house, "ditch", kind="digging")
    worker = Worker(house.application, Registry(slow, quick))
    worker.start()
    queue(house, "roses")
    assert done.wait(10)
    bulk.set()
    worker.stop()


def test_scheduled_work_counts_for_no_callers_bounds_and_no_tally(open_other) -> None:
    house = open_other(max_waiting=1)
    watering = Watering()
    worker = Worker(house.application, Registry(replace(watering.registry()["watering-of-gardens"], every_seconds=60)))
    worker._plan()
    assert house.application.schedules.queue_due() == 1
    queue(house, "roses")
    assert house.application.jobs.state().in_all == 1
    assert [worker.run_once() for _ in range(3)] == [True, True, False]
    assert sorted(watering.watered) == ["roses", "watering-of-gardens"]
    with house.application.statements.engine.connect() as connection:
        count = sa.select(tallies.c.count).where(tallies.c.kind == "watering-of-gardens")
        assert connection.execute(count).scalars().all() == [1]


def test_a_running_worker_does_what_is_due_by_itself(house, monkeypatch) -> None:
    monkeypatch.setattr("service.work.worker.SCHEDULE_SECONDS", 0)
    watering = Watering()
    worker = Worker(house.application, Registry(replace(watering.registry()["watering-of-gardens"], every_seconds=60)))
    worker.start()
    until = time.monotonic() + 20
    while not watering.watered and time.monotonic() < until:
        time.sleep(0.02)
    worker.stop()
    assert watering.watered == ["watering-of-gardens"]


# ---------------------------------------------------------------- pauses and names


def test_pauses_double_up_to_a_limit() -> None:
    retries = Retries(first_seconds=1, longest_seconds=10)
    assert [retries.pause(failed, chance=0) for failed in range(6)] == [1, 2, 4, 8, 10, 10]
    assert retries.pause(10**6, chance=0) == 10


def test_no_two_pauses_are_alike_and_none_is_shorter_than_half() -> None:
    retries = Retries(first_seconds=8, longest_seconds=60)
    assert [retries.pause(0, chance) for chance in (0, 0.5, 1)] == [8, 6, 4]


def test_a_name_stands_for_one_kind() -> None:
    with pytest.raises(ValueError, match="same name"):
        Registry(*REGISTRY.values(), REGISTRY["check"])


def test_the_kinds_that_there_are() -> None:
    assert REGISTRY.names(Lane.INTERACTIVE) == ("check",)
    assert REGISTRY.names(Lane.BULK) == ("import", "retention", "source")
    assert [kind.name for kind in REGISTRY.scheduled()] == ["retention", "correction", "periods", "gathering"]
    assert (REGISTRY["check"].limit_seconds, REGISTRY["import"].limit_seconds) == (300, 21_600)
