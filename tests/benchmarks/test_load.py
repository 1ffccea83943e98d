"""The load test's own arithmetic: growth after the warm-up, and what counts as wrong."""

from __future__ import annotations

import os

import pytest

from benchmarks.load import CALLS, Seen, growth, memory_of, show


def test_growth_is_from_the_first_part_after_the_warm_up_to_the_last() -> None:
    rising = [(float(second), 100.0 if second < 60 else 200.0 + second / 10) for second in range(0, 160, 2)]
    first, last, more = growth(rising, 60)
    assert (first, last) == (pytest.approx(206.9), pytest.approx(214.9))
    assert more == pytest.approx(214.9 / 206.9 - 1)
    assert growth([(0, 500.0), (61, 200.0)], 60)[2] == 0.0


def test_refusals_are_no_errors_unless_they_do_not_say_when_to_come_again(capsys) -> None:
    good = Seen({("match", 200): [0.1], ("match", 503): [0.01], ("check", 429): [0.01]})
    assert show([good]) == 0
    bad = Seen({("match", 500): [0.1], ("check", 404): [0.1]}, ["look: reset"], without_retry=1)
    assert show([good, bad]) == 4
    assert "errors other than 429 and 503: 3" in capsys.readouterr().out


def test_memory_is_that_of_a_process_and_its_helpers() -> None:
    assert 5 < memory_of(os.getpid()) < 20_000
    assert sum(weight for _, weight in CALLS) == 100
