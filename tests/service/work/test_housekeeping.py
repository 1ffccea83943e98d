"""Tending the index: what fell behind catches up, what was damaged is built anew, now and then."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from doubles import ShiftedClock

from index.errors import IndexUnavailable, StoreUnavailable
from index.exchange.claimreview import read_review
from index.retrieval.live_index import IndexStatus
from index.store.statements import Checkpoint
from service.work.housekeeping import PAUSE_SECONDS, SOON_SECONDS, Housekeeping


def test_an_index_that_fell_far_behind_is_brought_up_to_date(house, lemons) -> None:
    statement = read_review(lemons).statement
    many = [replace(statement, claim_reviewed=f"Lemon number {n} is blue.") for n in range(600)]
    house.application.statements.put_many(many)
    Housekeeping(house.application).run()
    assert (house.application.index.status().statements, house.application.index.status().behind) == (601, 0)


def test_an_index_damaged_while_it_is_served_is_built_anew_before_the_next_start_needs_it(house, settings) -> None:
    status = house.application.index.status()
    (harmed,) = settings.index_dir.glob("gen-*/vectors-*.faiss")
    harmed.write_bytes(harmed.read_bytes()[::-1])
    housekeeping = Housekeeping(house.application)
    housekeeping.run()
    (built,) = settings.index_dir.glob("gen-*/vectors-*.faiss")
    assert built != harmed
    assert house.application.index.status() == status
    built.write_bytes(built.read_bytes()[::-1])
    housekeeping.run()  # it reads everything now and then only
    assert built.exists()


@dataclass
class LateIndex:
    """An index whose Milvus is started later than we are."""

    asked: int = 0
    is_there: bool = False

    def status(self) -> IndexStatus:
        return IndexStatus(self.is_there, None, "a-000001", 0, "")

    def is_sound(self) -> bool:
        return True

    def update(self) -> None:
        self.asked += 1
        if not self.is_there:
            raise IndexUnavailable("Milvus cannot be reached")


@dataclass
class NamedStore:
    """A store of which only the name matters; none: its database is away."""

    name: str | None = "a"

    def checkpoint(self) -> Checkpoint:
        if self.name is None:
            raise StoreUnavailable("PostgreSQL cannot be reached")
        return Checkpoint(self.name, 1)


@dataclass
class Alone:
    """What of an application is tended, and the clock."""

    index: LateIndex
    clock: ShiftedClock
    statements: NamedStore = field(default_factory=NamedStore)


def test_what_failed_is_tried_again_soon() -> None:
    alone = Alone(LateIndex(), ShiftedClock())
    housekeeping = Housekeeping(alone)
    for asked in (1, 2):
        with pytest.raises(IndexUnavailable):
            housekeeping.run_when_due()
        housekeeping.run_when_due()
        assert alone.index.asked == asked
        alone.clock.let_pass(SOON_SECONDS)
    alone.index.is_there = True
    housekeeping.run_when_due()
    alone.clock.let_pass(SOON_SECONDS)
    housekeeping.run_when_due()
    assert alone.index.asked == 3


def test_after_a_restore_it_does_not_wait_for_its_turn_to_look() -> None:
    alone = Alone(LateIndex(is_there=True), ShiftedClock())
    housekeeping = Housekeeping(alone)
    housekeeping.run_when_due()
    for name, asked in (("a", 1), ("b", 2), ("b", 2), (None, 2), ("b", 2)):
        alone.statements.name = name
        housekeeping.run_when_due()
        assert alone.index.asked == asked


def test_it_looks_now_and_then(house, lemons) -> None:
    housekeeping, index = Housekeeping(house.application), house.application.index
    housekeeping.run_when_due()
    statement = read_review(lemons).statement
    many = [replace(statement, claim_reviewed=f"Lemon number {n} is blue.") for n in range(600)]
    house.application.statements.put_many(many)  # more than are taken in whenever somebody asks
    housekeeping.run_when_due()
    assert index.status().behind == 600
    house.clock.let_pass(PAUSE_SECONDS)
    housekeeping.run_when_due()
    assert index.status().behind == 0
