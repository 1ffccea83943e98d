"""Whether the data folder can be written: tried now and then, and told truly."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
import sqlalchemy as sa

from index.errors import StoreUnavailable
from service.store.writable import SECONDS, Writable, folders_of


class Disk:
    """Takes what is written or fails, at a time of its own; counts how often it was asked."""

    def __init__(self) -> None:
        self.fails_with, self.tried, self.at = 0, 0, 0.0

    def take(self, _folder: Path) -> None:
        self.tried += 1
        if self.fails_with:
            raise OSError(self.fails_with, "odd")

    def now(self) -> float:
        return self.at


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def writable(disk: Disk) -> Writable:
    return Writable([Path("data")], disk.take, disk.now)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (errno.EROFS, "its disk is read-only"), (errno.ENOSPC, "disk is full"), (errno.EACCES, "who owns it"),
        (errno.EIO, "and the disk"),
    ],
)  # fmt: skip
def test_a_disk_that_fails_is_told_with_the_reason(disk: Disk, writable: Writable, fault: int, words: str) -> None:
    disk.fails_with = fault
    with pytest.raises(StoreUnavailable, match=words):
        writable.require()


def test_it_is_tried_now_and_then_however_often_somebody_asks(disk: Disk, writable: Writable) -> None:
    for _ in range(1000):
        writable.require()
    assert disk.tried == 1
    disk.fails_with = errno.EROFS
    writable.require()
    disk.at += SECONDS
    for _ in range(10):
        with pytest.raises(StoreUnavailable):
            writable.require()
    assert disk.tried == 2
    disk.fails_with, disk.at = 0, disk.at + SECONDS
    writable.require()


def test_a_folder_is_tried_in_earnest_and_nothing_stays_in_it(tmp_path: Path) -> None:
    Writable([tmp_path]).require()
    assert list(tmp_path.iterdir()) == []
    file = tmp_path / "file"
    file.touch()
    for wrong in (file, tmp_path / "none"):
        with pytest.raises(StoreUnavailable, match="cannot be written"):
            Writable([tmp_path, wrong]).require()


def test_a_database_that_is_a_file_has_a_folder_too() -> None:
    data = Path("/data")
    assert folders_of(data, sa.create_engine("sqlite:////disk/db/gegencheck.db")) == (data, Path("/disk/db"))
    assert folders_of(data, sa.create_engine("sqlite://")) == (data,)
    assert folders_of(data, sa.create_engine("postgresql+psycopg://host/name")) == (data,)
