"""Checks counted week by week by how they ended: whoever asked, and nothing of what was asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.models import CheckRequest
from service.store.asked import count_asked
from service.store.tables import checks


@pytest.fixture
def aged(house: Any) -> Any:
    """Puts in a check that was asked for so many days ago and ended so."""
    now = house.clock.read().at

    def put(days: float, state: str, verdict: str | None, owner: str = "ann") -> None:
        id = house.application.checks.submit(CheckRequest(text=f"{days} {state} {verdict} {owner}"), owner, None).id
        with house.application.checks.engine.begin() as connection:
            asked = sa.update(checks).where(checks.c.id == id)
            connection.execute(asked.values(created_at=now - timedelta(days=days), state=state, verdict=verdict))

    return put


def test_checks_are_counted_by_the_week_and_by_how_they_ended(house: Any, aged: Any) -> None:
    aged(0, "finished", "not_enough_evidence")
    aged(6.9, "finished", "not_enough_evidence", owner="bob")
    aged(1, "finished", "refuted")
    aged(2, "failed", None)
    aged(3, "queued", None)
    aged(7.1, "finished", "not_enough_evidence")
    aged(27.9, "failed", None)
    aged(28.1, "finished", "refuted")
    weeks = count_asked(house.application.checks)
    assert [(week.verdicts, week.failed, week.ended) for week in weeks] == [
        ({"not_enough_evidence": 2, "refuted": 1}, 1, 4),
        ({"not_enough_evidence": 1}, 0, 1),
        ({}, 0, 0),
        ({}, 1, 1),
    ]
    assert weeks[0].begins - weeks[3].begins == timedelta(days=21)


def test_where_nobody_asked_all_weeks_are_empty(house: Any) -> None:
    assert [week.ended for week in count_asked(house.application.checks)] == [0, 0, 0, 0]
