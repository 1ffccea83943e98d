"""Nobody else on the machine reads what lies in the data folder: new files, and those that were there before."""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.store.statements import StatementStore
from service.bootstrap import build
from service.config import Settings
from service.store.private_files import keep_private


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """The most careless umask there is, and the old one afterwards."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def loose(folder: Path) -> list[str]:
    """What others may read, write or enter, links left out."""
    found = [folder, *folder.rglob("*")]
    return [f"{path}: {mode(path):o}" for path in found if not path.is_symlink() and mode(path) & 0o077]


def test_everything_that_is_made_is_private(tmp_path: Path) -> None:
    application = build(Settings(data_dir=tmp_path / "a" / "data"))
    application.imports.submit("ann", b"{}", "application/json")
    application.page_filter.current()
    application.keys.create("desk", ["check"])
    index = tmp_path / "a" / "data" / "index"
    index.mkdir()
    (index / "CURRENT").write_text("gen-1")  # as the libraries write theirs, which take no mode
    names = {path.name for path in (tmp_path / "a" / "data").rglob("*")}
    assert {"gegencheck.db", "gegencheck.db-wal", "gegencheck.db-shm", "imports", "CURRENT"} <= names
    assert loose(tmp_path / "a" / "data") == []
    application.close()


def test_what_was_open_is_closed_at_the_next_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    store = StatementStore.open(
        f"sqlite:///{data}/gegencheck.db"
    )  # an open connection keeps log and shared memory there
    store.checkpoint()
    for name in (
        "imports/x.body",
        "index/gen-1/lexical/meta.json",
        "index/CURRENT",
        "models/e5/encoder.onnx",
        "filter.key",
    ):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("x")
    for path in (data, *data.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    assert len(loose(data)) >= 13
    keep_private(data, data / "gegencheck.db")
    assert loose(data) == []
    assert {mode(data), mode(data / "imports")} == {0o700}
    assert {mode(data / "gegencheck.db-wal"), mode(data / "imports" / "x.body")} == {0o600}
    store.close()


def test_a_database_elsewhere_is_closed_and_its_folder_left_alone(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    database = tmp_path / "shared" / "facts.db"
    with closing(sqlite3.connect(database)) as made:
        made.execute("CREATE TABLE t (a)")
    (tmp_path / "shared" / "facts.db.txt").write_text("not ours")
    keep_private(tmp_path / "data", Settings(database_url=f"sqlite:///{database}").database_file)
    assert (mode(database), mode(tmp_path / "shared"), mode(tmp_path / "shared" / "facts.db.txt")) == (
        0o600,
        0o755,
        0o666,
    )
    assert mode(tmp_path / "data") == 0o700


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    data, models = tmp_path / "data", tmp_path / "models-of-all"
    for folder in (data, models):
        folder.mkdir()
        (folder / "photo.jpg").write_text("x")
    (data / "models").symlink_to(models)
    keep_private(data, None)
    assert (mode(data / "photo.jpg"), mode(models), mode(models / "photo.jpg")) == (0o666, 0o777, 0o666)
    everybodys = tmp_path / "like-tmp"
    everybodys.mkdir()
    everybodys.chmod(0o1777)
    keep_private(everybodys, None)
    assert mode(everybodys) == 0o1777


def test_files_that_cannot_be_closed_are_told_of_without_their_paths(tmp_path: Path, caplog) -> None:
    for name in ("gegencheck.db", "filter.key"):
        (tmp_path / name).write_text("x")
    with caplog.at_level(logging.WARNING):
        keep_private(tmp_path, None, close=lambda path: path.is_dir())
    assert "2 files of the data folder stay readable" in caplog.text
    assert str(tmp_path) not in caplog.text


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:////srv/facts.db", "/srv/facts.db"), ("sqlite+pysqlite:///facts.db?timeout=3", "facts.db"), ("sqlite:///:memory:", None),
     ("sqlite://", None), ("postgresql://desk@db/facts", None), ("", "/data/gegencheck.db")],
)  # fmt: skip
def test_the_file_of_a_database(url: str, path: str | None) -> None:
    found = Settings(data_dir=Path("/data"), database_url=url).database_file
    assert found == (Path(path) if path else None)
