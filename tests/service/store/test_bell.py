"""The bell: workers hear of what is queued, callers of what they wait for and of nothing else."""

from __future__ import annotations

import threading

from service.store.bell import Bell


class Telling:
    """Notes how often other processes were told."""

    told = 0

    def notify(self) -> None:
        self.told += 1


def test_what_is_queued_wakes_workers_and_no_caller() -> None:
    bell = Bell()
    with bell.listening("a check") as heard:
        rings = bell.rings
        bell.ring()
        assert bell.rings == rings + 1
        assert not heard.is_set()


def test_what_ends_wakes_those_who_wait_for_it_and_nobody_else() -> None:
    bell = Bell()
    with bell.listening("one") as heard, bell.listening("one") as too, bell.listening("other") as other:
        rings = bell.rings
        bell.ring_for("one")
        assert (heard.is_set(), too.is_set(), other.is_set()) == (True, True, False)
        assert bell.rings == rings


def test_a_ring_from_elsewhere_wakes_everybody() -> None:
    bell = Bell()
    with bell.listening("one") as heard, bell.listening("other") as other:
        rings = bell.rings
        bell.wake()
        assert heard.is_set()
        assert other.is_set()
        assert bell.rings == rings + 1


def test_other_processes_are_told_of_both() -> None:
    telling = Telling()
    bell = Bell(telling)
    bell.ring()
    bell.ring_for("one")
    assert telling.told == 2
    bell.wake()
    assert telling.told == 2, "what came from elsewhere is not sent back"


def test_who_listens_no_longer_is_forgotten_and_others_still_hear() -> None:
    bell = Bell()
    with bell.listening("one") as heard:
        with bell.listening("one"):
            pass
        bell.ring_for("one")
        assert heard.is_set()
    assert not bell._listening
    bell.ring_for("one")  # nobody is there: nothing happens


def test_a_worker_that_waits_wakes_at_once() -> None:
    bell = Bell()
    rings = bell.rings
    waiting = threading.Thread(target=bell.wait, args=(rings, 60))
    waiting.start()
    bell.ring()
    waiting.join(30)
    assert not waiting.is_alive()
