"""How long jobs take of late, from which follows when to come again."""

from __future__ import annotations

from service.store.admission import FIRST_GUESS_SECONDS, PACE_SECONDS, Pace


def test_before_any_job_has_ended_it_is_a_guess() -> None:
    pace = Pace()
    assert pace.seconds_a_job() == FIRST_GUESS_SECONDS
    pace.note(0, 10, waiting=5)
    pace.note(20, 10, waiting=5)
    assert pace.seconds_a_job() == FIRST_GUESS_SECONDS


def test_it_is_the_time_between_ends() -> None:
    pace = Pace()
    pace.note(100, 10, waiting=5)
    pace.note(110, 15, waiting=5)
    assert pace.seconds_a_job() == 2
    pace.note(110.5, 1000, waiting=5)  # within the same second
    assert pace.seconds_a_job() == 2


def test_time_in_which_nobody_waited_does_not_count() -> None:
    pace = Pace()
    pace.note(0, 10, waiting=5)
    pace.note(5, 15, waiting=5)
    pace.note(50, 16, waiting=0)
    pace.note(52, 20, waiting=3)
    assert pace.seconds_a_job() == 0.5


def test_what_is_long_ago_does_not_count() -> None:
    pace = Pace()
    pace.note(0, 0, waiting=5)
    pace.note(50, 1, waiting=5)
    pace.note(50 + PACE_SECONDS, 61, waiting=5)
    assert pace.seconds_a_job() == PACE_SECONDS / 60
