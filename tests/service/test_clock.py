"""The machine's clock: a time of day in UTC, and seconds that only count up."""

from __future__ import annotations

from datetime import UTC

from service.clock import SystemClock


def test_steady_time_counts_up_and_the_time_of_day_is_in_utc() -> None:
    first, second = SystemClock().read(), SystemClock().read()
    assert first.at.tzinfo is UTC
    assert first.steady <= second.steady


def test_all_processes_of_one_run_of_the_machine_name_it_alike() -> None:
    assert SystemClock().read().boot == SystemClock().read().boot
    assert 0 < len(SystemClock().read().boot) <= 36
