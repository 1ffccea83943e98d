"""The turnstile: who comes next is settled without time or threads; what it promises is kept with both."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import ServiceBusy, TooManyRequests
from service.web.turnstile import TURNS_OF_SHORT, Line, Ticket, Turnstile


def line_of(*waiting: tuple[str, bool]) -> Line:
    line = Line()
    for owner, is_long in waiting:
        line.add(Ticket(owner, is_long))
    return line


def owners(line: Line, long_too: bool = True) -> list[str]:
    found = []
    while ticket := line.next(long_too):
        found.append(ticket.owner + ("*" if ticket.is_long else ""))
    return found


def test_turns_go_round_the_keys() -> None:
    line = line_of(("ann", False), ("ann", False), ("ann", False), ("bob", False), ("cleo", False), ("bob", False))
    assert owners(line) == ["ann", "bob", "cleo", "ann", "bob", "ann"]


def test_short_calls_go_first_and_every_fifth_turn_is_a_long_ones() -> None:
    line = line_of(*[("bulk", True)] * 2, *[("ann", False)] * 9)
    assert owners(line) == ["ann"] * 4 + ["bulk*"] + ["ann"] * 4 + ["bulk*"] + ["ann"]


def test_long_calls_wait_where_there_is_no_place_for_them() -> None:
    line = line_of(("bulk", True), ("ann", False))
    assert owners(line, long_too=False) == ["ann"]
    assert len(line) == 1


def test_who_leaves_the_line_is_not_called() -> None:
    line = line_of(("bob", False))
    gone = Ticket("ann", False)
    line.add(gone)
    line.remove(gone)
    assert (line.count_of("ann"), owners(line)) == (0, ["bob"])


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=60))
def test_everybody_is_called_once_and_nobody_is_passed_by_one_key_twice(waiting: list[tuple[str, bool]]) -> None:
    line = line_of(*waiting)
    called = owners(line)
    assert Counter(called) == Counter(owner + ("*" if is_long else "") for owner, is_long in waiting)
    for place, owner in enumerate(called):  # while a key waits, no other has two turns of that kind before it
        before = Counter(each for each in called[:place] if each.endswith("*") == owner.endswith("*"))
        assert all(count <= before[owner] + 1 for count in before.values())
    kinds = "".join("l" if owner.endswith("*") else "s" for owner in called)
    assert "s" * (TURNS_OF_SHORT + 1) + "l" not in kinds


class Crowd:
    """Calls in threads that stay in the turnstile until they are let go."""

    def __init__(self, turnstile: Turnstile) -> None:
        self.turnstile, self.inside = turnstile, []
        self.changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._go: dict[str, threading.Event] = {}

    def send(self, owner: str, name: str, is_long: bool = False) -> None:
        go = self._go[name] = threading.Event()

        def call() -> None:
            with self.turnstile.turn(owner, is_long):
                with self.changed:
                    self.inside.append(name)
                    self.changed.notify_all()
                go.wait(30)

        thread = threading.Thread(target=call, daemon=True)
        self._threads.append(thread)
        before = len(self.turnstile._line), len(self.inside)
        thread.start()
        until(lambda: (len(self.turnstile._line), len(self.inside)) != before)

    def let_go(self, name: str) -> None:
        before = len(self.inside)
        waited = len(self.turnstile._line)
        self._go[name].set()
        if waited:
            until(lambda: len(self.inside) > before)

    def end(self) -> None:
        for go in self._go.values():
            go.set()
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()


def until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(3000):
        if holds():
            return
        pause.wait(0.01)
    raise AssertionError("it did not come about")


def test_no_more_compute_at_once_than_there_are_places() -> None:
    crowd = Crowd(Turnstile(2, 8, 8, 30))
    for name in "abcd":
        crowd.send(f"key-{name}", name)
    assert crowd.inside == ["a", "b"]
    crowd.let_go("b")
    assert crowd.inside == ["a", "b", "c"]
    crowd.let_go("a")
    assert crowd.inside == ["a", "b", "c", "d"]
    crowd.end()


def test_long_calls_never_take_the_last_place() -> None:
    crowd = Crowd(Turnstile(2, 8, 8, 30))
    crowd.send("tool", "long-1", is_long=True)
    crowd.send("tool", "long-2", is_long=True)
    crowd.send("ann", "short")
    assert crowd.inside == ["long-1", "short"]
    crowd.end()


def test_a_key_that_waits_too_often_is_refused_and_another_is_not() -> None:
    turnstile = Turnstile(1, 4, 2, 30)
    crowd = Crowd(turnstile)
    for name in ("first", "second", "third"):
        crowd.send("ann", name)
    with pytest.raises(TooManyRequests) as refused, turnstile.turn("ann", False):
        pass
    assert refused.value.retry_after >= 1
    crowd.send("bob", "bobs")
    crowd.let_go("first")
    assert crowd.inside == ["first", "second"]
    crowd.let_go("second")
    assert crowd.inside[-1] == "bobs"
    crowd.end()


def test_a_full_line_refuses_everybody() -> None:
    turnstile = Turnstile(1, 2, 2, 30)
    crowd = Crowd(turnstile)
    for number in range(3):
        crowd.send(f"key-{number}", str(number))
    with pytest.raises(ServiceBusy) as refused, turnstile.turn("another", False):
        pass
    assert refused.value.retry_after >= 1
    crowd.end()
    with turnstile.turn("another", False):
        pass


def test_who_could_not_be_served_in_time_is_told_at_once() -> None:
    now = [0.0]
    turnstile = Turnstile(1, 100, 100, 10, clock=lambda: now[0])
    for _ in range(40):  # calls take 8 seconds, lately
        with turnstile.turn("ann", False):
            now[0] += 8
    crowd = Crowd(turnstile)
    crowd.send("ann", "inside")
    with pytest.raises(ServiceBusy) as refused, turnstile.turn("bob", False):
        pass
    assert refused.value.retry_after == 8
    crowd.end()


def test_nobody_waits_longer_than_the_limit() -> None:
    turnstile = Turnstile(1, 8, 8, 0.3)
    turnstile._takes[False] = 0.01
    with turnstile.turn("ann", False), pytest.raises(ServiceBusy), turnstile.turn("bob", False):
        pass
    with ExitStack() as stack:  # and leaves nothing behind
        stack.enter_context(turnstile.turn("bob", False))
        assert len(turnstile._line) == 0


def test_a_call_that_fails_gives_its_place_back() -> None:
    turnstile = Turnstile(1, 1, 1, 30)
    for _ in range(3):
        with pytest.raises(KeyError), turnstile.turn("ann", True):
            raise KeyError
    assert sum(turnstile._inside.values()) == 0
