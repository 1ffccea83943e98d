"""Batches in the store: all of one or nothing, each item ends once, whatever becomes of its check."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from index.store.database import reading
from service.errors import NotFound, ServiceBusy, TooManyRequests
from service.models import CheckRequest, CheckState
from service.store.admission import Bounds
from service.store.batch_items import Refusal
from service.store.batches import Asked, BatchStore
from service.store.bell import Bell
from service.store.idempotency import IdempotencyKey
from service.store.jobs import JobKind, JobStore, Lane
from service.store.tables import batch_items, checks

NO = Refusal("address-refused", "Not this one.")


def asked(number: int, refusal: Refusal | None = None) -> Asked:
    request = CheckRequest(text=f"Town {number} has {number} lemons.", reference=f"r{number}")
    return Asked(request, refusal)


def submit(house, count: int = 3, owner: str = "ann", key: IdempotencyKey | None = None):
    return house.application.batches.submit(owner, [asked(number) for number in range(count)], key)


def counts(house, id: str) -> dict[str, int]:
    return {state.value: n for state, n in house.application.batches.get(id, None).counts.items() if n}


def test_what_is_accepted_is_committed_each_item_with_its_check(house) -> None:
    made = house.application.batches.submit("ann", [asked(0), asked(1, NO), asked(2)])
    assert (made.state, counts(house, made.id)) == (CheckState.RUNNING, {"queued": 2, "failed": 1})
    page = house.application.batches.items(made.id, "ann")
    assert [(item.place, item.state.value, item.reference) for item in page.items] == [
        (0, "queued", "r0"), (1, "failed", "r1"), (2, "queued", "r2"),
    ]  # fmt: skip
    assert page.items[1].refusal == NO
    assert page.items[1].check is None
    assert page.items[0].check.request.text == "Town 0 has 0 lemons."
    assert house.application.jobs.state().waiting == {(Lane.BULK, JobKind.CHECK): 2}


def test_a_batch_of_refusals_is_finished_at_once(house) -> None:
    made = house.application.batches.submit("ann", [asked(0, NO)])
    assert made.state is CheckState.FINISHED
    assert made.finished_at == made.created_at


def test_it_is_finished_when_the_last_item_has_ended(house) -> None:
    made = submit(house)
    worker = house.worker
    states = []
    while worker.run_once():
        states.append(house.application.batches.get(made.id, "ann").state)
    assert states == [CheckState.RUNNING, CheckState.RUNNING, CheckState.FINISHED]
    done = house.application.batches.get(made.id, "ann")
    assert done.finished_at >= max(
        item.check.finished_at for item in house.application.batches.items(made.id, "ann").items
    )


def test_pages_of_items_hold_each_once(house) -> None:
    made = submit(house, 5)
    found, cursor = [], None
    while True:
        page = house.application.batches.items(made.id, "ann", cursor, 2)
        found += [item.place for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == [0, 1, 2, 3, 4]


def test_nobody_else_sees_it(house) -> None:
    made = submit(house)
    for look in (house.application.batches.get, house.application.batches.items, house.application.batches.cancel):
        with pytest.raises(NotFound):
            look(made.id, "bob")
    assert house.application.batches.get(made.id, None).id == made.id


def test_one_key_makes_one_batch(house) -> None:
    key = IdempotencyKey.of("ann", "batches", "k", b"same")
    first, again = submit(house, key=key), submit(house, key=key)
    assert first.id == again.id
    assert house.application.jobs.count() == 3


def test_cancelling_ends_what_nobody_has_begun(house) -> None:
    made = submit(house, 4)
    assert house.worker.run_once()
    job = house.application.jobs.claim("w", [JobKind.CHECK])
    house.application.checks.begin(job)
    house.application.batches.cancel(made.id, "ann")
    assert counts(house, made.id) == {"finished": 1, "running": 1, "cancelled": 2}
    assert house.application.jobs.count() == 1
    house.application.checks.give_up(job, "work-too-long", "Too long.")
    assert counts(house, made.id) == {"finished": 1, "failed": 1, "cancelled": 2}
    assert house.application.batches.get(made.id, "ann").state is CheckState.FINISHED
    assert [item.check is None for item in house.application.batches.items(made.id, "ann").items] == [
        False, False, True, True,
    ]  # fmt: skip


def test_cancelling_all_of_it_finishes_it_and_again_changes_nothing(house) -> None:
    made = submit(house)
    assert house.application.batches.cancel(made.id, "ann") == [made.id]
    ended = house.application.batches.get(made.id, "ann")
    assert (ended.state, counts(house, made.id)) == (CheckState.FINISHED, {"cancelled": 3})
    assert house.application.batches.cancel(made.id, "ann") == []
    assert house.application.batches.get(made.id, "ann") == ended
    assert house.work() == 0


def test_of_a_check_that_is_deleted_the_item_ends_as_cancelled_or_stays_as_it_ended(house) -> None:
    made = submit(house, 2)
    assert house.worker.run_once()
    for item in house.application.batches.items(made.id, "ann").items:
        house.application.checks.forget(item.check.id, "ann")
    assert counts(house, made.id) == {"finished": 1, "cancelled": 1}
    assert house.application.batches.get(made.id, "ann").state is CheckState.FINISHED


def test_what_is_too_old_is_deleted_with_its_items(house) -> None:
    key = IdempotencyKey.of("ann", "batches", "k", b"same")
    made = submit(house, key=key)
    house.application.batches.purge(made.created_at)
    assert house.application.batches.get(made.id, "ann")
    house.application.batches.purge(made.created_at + timedelta(seconds=1))
    with pytest.raises(NotFound):
        house.application.batches.get(made.id, "ann")
    with reading(house.application.statements.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(batch_items)).scalar_one() == 0
    assert submit(house, key=key).id != made.id


def bounded(house, **bounds: int) -> BatchStore:
    application = house.application
    jobs = JobStore(application.statements.engine, Bell(), house.clock, Bounds(**bounds))
    return BatchStore(application.statements.engine, Bell(), house.clock, jobs)


def test_so_many_items_may_wait_for_one_key_and_in_all(house) -> None:
    batches = bounded(house, items_per_owner=2, items_in_all=4)
    ids = [batches.submit("ann", [asked(n) for n in range(3)]).id]
    with pytest.raises(TooManyRequests, match="3 items of your batches are waiting already"):
        batches.submit("ann", [asked(1)])
    batches.submit("bob", [asked(1)])
    with pytest.raises(ServiceBusy, match="4 items of batches are waiting already"):
        batches.submit("cem", [asked(1)])
    batches.cancel(ids[0], "ann")
    batches.submit("ann", [asked(1)])


def test_so_many_batches_may_wait_however_few_their_items(house) -> None:
    batches = bounded(house, batches_per_owner=2, batches_in_all=3)
    ids = [batches.submit("ann", [asked(n)]).id for n in range(2)]
    with pytest.raises(TooManyRequests, match="2 of your batches are waiting already"):
        batches.submit("ann", [asked(1)])
    batches.submit("bob", [asked(1)])
    with pytest.raises(ServiceBusy, match="3 batches are waiting already"):
        batches.submit("cem", [asked(1)])
    batches.cancel(ids[0], "ann")
    batches.submit("ann", [asked(1)])


def test_items_that_wait_keep_no_single_check_out(house) -> None:
    application = house.application
    jobs = JobStore(application.statements.engine, Bell(), house.clock, Bounds(1, 1))
    BatchStore(application.statements.engine, Bell(), house.clock, jobs).submit("ann", [asked(n) for n in range(5)])
    application.checks.jobs = jobs
    application.checks.submit(CheckRequest(text="A single one."), "ann", None)
    with pytest.raises(TooManyRequests):
        application.checks.submit(CheckRequest(text="Another one."), "ann", None)


def test_a_thousand_items_are_stored_at_once_and_cancelled_at_once(house) -> None:
    made = submit(house, 1000)
    assert counts(house, made.id) == {"queued": 1000}
    house.application.batches.cancel(made.id, "ann")
    assert counts(house, made.id) == {"cancelled": 1000}
    with reading(house.application.statements.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(checks)).scalar_one() == 0
