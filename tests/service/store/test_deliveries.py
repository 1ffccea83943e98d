"""Deliveries in the store: queued with what they tell of, tried until received or dead, gone with what they tell of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.store.database import reading
from service.errors import NotFound
from service.models import CheckRequest, CheckResult, Problem, Stage
from service.store.batch_items import Refusal
from service.store.batches import Asked
from service.store.callbacks import Callback, DeliveryState, Event
from service.store.idempotency import IdempotencyKey
from service.store.jobs import JobKind, Lane
from service.store.reuse import Freshness
from service.store.tables import callbacks

HOOK = Callback("https://desk.example/hook", "de")
TEXT = CheckRequest(text="Hot lemon water cures diabetes within seven days.")
BROKEN = CheckResult(problem=Problem("page-not-found", "No.", Stage.FETCH))


def ask(house, request: CheckRequest = TEXT, **more):
    return house.application.checks.submit(request, "ann", more.pop("reuse", None), callback=HOOK, **more)


def told(house) -> list[tuple[str, str]]:
    return [(each.event.value, each.subject) for each in house.application.deliveries.select(None).deliveries[::-1]]


def claimed(house):
    return house.application.jobs.claim("w", [JobKind.WEBHOOK])


def fresh(house) -> Freshness:
    return Freshness(house.application.checker.versions(), 3600)


def work_on_checks(house) -> None:
    from service.work.held import Work
    from service.work.registry import REGISTRY

    while job := house.application.jobs.claim("w", [JobKind.CHECK]):
        REGISTRY[job.kind].handle(house.application, Work(job, 0.0, 60.0))


def test_who_asked_is_told_when_a_check_has_ended_and_not_before(house) -> None:
    check = ask(house)
    assert told(house) == []
    work_on_checks(house)
    (delivery,) = house.application.deliveries.select("ann").deliveries
    assert (delivery.event, delivery.subject, delivery.url, delivery.language) == (
        Event.CHECK_FINISHED, check.id, HOOK.url, "de",
    )  # fmt: skip
    assert (delivery.state, delivery.tries, delivery.id[:4], len(delivery.id)) == (DeliveryState.WAITING, 0, "msg_", 32)
    assert house.application.jobs.state().waiting == {(Lane.DELIVERY, JobKind.WEBHOOK): 1}
    assert house.application.jobs.state().in_all == 0, "nothing that is to be done here"


def test_of_a_failed_check_another_event_is_told(house) -> None:
    check = ask(house)
    job = house.application.jobs.claim("w", [JobKind.CHECK])
    house.application.checks.finish(job, BROKEN, datetime.now(UTC))
    assert told(house) == [("check.failed", check.id)]


def test_what_is_answered_from_the_store_is_told_at_once_each_time_it_is_asked_for(house) -> None:
    check = ask(house)
    work_on_checks(house)
    assert ask(house, reuse=fresh(house)).id == check.id
    assert told(house) == [("check.finished", check.id)] * 2
    assert len({each.id for each in house.application.deliveries.select(None).deliveries}) == 2


def test_sent_twice_with_one_key_it_is_told_once(house) -> None:
    key = IdempotencyKey.of("ann", "checks", "k", b"same")
    for _ in range(2):
        ask(house, key=key)
    work_on_checks(house)
    ask(house, key=key)
    assert len(told(house)) == 1


def test_of_another_key_s_page_it_is_told_only_when_the_copy_is_shown(house) -> None:
    url = "https://news.example/lemons"
    house.publish(url, TEXT.text, "So it was told on the radio in the morning.")
    house.fetcher.before = lambda url: house.clock.let_pass(500)
    house.application.checks.submit(CheckRequest(url=url), "bob", None)
    work_on_checks(house)
    copy = ask(house, CheckRequest(url=url), reuse=fresh(house))
    assert told(house) == [("check.finished", copy.id)]
    assert claimed(house) is None
    house.clock.let_pass(600)
    assert claimed(house) is not None


def test_of_a_batch_it_is_told_once_when_all_of_it_has_ended(house) -> None:
    asked = [
        Asked(TEXT),
        Asked(CheckRequest(text="Lemons.")),
        Asked(CheckRequest(url="x"), Refusal("address-refused", "No.")),
    ]
    batch = house.application.batches.submit("ann", asked, callback=HOOK)
    assert told(house) == []
    house.application.checks.forget(house.application.batches.items(batch.id, None).items[0].check.id, "ann")
    assert told(house) == []
    work_on_checks(house)
    assert told(house) == [("batch.finished", batch.id)]
    refused = house.application.batches.submit("ann", asked[2:], callback=HOOK)
    cancelled = house.application.batches.submit("ann", asked[:1], callback=HOOK)
    house.application.batches.cancel(cancelled.id, "ann")
    assert told(house)[1:] == [("batch.finished", refused.id), ("batch.finished", cancelled.id)]


def test_what_is_deleted_is_told_to_nobody(house) -> None:
    check = ask(house)
    work_on_checks(house)
    held = claimed(house)
    house.application.checks.forget(check.id, "ann")
    assert told(house) == []
    assert house.application.jobs.still_held([held]) == []
    assert house.application.deliveries.begin(held) is None
    with reading(house.application.statements.engine) as connection:
        assert connection.execute(callbacks.select()).all() == []


def test_a_try_that_failed_is_noted_and_made_again_later(house) -> None:
    ask(house)
    work_on_checks(house)
    deliveries = house.application.deliveries
    job = claimed(house)
    first = deliveries.begin(job)
    deliveries.failed(job, 500, "The receiver answered with 500.", 30)
    (tried,) = deliveries.select("ann").deliveries
    assert (tried.id, tried.state, tried.tries, tried.status) == (first.id, DeliveryState.WAITING, 1, 500)
    assert claimed(house) is None
    house.clock.let_pass(31)
    again = claimed(house)
    assert (again.failed, deliveries.begin(again).id) == (1, first.id)
    deliveries.received(again, 204)
    (received,) = deliveries.select("ann", DeliveryState.DELIVERED).deliveries
    assert (received.tries, received.status, received.problem) == (2, 204, None)
    assert claimed(house) is None


def test_a_dead_one_is_listed_and_sent_again_under_its_id(house) -> None:
    ask(house)
    work_on_checks(house)
    deliveries = house.application.deliveries
    deliveries.failed(claimed(house), None, "x" * 1000, None)
    (dead,) = deliveries.select("ann", DeliveryState.DEAD).deliveries
    assert len(dead.problem) == 500
    with pytest.raises(NotFound):
        deliveries.resend(dead.id, "bob")
    assert deliveries.resend(dead.id, "ann").state is DeliveryState.WAITING
    assert deliveries.resend(dead.id, None).id == dead.id
    job = claimed(house)
    assert (job.subject, job.failed) == (dead.id, 0)
    assert claimed(house) is None


def test_one_that_waits_for_its_next_try_can_be_sent_at_once(house) -> None:
    ask(house)
    work_on_checks(house)
    house.application.deliveries.failed(claimed(house), 500, "No.", 3600)
    house.application.deliveries.resend(house.application.deliveries.select(None).deliveries[0].id, "ann")
    assert claimed(house) is not None


def test_of_a_lost_lease_nothing_is_noted(house) -> None:
    ask(house)
    work_on_checks(house)
    job = claimed(house)
    house.application.jobs.put_back(job)
    house.application.deliveries.received(job, 200)
    house.application.deliveries.failed(job, 500, "No.", None)
    assert house.application.deliveries.select(None).deliveries[0].state is DeliveryState.WAITING


def test_old_ones_are_deleted_unless_they_wait(house) -> None:
    for number in range(3):
        ask(house, CheckRequest(text=f"Lemon {number}."))
    work_on_checks(house)
    house.application.deliveries.received(claimed(house), 200)
    house.application.deliveries.failed(claimed(house), 500, "No.", None)
    house.application.deliveries.purge(house.clock.read().at)
    assert [each.state for each in house.application.deliveries.select(None).deliveries] == [DeliveryState.WAITING]
