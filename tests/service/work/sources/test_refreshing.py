"""The job that reads a source: it ends in every case, and nothing that was read is lost when it is interrupted."""

from __future__ import annotations

import pytest
from sites import Says

from index.errors import StoreUnavailable
from service.sources import RunState
from service.store.sources import SOURCE
from service.work.held import Work
from service.work.sources.refreshing import give_up_source, work_on_source

pytestmark = pytest.mark.loopback


@pytest.fixture
def feed(desk):
    links = "".join(
        f"<item><link>{desk.article(f'check.example/{n}', f'Aussage Nummer {n}.')}</link></item>" for n in range(3)
    )
    desk.web["check.example/feed"] = Says(
        f"<rss version='2.0'><channel>{links}</channel></rss>", headers={"ETag": '"1"'}
    )
    return desk.add("feed", "check.example/feed")


def claim(desk, worker: str = "w"):
    desk.application.schedules.queue_due()
    return desk.application.jobs.claim(worker, [SOURCE])


def test_a_worker_that_dies_in_the_midst_loses_nothing_and_the_run_goes_on(desk, feed) -> None:
    job = claim(desk)
    steps = []

    class Dies(Work):
        def go_on(self) -> None:
            steps.append(1)
            if len(steps) > 5:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_on_source(desk.application, Dies(job, 0.0, 100))
    assert 0 < len(desk.claims()) < 3
    desk.application.jobs.put_back(job)
    desk.work()
    source = desk.get(feed)
    assert (len(desk.claims()), len(source.runs), source.runs[0].state) == (3, 1, RunState.FINISHED)
    addresses = desk.web.addresses()
    assert len(addresses) - len(set(addresses)) <= 1, "at most what was being read is read again"


def test_a_job_whose_source_is_gone_ends(desk, feed) -> None:
    job = claim(desk)
    desk.application.sources.remove(feed)
    work_on_source(desk.application, Work(job, 0.0, 100))
    give_up_source(desk.application, job, "work-too-long", "Too long.")
    assert claim(desk) is None


def test_one_that_is_given_up_says_why_in_its_run_and_its_schedule(desk, feed) -> None:
    give_up_source(desk.application, claim(desk), "work-interrupted", "Three times.")
    source = desk.get(feed)
    assert (source.runs[0].state, source.problem_code, source.failures) == (RunState.FAILED, "work-interrupted", 1)
    assert desk.application.schedules.get(feed).problem == "work-interrupted: Three times."
    assert not desk.application.schedules.is_queued(feed)


def test_a_site_that_makes_wait_for_more_than_a_day_ends_the_run(desk, feed) -> None:
    desk.web["check.example/feed"] = Says(b"", 429, {"Retry-After": "40000"})
    desk.run(feed)
    for _ in range(60):
        desk.house.clock.let_pass(3700)
        desk.work()
    assert [run.problem_code for run in desk.get(feed).runs if run.finished_at] != []
    assert desk.get(feed).runs[-1].problem_code == "site-asks-to-wait"


def test_a_fault_of_the_database_is_tried_again_not_taken_for_the_sources(desk, feed) -> None:
    class Broken(Work):
        def go_on(self) -> None:
            raise StoreUnavailable("The disk is full.")

    with pytest.raises(StoreUnavailable):
        work_on_source(desk.application, Broken(claim(desk), 0.0, 100))
    assert desk.get(feed).failures == 0
