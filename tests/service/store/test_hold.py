"""Who is at work on a database: many beside each other, or one alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.store.hold import DataInUse, hold_alone, hold_beside


def test_many_hold_it_beside_each_other_and_one_alone(tmp_path: Path) -> None:
    database = tmp_path / "facts.db"
    first, second = hold_beside(database), hold_beside(database)
    with pytest.raises(DataInUse, match="stop it"):
        hold_alone(database)
    first.release()
    first.release()
    second.release()
    alone = hold_alone(database)
    for hold in (hold_beside, hold_alone):
        with pytest.raises(DataInUse):
            hold(database)
    alone.share()
    hold_beside(database).release()
    alone.release()


def test_where_nothing_can_be_locked_one_serves_all_the_same_but_restores_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    hold_beside(tmp_path / "file" / "facts.db").release()
    with pytest.raises(DataInUse, match="cannot be locked"):
        hold_alone(tmp_path / "file" / "facts.db")
