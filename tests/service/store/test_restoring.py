"""Restoring: the whole backup or nothing, whenever the process dies and whatever the file is."""

from __future__ import annotations

import hashlib
import io
import json
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from index.store.database import reading, writing
from service.bootstrap import build
from service.config import Settings
from service.models import CheckRequest
from service.store import tables
from service.store.accounts import Role
from service.store.backup import write_backup
from service.store.backup_file import BackupRefused, seal_of
from service.store.database import overwrite_deleted
from service.store.hold import DataInUse
from service.store.restoring import restore_backup

pytestmark = pytest.mark.sqlite  # PostgreSQL has its own programs for that

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a store with a key, a check and a waiting import."""
    folder = tmp_path_factory.mktemp("backup")
    settings = Settings(data_dir=folder / "data")
    application = build(settings)
    application.keys.create("from the backup", ["check"])
    application.account_sessions.open(application.accounts.create("ann", Role.ADMIN, "hash").id, "")
    application.checks.submit(CheckRequest(text="Ducks are banned."), "ann", None)
    application.imports.submit("ann", b'{"waiting": true}', "application/json")
    application.page_filter.current()
    write_backup(settings, folder / "backup.tar")
    application.close()
    return folder / "backup.tar"


@pytest.fixture
def former(tmp_path: Path) -> Settings:
    """A data folder with other data in it, as a process that was killed leaves it: with a log that holds a commit."""
    settings = Settings(data_dir=tmp_path / "data")
    application = build(settings)
    application.keys.create("former", ["check"])
    copy = tmp_path / "killed"
    shutil.copytree(tmp_path / "data", copy)
    application.close()
    assert (copy / "gegencheck.db-wal").stat().st_size > 0
    return Settings(data_dir=copy)


def key_names(settings: Settings) -> list[str]:
    application = build(settings)
    try:
        return [key.name for key in application.keys.list()]
    finally:
        application.close()


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def test_everything_is_there_again_and_what_was_there_is_gone(backup: Path, former: Settings) -> None:
    manifest = restore_backup(former, backup)
    application = build(former)
    assert [key.name for key in application.keys.list()] == ["from the backup"]
    assert (application.jobs.count(), manifest.rows["checks"]) == (2, 1)
    (ann,) = application.accounts.list()
    assert application.account_sessions.list(ann.id) == [], "who has signed out since is not let in again"
    noted = [(each.actor, each.action, each.outcome) for each in application.audit.select().entries]
    assert noted == [("terminal", "restore", "done"), ("terminal", "restore", "begun")]
    state = f"backup {manifest.store_id}-{manifest.sequence:06d} of {manifest.made_at}"
    assert {each.subject for each in application.audit.select().entries} == {state}
    assert application.audit.verify().broken is None
    (body,) = (former.data_dir / "imports").glob("*.body")
    found = application.imports.get(body.stem, "ann")
    with application.imports.open_body(found) as held:
        assert held.read() == b'{"waiting": true}'
    application.close()
    loose = [path for path in former.data_dir.rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert loose == []
    assert not list(former.data_dir.glob("gegencheck.db.restoring"))


def test_into_an_empty_folder_and_beside_a_database_elsewhere(backup: Path, tmp_path: Path) -> None:
    restore_backup(Settings(data_dir=tmp_path / "new"), backup)
    assert key_names(Settings(data_dir=tmp_path / "new")) == ["from the backup"]
    elsewhere = Settings(data_dir=tmp_path / "other", database_url=f"sqlite:///{tmp_path}/db/facts.db")
    restore_backup(elsewhere, backup)
    assert key_names(elsewhere) == ["from the backup"]
    assert len(list((tmp_path / "other" / "imports").iterdir())) == 1


def test_the_index_of_another_past_is_not_taken_for_the_restored_stores(
    house: Any, open_other: Any, tmp_path: Path
) -> None:
    """Back to an earlier state and on again: the numbers of changes repeat, what they changed does not."""
    settings, application = house.application.settings, house.application
    write_backup(settings, tmp_path / "early.tar")
    house.add_statement(claim_reviewed="The moon is hollow.", url="https://checks.example/moon")
    old = application.statements.checkpoint()
    application.close()
    restore_backup(settings, tmp_path / "early.tar")
    restored = open_other()
    status = restored.application.index.status()
    assert (status.ready, status.reason) == (False, "The index belongs to another database; it is built anew.")
    restored.add_statement(claim_reviewed="Bread is made of sand.", url="https://checks.example/bread")
    assert restored.application.statements.checkpoint().sequence == old.sequence
    assert restored.application.statements.checkpoint().store_id != old.store_id
    matches = restored.client.post("/v1/match", json={"texts": ["Bread is made of sand."]}).json["results"][0][
        "matches"
    ]
    assert next(match["statement"]["claim_reviewed"] for match in matches) == "Bread is made of sand."
    assert "The moon is hollow." not in str(matches)


def test_it_can_be_done_again_and_from_smaller_and_larger_pages(backup: Path, former: Settings) -> None:
    for size in (4096, 512, 65536):
        for log in ("", "-wal", "-shm"):
            (former.data_dir / f"gegencheck.db{log}").unlink(missing_ok=True)
        with closing(sqlite3.connect(former.data_dir / "gegencheck.db")) as database:
            database.execute(f"PRAGMA page_size = {size}")
            database.execute("CREATE TABLE foreign_things (x)")
        restore_backup(former, backup)
        restore_backup(former, backup)
        with closing(sqlite3.connect(former.data_dir / "gegencheck.db")) as database:
            assert database.execute("PRAGMA page_size").fetchone() == (size,)
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert database.execute("SELECT 1 FROM sqlite_master WHERE name = 'foreign_things'").fetchone() is None
        assert key_names(former) == ["from the backup"]


def test_bodies_that_the_former_data_alone_know_are_removed(backup: Path, former: Settings) -> None:
    application = build(former)
    alone = application.imports.submit("ann", b"{}", "application/json")
    with application.imports.spooling() as on_its_way:
        on_its_way.write(b"still coming in")
        restore_backup(former, backup)
        bodies = {path.stem for path in (former.data_dir / "imports").glob("*.body")}
        assert alone.id not in bodies
        assert on_its_way.id in bodies, "it belongs to nobody yet"
    assert len(bodies) == 2
    application.close()


def test_a_body_that_the_backup_lacks_stays_where_it_lies(backup: Path, former: Settings, tmp_path: Path) -> None:
    def without_bodies(files: dict[str, bytes]) -> None:
        for name in [name for name in files if name.startswith("imports/")]:
            del files[name]
        described_anew(files)

    restore_backup(former, backup)
    restore_backup(former, rewritten(backup, tmp_path / "bare.tar", without_bodies))
    assert len(list((former.data_dir / "imports").glob("*.body"))) == 1


@pytest.mark.parametrize("content", [b"no database at all" * 300, b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_database_that_is_none_is_not_overwritten(backup: Path, tmp_path: Path, content: bytes) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    settings.data_dir.mkdir()
    (settings.data_dir / "gegencheck.db").write_bytes(content)
    with pytest.raises(BackupRefused, match=r"move gegencheck\.db and .* away, then restore again"):
        restore_backup(settings, backup)
    assert (settings.data_dir / "gegencheck.db").read_bytes() == content
    (settings.data_dir / "gegencheck.db").unlink()
    restore_backup(settings, backup)
    assert key_names(settings) == ["from the backup"]


# ---------------------------------------------------------------- while others are at work


def test_whoever_is_at_work_goes_on_with_the_restored_data(backup: Path, former: Settings) -> None:
    application = build(former)
    restore_backup(former, backup)
    assert [key.name for key in application.keys.list()] == ["from the backup"]
    application.keys.create("afterwards", ["check"])
    assert application.audit.verify().broken is None
    restore_backup(former, backup)
    assert [key.name for key in application.keys.list()] == ["from the backup"]
    application.close()


def test_whoever_reads_meanwhile_sees_one_state(backup: Path, former: Settings) -> None:
    application = build(former)
    application.keys.create("zebra", ["check"])
    with reading(application.statements.engine) as connection:
        names = sa.select(tables.keys.c.name).order_by(tables.keys.c.created_at)
        assert connection.execute(names).scalars().all() == ["former", "zebra"]
        restore_backup(former, backup)
        assert connection.execute(names).scalars().all() == ["former", "zebra"]
    with reading(application.statements.engine) as connection:
        assert connection.execute(names).scalars().all() == ["from the backup"]
    overwrite_deleted(application.statements.engine)
    assert (former.data_dir / "gegencheck.db-wal").stat().st_size == 0
    assert b"zebra" not in (former.data_dir / "gegencheck.db").read_bytes()
    application.close()


def test_whoever_writes_for_too_long_keeps_it_out(
    backup: Path, former: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.store.restoring.BUSY_SECONDS", 0.2)
    application = build(former)
    with writing(application.statements.engine), pytest.raises(BackupRefused, match=r"busy for too long.*changed"):
        restore_backup(former, backup)
    assert [key.name for key in application.keys.list()] == ["former"]
    restore_backup(former, backup)
    application.close()


def test_two_at_a_time_are_one_too_many(backup: Path, former: Settings) -> None:
    said: list[str] = []

    def restore_meanwhile(what: str) -> None:
        with pytest.raises(DataInUse, match="Another backup"):
            restore_backup(former, backup)
        said.append(what)

    restore_backup(former, backup, restore_meanwhile)
    assert len(said) == 2
    assert key_names(former) == ["from the backup"]


@pytest.mark.parametrize("moment", ["before", "Reading", "Putting"])
def test_where_another_version_is_at_work_it_refuses(backup: Path, former: Settings, moment: str) -> None:
    ours = build(former)

    def come(what: str) -> None:
        if what.startswith(moment):
            with (former.data_dir / "gegencheck.db.lock").open("a") as lock:
                lock.write("0.0.1 0001 0001\n")

    come("before")
    with pytest.raises(DataInUse, match="another version"):
        restore_backup(former, backup, come)
    assert [key.name for key in ours.keys.list()] == ["former"]
    ours.close()
    restore_backup(former, backup)


# ---------------------------------------------------------------- what is no backup


def rewritten(backup: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The backup with its files changed, packed again; the manifest is adjusted only by `change`."""
    with tarfile.open(backup) as tar:
        files = {entry.name: tar.extractfile(entry).read() for entry in tar}
    change(files)
    with tarfile.open(target, "w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return target


def described_anew(files: dict[str, bytes], **changes: Any) -> None:
    manifest = json.loads(files["manifest.json"]) | changes
    manifest["files"] = {n: [len(c), hashlib.sha256(c).hexdigest()] for n, c in files.items() if n != "manifest.json"}
    del manifest["digest"]
    files["manifest.json"] = json.dumps({**manifest, "digest": seal_of(manifest)}).encode()


def sql_applied(*statements: str, **changes: Any) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(files["gegencheck.db"])
            for statement in statements:
                database.execute(statement)
            database.commit()
            files["gegencheck.db"] = database.serialize()
        described_anew(files, **changes)

    return change


def flipped(files: dict[str, bytes]) -> None:
    content = bytearray(files["gegencheck.db"])
    content[len(content) // 2] ^= 1
    files["gegencheck.db"] = bytes(content)


def smashed(files: dict[str, bytes]) -> None:
    content = bytearray(files["gegencheck.db"])
    content[4096:40960] = b"\xff" * (40960 - 4096)
    files["gegencheck.db"] = bytes(content)
    described_anew(files)


def strayed(files: dict[str, bytes]) -> None:
    files["../../outside.txt"] = b"x"
    described_anew(files)


def misdated(files: dict[str, bytes]) -> None:
    files["manifest.json"] = files["manifest.json"].replace(b'"made_at": "2', b'"made_at": "1')


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (flipped, "was changed"),
        (smashed, "damaged"),
        (strayed, "belong to no backup"),
        (lambda files: files.update({"extra": b"x"}), "its list does not name"),
        (lambda files: files.pop(sorted(files)[1]), "is missing"),
        (misdated, "list of contents was changed"),
        (lambda files: files.pop("manifest.json"), "not a backup of Gegencheck"),
        (lambda files: files.update({"manifest.json": b"[]"}), "cannot be read"),
        (lambda files: files.update({"manifest.json": b"{"}), "cannot be read"),
        (lambda files: files.update({"manifest.json": b"[" * 200_000}), "cannot be read"),
        (lambda files: files.update({"manifest.json": b'{"format": 1, "files": {"x": [Infinity, ""]}}'}), "cannot be read"),
        (lambda files: described_anew(files, format=2, program="9.9"), "newer version of Gegencheck"),
        (lambda files: described_anew(files, rows={}), "not the one that it describes"),
        (sql_applied("DROP TABLE keys"), "not the one that it describes"),
        (sql_applied("UPDATE alembic_version_service SET version_num = '9999'"), "newer version of Gegencheck"),
        (lambda files: (files.update({"gegencheck.db": b"x" * 9000}), described_anew(files)), "no database|damaged"),
    ],
)  # fmt: skip
def test_what_is_damaged_foreign_or_newer_is_refused_and_nothing_is_changed(
    backup: Path, former: Settings, tmp_path: Path, change: Callable[[dict[str, bytes]], None], said: str
) -> None:
    before = digest(former.data_dir)
    bad = rewritten(backup, tmp_path / "bad.tar", change)
    with pytest.raises(BackupRefused, match=said) as refused:
        restore_backup(former, bad)
    assert str(tmp_path) not in str(refused.value)
    assert digest(former.data_dir) == before
    assert not (tmp_path / "outside.txt").exists()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.004, 0.1, 0.5, 0.9, 0.99])
