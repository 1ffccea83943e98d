"""A job in a thread's hands: wanted until it is stopped, overdue after its kind's time."""

from __future__ import annotations

import pytest

from service.models import Stage
from service.store.jobs import Job, JobKind, Lane
from service.work.held import Unwanted, Work


def test_it_is_overdue_after_its_time() -> None:
    work = Work(Job(1, JobKind.IMPORT, Lane.BULK, "x", 1, "w", 0, 0), began=100, limit_seconds=30)
    assert not work.is_overdue(130)
    assert work.is_overdue(131)


def test_whoever_works_on_it_learns_that_it_is_not_wanted() -> None:
    work = Work(Job(1, JobKind.CHECK, Lane.INTERACTIVE, "x", 1, "w", 0, 0), began=0, limit_seconds=30)
    work.note_stage(Stage.FETCH)
    work.stop()
    with pytest.raises(Unwanted):
        work.note_stage(Stage.ARTICLE)
    with pytest.raises(Unwanted):
        work.go_on()
    assert work.stage is Stage.FETCH
