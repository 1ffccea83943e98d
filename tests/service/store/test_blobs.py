"""Blobs: one suite over files and rows, with known answers."""

from __future__ import annotations

import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from index.errors import StoreUnavailable
from service.store.blobs import PART_BYTES, DatabaseBlobs, FileBlobs, NewBlob, open_blobs

NAME = "imports/0123456789abcdef0123456789abcdef.body"


@pytest.fixture(params=["files", "rows"])
def blobs(request: pytest.FixtureRequest, house, settings):
    files = FileBlobs(settings.data_dir)
    return files if request.param == "files" else DatabaseBlobs(house.application.statements.engine, house.clock, files)


def put(blobs, content: bytes, name: str = NAME) -> None:
    new = blobs.create(name)
    new.write(content)
    new.keep()


def get(blobs, name: str = NAME) -> bytes:
    with blobs.open(name) as file:
        assert file.fileno() > 0, "other processes read it"
        return file.read()


@pytest.mark.parametrize("size", [1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES])
def test_what_was_kept_comes_back_byte_for_byte(blobs, size: int) -> None:
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    put(blobs, content)
    assert get(blobs) == content


def test_it_may_come_in_pieces_and_be_read_meanwhile(blobs) -> None:
    new = blobs.create(NAME)
    assert new.read() == b""
    new.write(b"one ")
    assert new.read() == b"one "
    new.write(b"two")
    assert new.read() == b"one two"
    new.keep()
    assert get(blobs) == b"one two"


def test_what_is_discarded_leaves_nothing(blobs) -> None:
    begun, kept = blobs.create(NAME), blobs.create(NAME.replace("0", "f"))
    for new in (begun, kept):
        new.write(b"x")
    kept.keep()
    for new in (begun, kept):
        new.discard()
    assert blobs.names("imports", datetime.now(UTC) + timedelta(days=1)) == []
    blobs.create(NAME).discard()


def test_what_was_deleted_is_gone_and_deleting_it_again_is_no_fault(blobs) -> None:
    put(blobs, b"x")
    for _ in range(2):
        blobs.delete(NAME)
    with pytest.raises(StoreUnavailable, match="send it again"):
        blobs.open(NAME)


def test_names_are_told_by_folder_and_age(blobs) -> None:
    put(blobs, b"x")
    put(blobs, b"x", NAME.replace("imports", "pictures"))
    now = datetime.now(UTC)
    assert blobs.names("imports", now - timedelta(hours=1)) == []
    assert blobs.names("imports", now + timedelta(hours=1)) == [NAME]
    assert blobs.names("nothing", now + timedelta(hours=1)) == []


def test_files_are_for_their_owner_alone(settings) -> None:
    put(FileBlobs(settings.data_dir), b"x")
    path = settings.data_dir / NAME
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent)] == [0o600, 0o700]


def test_no_file_is_written_over(settings) -> None:
    put(FileBlobs(settings.data_dir), b"first")
    with pytest.raises(StoreUnavailable, match="File exists"):
        put(FileBlobs(settings.data_dir), b"second")
    assert (settings.data_dir / NAME).read_bytes() == b"first"


@contextmanager
def full_disk(free: int) -> Iterator[None]:
    """No file may grow beyond `free`, so writing fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def take_in(new: NewBlob, size: int, step: str) -> None:
    new.write(b"x" * size)
    getattr(new, step)()


@pytest.mark.parametrize("size", [100, PART_BYTES])
@pytest.mark.parametrize("step", ["read", "keep"])
def test_a_full_disk_is_said_wherever_it_shows_and_leaves_nothing(blobs, size: int, step: str) -> None:
    """A small body waits in memory and meets the disk only when it is read again or kept."""
    new = blobs.create(NAME)
    with full_disk(50):
        with pytest.raises(StoreUnavailable, match="make room"):
            take_in(new, size, step)
        new.discard()
    assert blobs.names("imports", datetime.now(UTC) + timedelta(days=1)) == []


def test_a_body_that_finds_no_room_to_be_read_is_said_to(house, tmp_path) -> None:
    rows = DatabaseBlobs(house.application.statements.engine, house.clock, FileBlobs(tmp_path))
    for size in (100, PART_BYTES):
        name = f"imports/{size}.body"
        put(rows, b"x" * size, name)
        with full_disk(50), pytest.raises(StoreUnavailable, match="make room"):
            rows.open(name)


def test_every_machine_reads_what_one_took_in(house, tmp_path) -> None:
    engine = house.application.statements.engine
    here, there = (DatabaseBlobs(engine, house.clock, FileBlobs(tmp_path / name)) for name in ("here", "there"))
    put(here, b"x" * PART_BYTES + b"y")
    assert get(there) == b"x" * PART_BYTES + b"y"
    there.delete(NAME)
    with pytest.raises(StoreUnavailable):
        here.open(NAME)


def test_files_of_a_former_version_are_read_and_deleted_where_there_are_no_rows(house, settings) -> None:
    put(FileBlobs(settings.data_dir), b"former")
    rows = DatabaseBlobs(house.application.statements.engine, house.clock, FileBlobs(settings.data_dir))
    assert get(rows) == b"former"
    assert rows.names("imports", datetime.now(UTC) + timedelta(hours=1)) == [NAME]
    rows.delete(NAME)
    assert not (settings.data_dir / NAME).exists()


def test_they_lie_where_all_who_share_the_database_find_them(house, settings) -> None:
    engine = house.application.statements.engine
    kind = FileBlobs if engine.dialect.name == "sqlite" else DatabaseBlobs
    assert type(open_blobs(engine, settings.data_dir, house.clock)) is kind