def test_a_cut_off_backup_is_refused(backup: Path, former: Settings, tmp_path: Path, share: float) -> None:
    before = digest(former.data_dir)
    content = backup.read_bytes()
    (tmp_path / "cut.tar").write_bytes(content[: int(len(content.rstrip(b"\0")) * share)])
    with pytest.raises(BackupRefused, match=r"[Nn]othing was changed"):
        restore_backup(former, tmp_path / "cut.tar")
    assert digest(former.data_dir) == before


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + bytes(5000), b"SQLite format 3\0" + bytes(9000)])
def test_another_kind_of_file_is_refused(former: Settings, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(BackupRefused, match="not a backup of Gegencheck"):
        restore_backup(former, tmp_path / "x")
    with pytest.raises(BackupRefused, match="pg_dump"):
        restore_backup(replace(former, database_url="postgresql://desk@db/facts"), tmp_path / "x")
    assert key_names(former) == ["former"]


# ---------------------------------------------------------------- faults in the middle


DYING = """
import os, signal, sys
from pathlib import Path
from service.config import Settings
from service.store import restoring
name, times = sys.argv[3], int(sys.argv[4])
owner = restoring.Copying if name == "__call__" else restoring
step = getattr(owner, name)
def dying(*arguments):
    global times
    times -= 1
    if times == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return step(*arguments)
setattr(owner, name, dying)
restoring.restore_backup(Settings(data_dir=Path(sys.argv[1])), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("serving", [False, True])
@pytest.mark.parametrize(
    ("step", "time", "names"),
    [
        ("_make_ready", 1, "former"),  # unpacked
        ("_put_in_place", 1, "former"),  # made ready
        ("_put_files_in_place", 1, "former"),  # half of the pages are copied
        ("waiting_bodies", 1, "former"),  # the bodies are in place
        ("__call__", 2, "former"),  # more pages are copied
        ("__call__", 3, "from the backup"),  # committed
        ("_overwrite_former", 1, "from the backup"),  # bodies of the former data are still there
    ],
)
def test_killed_for_real_the_former_or_the_restored_data_are_whole(
    backup: Path, former: Settings, step: str, time: int, names: str, serving: bool
) -> None:
    application = build(former) if serving else None
    with closing(sqlite3.connect(former.data_dir / "gegencheck.db")) as database:
        (sound,) = database.execute("PRAGMA integrity_check").fetchone()
    command = [sys.executable, "-c", DYING, str(former.data_dir), str(backup), step, str(time)]
    assert (subprocess.run(command, cwd=ROOT, check=False).returncode, sound) == (-signal.SIGKILL, "ok")
    assert (former.data_dir / "gegencheck.db.restoring").exists()
    if application is not None:
        assert [key.name for key in application.keys.list()] == [names]
        application.keys.create("goes on", ["check"])
        assert application.audit.verify().broken is None
        application.close()
    assert key_names(former) == [names, *(["goes on"] if serving else [])]
    assert not (former.data_dir / "gegencheck.db.restoring").exists(), "whoever comes next tidies up"
    with closing(sqlite3.connect(former.data_dir / "gegencheck.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    restore_backup(former, backup)
    assert key_names(former) == ["from the backup"]
    assert len(list((former.data_dir / "imports").glob("*.body"))) == 1


def test_a_full_disk_changes_nothing(backup: Path, former: Settings) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(BackupRefused, match="make room"):
            restore_backup(former, backup)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert key_names(former) == ["former"]
    assert not (former.data_dir / "gegencheck.db.restoring").exists()
