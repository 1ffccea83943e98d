"""Calls that wait at the same time share a turn, and each gets what it would have got alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext

import pytest

from service.errors import ServiceBusy
from service.web.together import Call, Together

WAIT = 30


class Desk:
    """One place to compute, closed until it is opened; notes what was computed together."""

    def __init__(self, items: int = 8, characters: int = 100) -> None:
        self.together, self.place, self.computed = Together(items, characters), threading.Lock(), list[list[str]]()
        self._pool = ThreadPoolExecutor(12)

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self.place:
            yield

    def work(self, items: Sequence[str]) -> list[str]:
        self.computed.append(list(items))
        if any(item == "bad" for item in items):
            raise ValueError("bad")
        return [item.upper() for item in items]

    def ask(self, *items: str, kind: str = "match") -> list[str]:
        call: Call[str, str] = Call(items, sum(map(len, items)))
        return self.together.compute(kind, call, self.work, self.turn, nullcontext)

    def begin(self, *items: str, kind: str = "match") -> Future[list[str]]:
        """Ask in a thread of its own, and return once it stands in line."""
        before = self.waiting()
        asked = self._pool.submit(self.ask, *items, kind=kind)
        while self.waiting() == before:
            pass
        return asked

    def waiting(self) -> int:
        return sum(map(len, list(self.together._waiting.values())))


def test_alone_a_call_is_computed_alone() -> None:
    desk = Desk()
    assert desk.ask("a", "b") == ["A", "B"]
    assert desk.computed == [["a", "b"]]
    assert desk.waiting() == 0


def test_those_who_wait_share_the_next_turn_and_each_gets_its_own() -> None:
    desk = Desk()
    with desk.place:
        asked = [desk.begin("a"), desk.begin("b", "c"), desk.begin("d")]
    assert [each.result(WAIT) for each in asked] == [["A"], ["B", "C"], ["D"]]
    assert sorted(desk.computed[0]) == ["a", "b", "c", "d"]
    assert len(desk.computed) == 1


def test_calls_of_another_kind_are_computed_apart() -> None:
    desk = Desk()
    with desk.place:
        asked = [desk.begin("a", kind="match"), desk.begin("b", kind="stance")]
    assert [each.result(WAIT) for each in asked] == [["A"], ["B"]]
    assert sorted(desk.computed) == [["a"], ["b"]]


@pytest.mark.parametrize(("items", "characters"), [(2, 100), (8, 2)])
def test_a_turn_takes_no_more_than_it_is_for(items: int, characters: int) -> None:
    desk = Desk(items, characters)
    with desk.place:
        asked = [desk.begin(item) for item in "abcde"]
    assert [each.result(WAIT) for each in asked] == [["A"], ["B"], ["C"], ["D"], ["E"]]
    assert [len(each) for each in desk.computed] == [2, 2, 1]


def test_one_call_that_is_more_than_a_turn_is_for_gets_one_all_the_same() -> None:
    assert Desk(items=1, characters=1).ask("long", "longer") == ["LONG", "LONGER"]


def test_a_fault_of_one_call_is_nobody_elses() -> None:
    desk = Desk()
    with desk.place:
        good, bad = desk.begin("a"), desk.begin("bad")
    assert good.result(WAIT) == ["A"]
    with pytest.raises(ValueError, match="bad"):
        bad.result(WAIT)
    assert desk.waiting() == 0


def test_who_gets_no_turn_is_refused_and_computed_by_nobody() -> None:
    desk = Desk()

    @contextmanager
    def refused() -> Iterator[None]:
        raise ServiceBusy("full")
        yield

    call: Call[str, str] = Call(["a"], 1)
    with pytest.raises(ServiceBusy):
        desk.together.compute("match", call, desk.work, refused, nullcontext)
    assert desk.ask("b") == ["B"]
    assert desk.computed == [["b"]]


def test_who_is_refused_while_another_computes_for_it_gets_the_answer() -> None:
    desk = Desk()

    @contextmanager
    def refused() -> Iterator[None]:
        assert desk.ask("b") == ["B"]  # another call comes and takes this one along
        raise ServiceBusy("too late")
        yield

    call: Call[str, str] = Call(["a"], 1)
    assert desk.together.compute("match", call, desk.work, refused, nullcontext) == ["A"]
    assert desk.computed == [["b", "a"]]
