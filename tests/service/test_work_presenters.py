"""Batches as JSON: counts that add up, problems in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime

from service.store.batch_items import ItemState, Refusal
from service.store.batches import Batch, BatchItem
from service.work_presenters import present_batch, present_item

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_the_counts_add_up() -> None:
    counts = dict(zip(ItemState, (1, 2, 3, 4, 5), strict=True))
    shown = present_batch(Batch("b", "ann", AT, None, counts))
    assert shown["counts"] == {"total": 15, "queued": 1, "running": 2, "finished": 3, "failed": 4, "cancelled": 5}
    assert (shown["state"], shown["created_at"], shown["finished_at"]) == ("running", "2026-11-30T12:00:00.000Z", None)


def test_a_refusal_is_a_problem_in_the_reader_s_language() -> None:
    item = BatchItem(7, "ftp://x", "r", ItemState.FAILED, Refusal("bad-request", "Only http."), None)
    shown = present_item(item, "de")
    assert (shown["place"], shown["check"], shown["problem"]["detail"]) == (7, None, "Only http.")
    assert shown["problem"]["title"] != present_item(item, "en")["problem"]["title"]
    assert shown["problem"]["stage"] is None
