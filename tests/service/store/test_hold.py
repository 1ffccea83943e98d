"""Who is at work on a database: many beside each other, or one alone; and of which version they are."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from service.store.hold import UNHELD, DataInUse, hold_alone, hold_beside


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
    alone.release()
    hold_beside(database).release()


def test_where_nothing_can_be_locked_one_serves_all_the_same_but_restores_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    hold_beside(tmp_path / "file" / "facts.db").release()
    with pytest.raises(DataInUse, match="cannot be locked"):
        hold_alone(tmp_path / "file" / "facts.db")


def test_where_there_is_no_file_nothing_is_held() -> None:
    assert hold_beside(None) is UNHELD
    with pytest.raises(DataInUse, match="cannot be locked"):
        UNHELD.refuse_other_versions()


def test_those_of_one_version_do_not_mind_each_other(tmp_path: Path) -> None:
    database = tmp_path / "facts.db"
    holds = [hold_beside(database) for _ in range(3)]
    for hold in holds:
        hold.refuse_other_versions()
    assert len((tmp_path / "facts.db.lock").read_text().splitlines()) == 1, "each is written once"


@pytest.mark.parametrize("wrote", ["", "0.0.1 0001 0002\n"])
def test_another_version_is_noticed_whichever_came_first_until_all_have_gone(tmp_path: Path, wrote: str) -> None:
    database, lock = tmp_path / "facts.db", tmp_path / "facts.db.lock"
    lock.write_text(wrote)
    other = os.open(lock, os.O_RDWR)
    fcntl.flock(other, fcntl.LOCK_SH)
    ours = hold_beside(database)
    with pytest.raises(DataInUse, match="another version"):
        ours.refuse_other_versions()
    os.close(other)
    with pytest.raises(DataInUse, match="another version"):  # nobody knows that it has gone
        ours.refuse_other_versions()
    ours.release()
    ours = hold_beside(database)
    ours.refuse_other_versions()
    with lock.open("a") as later:  # comes while we hold it
        later.write("9.9 0001 0002\n")
    with pytest.raises(DataInUse, match="start it again with this version"):
        ours.refuse_other_versions()
