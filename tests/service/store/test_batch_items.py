"""An item ends once: with its check, and its batch with the last one."""

from __future__ import annotations

from index.store.database import writing
from service.models import CheckRequest
from service.store.batch_items import ItemState, end_items
from service.store.batches import Asked


def test_an_item_that_has_ended_ends_no_second_time(house) -> None:
    batches, now = house.application.batches, house.clock.read().at
    made = batches.submit("ann", [Asked(CheckRequest(text=f"Lemon {n}.")) for n in range(2)])
    first, second = (item.check.id for item in batches.items(made.id, None).items)
    with writing(batches.engine) as connection:
        assert end_items(connection, [first], ItemState.FAILED, now) == []
        assert end_items(connection, [first], ItemState.FINISHED, now) == []
        assert end_items(connection, [first, second, "unknown"], ItemState.FINISHED, now) == [made.id]
        assert end_items(connection, [second], ItemState.CANCELLED, now) == []
    done = batches.get(made.id, None)
    assert (done.counts[ItemState.FAILED], done.counts[ItemState.FINISHED], done.finished_at) == (1, 1, now)
