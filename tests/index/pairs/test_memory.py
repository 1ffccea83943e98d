"""What is read in texts is remembered while a check lasts, and no longer."""

from __future__ import annotations

import functools
import gc
import threading

from index.models import Pair
from index.pairs.memory import remembered, texts_remembered
from index.pairs.rules import RulePairModel

from ..conftest import WordEmbedder


class Reading:
    """A function of texts that counts how often it is called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, *texts: str) -> int:
        self.calls += 1
        return sum(map(len, texts))


def test_within_a_block_a_text_is_read_once() -> None:
    reading = Reading()
    length = remembered(reading)
    with texts_remembered():
        assert [length("four"), length("four"), length("fo", "ur"), length("fo", "ur")] == [4] * 4
        with texts_remembered():
            length("four")
        length("four")
    assert reading.calls == 2


def test_outside_of_a_block_nothing_is_remembered() -> None:
    reading = Reading()
    length = remembered(reading)
    length("four")
    for _ in range(2):
        with texts_remembered():
            length("four")
    assert reading.calls == 3


def test_another_thread_has_a_memory_of_its_own() -> None:
    reading = Reading()
    length = remembered(reading)
    with texts_remembered():
        length("four")
        thread = threading.Thread(target=length, args=("four",))
        thread.start()
        thread.join()
    assert reading.calls == 2


def kept_by_the_process() -> int:
    """How many results all caches of the project hold."""
    caches = [found for found in gc.get_objects() if type(found) is functools._lru_cache_wrapper]
    return sum(each.cache_info().currsize for each in caches if each.__module__.startswith(("index.", "service.")))


def test_a_comparison_leaves_nothing_behind() -> None:
    model = RulePairModel(WordEmbedder())
    model.judge([Pair("Drei Viertel zahlen, laut Amt.", "Alle zahlen 5 Euro seit 2019.")])
    before = kept_by_the_process()
    with texts_remembered():
        model.judge([Pair("Two thirds of all pay, officials say.", "Nobody pays 7 pounds since May 2020.")])
    assert kept_by_the_process() == before > 0
