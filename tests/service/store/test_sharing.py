"""The same page in several batches is fetched once, and nobody is told that it was fetched for somebody else."""

from __future__ import annotations

import pytest

from service.models import CheckRequest, CheckState
from service.store.batches import Asked
from service.store.jobs import JobKind, Lane

PAGE = "https://news.example/lemons"
SENTENCE = "Hot lemon water cures diabetes within seven days."


@pytest.fixture
def house(house):
    house.publish(PAGE, SENTENCE, "So it was told on the radio in the morning.")
    house.fetcher.before = lambda url: house.clock.let_pass(500)
    return house


def submit(house, owner: str, *urls: str):
    return house.application.batches.submit(owner, [Asked(CheckRequest(url=url)) for url in urls])


def checks_of(house, batch):
    return [item.check for item in house.application.batches.items(batch.id, None).items]


def test_a_page_in_several_batches_of_a_key_is_fetched_once(house) -> None:
    one, two = submit(house, "ann", PAGE, PAGE), submit(house, "ann", PAGE)
    assert house.work() == 3
    assert house.fetcher.fetched == [PAGE]
    found = [*checks_of(house, one), *checks_of(house, two)]
    assert [check.state for check in found] == [CheckState.FINISHED] * 3
    assert len({check.id for check in found}) == 3
    assert len({check.result.verdict for check in found}) == 1
    assert [house.application.checks.findings(check.id, None) for check in found[1:]] == [
        house.application.checks.findings(found[0].id, None)
    ] * 2
    assert house.application.batches.get(two.id, None).state is CheckState.FINISHED


def test_under_another_address_it_is_fetched_once_where_the_address_led_to_is_asked_for_next(house) -> None:
    house.fetcher.leads_to["https://short.example/x"] = PAGE
    batch = submit(house, "ann", "https://short.example/x", PAGE)
    house.work()
    assert house.fetcher.fetched == ["https://short.example/x"]
    assert [check.result.article.url for check in checks_of(house, batch)] == ["https://short.example/x", PAGE]


def test_of_another_key_s_page_the_check_takes_as_long_as_a_run(house) -> None:
    submit(house, "ann", PAGE)
    house.work()
    batch = submit(house, "bob", PAGE)
    assert house.worker.run_once()
    (waiting,) = checks_of(house, batch)
    assert (waiting.state, waiting.result.verdict) == (CheckState.RUNNING, None)
    assert not house.worker.run_once()
    house.clock.let_pass(400)
    assert not house.worker.run_once()
    house.clock.let_pass(200)
    assert house.work() == 1
    (done,) = checks_of(house, batch)
    assert done.state is CheckState.FINISHED
    assert (done.finished_at - waiting.created_at).total_seconds() >= 500
    assert house.fetcher.fetched == [PAGE]


def test_what_waited_in_the_queue_for_long_is_not_taken_for_a_long_run(house) -> None:
    """A further copy of it is shown as soon as a run would have been done."""
    submit(house, "ann", PAGE, PAGE)
    assert house.worker.run_once()
    house.clock.let_pass(900)
    house.work()
    batch = submit(house, "bob", PAGE)
    house.work()
    house.clock.let_pass(600)
    house.work()
    assert checks_of(house, batch)[0].state is CheckState.FINISHED


def test_while_it_is_being_fetched_for_a_batch_others_wait_for_it(house) -> None:
    submit(house, "ann", PAGE)
    jobs, checks = house.application.jobs, house.application.checks
    held = jobs.claim("w", [JobKind.CHECK])
    reuse = reuse_of(house)
    assert checks.begin(held, reuse) is not None
    batch = submit(house, "bob", PAGE)
    assert house.worker.run_once()
    assert house.fetcher.fetched == []
    jobs.put_back(held)  # its worker had to stop
    house.clock.let_pass(2)
    house.work()
    house.clock.let_pass(600)
    house.work()
    assert house.fetcher.fetched == [PAGE]
    assert checks_of(house, batch)[0].state is CheckState.FINISHED


def test_a_single_check_of_another_key_is_waited_for_by_nobody(house) -> None:
    """That would tell that somebody reads the page just now."""
    house.application.checks.submit(CheckRequest(url=PAGE), "ann", None)
    held = house.application.jobs.claim("w", [JobKind.CHECK])
    house.application.checks.begin(held)
    submit(house, "bob", PAGE)
    submit(house, "ann", PAGE)
    assert house.work() == 2
    assert house.fetcher.fetched == [PAGE], "bob's run; ann's item waits for her own"


def test_where_the_index_has_changed_it_is_fetched_again(house) -> None:
    submit(house, "ann", PAGE)
    house.work()
    house.add_statement(claim_reviewed="The moon is hollow.", url="https://checks.example/moon")
    submit(house, "ann", PAGE)
    house.work()
    assert house.fetcher.fetched == [PAGE, PAGE]


def test_a_page_that_could_not_be_fetched_is_tried_for_each(house) -> None:
    missing = "https://news.example/none"
    batch = submit(house, "ann", missing, missing)
    house.work()
    assert [check.result.problem.code for check in checks_of(house, batch)] == ["page-unavailable"] * 2
    assert house.fetcher.fetched == [missing, missing]


def test_texts_of_a_key_are_read_once_and_of_two_keys_twice(house) -> None:
    asked = [Asked(CheckRequest(text=SENTENCE, reference=str(n))) for n in range(2)]
    one = house.application.batches.submit("ann", asked)
    two = house.application.batches.submit("bob", asked[:1])
    house.work()
    found = [*checks_of(house, one), *checks_of(house, two)]
    assert [check.request.reference for check in found] == ["0", "1", "0"]
    times = [check.result.times for check in found]
    assert times[0] == times[1] != times[2]


def reuse_of(house):
    from service.work.checking import what_to_reuse

    submit(house, "zoe", "https://news.example/other")
    job = next(job for job in [house.application.jobs.claim("z", [JobKind.CHECK], [Lane.BULK])] if job)
    reuse = what_to_reuse(house.application, job)
    house.application.jobs.postpone(job, 3600)
    return reuse
