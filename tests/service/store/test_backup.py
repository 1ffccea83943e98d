"""Backups of a database that is in use: whole, consistent, and there only when they are."""

from __future__ import annotations

import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from service.bootstrap import Application, build
from service.config import Settings
from service.models import CheckRequest
from service.store.backup import ASIDE, write_backup
from service.store.backup_file import BackupRefused, open_backup

pytestmark = pytest.mark.sqlite  # PostgreSQL has its own programs for that

ROOT = Path(__file__).parents[3]


@pytest.fixture
def application(settings: Settings):
    """An application as a process has it, with a check and an import that wait."""
    made = build(settings)
    made.checks.submit(CheckRequest(text="Ducks are banned."), "ann", None)
    made.imports.submit("ann", b'{"waiting": true}', "application/json")
    made.page_filter.current()
    yield made
    made.close()


def unpacked(backup: Path, folder: Path) -> Path:
    folder.mkdir()
    with open_backup(backup) as content:
        content.unpack(folder)
    return folder


def test_a_backup_holds_what_cannot_be_made_anew(application: Application, settings: Settings, tmp_path: Path) -> None:
    for name in ("index", "models"):
        (settings.data_dir / name).mkdir()
        (settings.data_dir / name / "large.bin").write_text("derived")
    made = write_backup(settings, tmp_path / "today.tar")
    with tarfile.open(made.path) as tar:
        names = tar.getnames()
    assert names[:2] == ["manifest.json", "gegencheck.db"]
    assert [name.rpartition("/")[0] for name in names[2:]] == ["imports"]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert (made.manifest.rows["checks"], made.manifest.rows["imports"], made.manifest.rows["jobs"]) == (1, 1, 2)
    held = unpacked(made.path, tmp_path / "held")
    assert (held / names[2]).read_bytes() == b'{"waiting": true}'
    with closing(sqlite3.connect(held / "gegencheck.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT name, length(content) FROM secrets").fetchall() == [("page-filter", 32)]
    assert list(tmp_path.glob(f"{ASIDE}*")) == []


def test_a_key_that_an_earlier_version_left_in_a_file_comes_along(
    application: Application, settings: Settings, tmp_path: Path
) -> None:
    (settings.data_dir / "filter.key").write_bytes(b"k" * 32)
    held = unpacked(write_backup(settings, tmp_path / "today.tar").path, tmp_path / "held")
    assert (held / "filter.key").read_bytes() == b"k" * 32


def test_into_a_folder_it_goes_by_its_time_and_replaces_nothing(
    application: Application, settings: Settings, tmp_path: Path
) -> None:
    made = write_backup(settings, tmp_path)
    assert made.path.name.startswith("gegencheck-20")
    before = made.path.read_bytes()
    with pytest.raises(BackupRefused, match="already exists"):
        write_backup(settings, made.path)
    assert made.path.read_bytes() == before


def test_writers_go_on_and_nothing_committed_before_is_lost(
    application: Application, settings: Settings, tmp_path: Path
) -> None:
    """Rows of two tables are always written together; each copy holds both, and all of those from before it."""
    stop, written = threading.Event(), 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            owner = f"ann{written // 20}"  # one alone may have only so many waiting, and a busy machine takes its time
            application.checks.submit(CheckRequest(text=f"Duck number {written} is banned."), owner, None)
            written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for turn in range(4):
            while written < 5 * (turn + 1):
                pass
            before = written
            made = write_backup(settings, tmp_path / f"{turn}.tar")
            rows = made.manifest.rows
            assert rows["checks"] == 1 + rows["jobs"] - 2 >= 1 + before
    finally:
        stop.set()
        writer.join()
    assert written > before, "the writer was not held up"


def test_a_body_that_is_read_and_removed_meanwhile_is_in_the_backup(
    application: Application, settings: Settings, tmp_path: Path
) -> None:
    (body,) = (settings.data_dir / "imports").glob("*.body")

    def remove(said: str) -> None:
        if said.startswith("Reading"):
            body.unlink()

    made = write_backup(settings, tmp_path / "a.tar", remove)
    assert f"imports/{body.name}" in made.manifest.files
    lost = write_backup(settings, tmp_path / "b.tar")
    assert lost.manifest.rows["imports"] == 1, "one whose body was lost before is no reason to go without a backup"
    assert f"imports/{body.name}" not in lost.manifest.files


def test_without_a_database_or_with_another_one_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="no database"):
        write_backup(Settings(data_dir=tmp_path / "none"), tmp_path / "x.tar")
    assert not (tmp_path / "none").exists()
    with pytest.raises(BackupRefused, match="pg_dump"):
        write_backup(Settings(data_dir=tmp_path, database_url="postgresql://desk@db/facts"), tmp_path / "x.tar")
    (tmp_path / "gegencheck.db").write_bytes(b"something else" * 500)
    with pytest.raises(BackupRefused, match="damaged"):
        write_backup(Settings(data_dir=tmp_path), tmp_path / "x.tar")
    assert not (tmp_path / "x.tar").exists()


def test_a_full_disk_leaves_nothing_behind(application: Application, settings: Settings, tmp_path: Path) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow beyond this, so writing fails as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(BackupRefused, match="room"):
            write_backup(settings, tmp_path / "x.tar")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert {path.name for path in tmp_path.iterdir()} == before
    assert write_backup(settings, tmp_path / "x.tar").size > 50_000


@pytest.mark.parametrize("at", ["Copying", "Reading"])
def test_killed_in_the_middle_there_is_no_backup_and_the_next_tidies_up(
    application: Application, settings: Settings, tmp_path: Path, at: str
) -> None:
    program = (
        "import sys, time; from pathlib import Path; from service.config import Settings\n"
        "from service.store.backup import write_backup\n"
        "def say(said):\n    if said.startswith(sys.argv[3]): print('there', flush=True); time.sleep(60)\n"
        "write_backup(Settings(data_dir=Path(sys.argv[1])), Path(sys.argv[2]), say)"
    )
    command = [sys.executable, "-c", program, str(settings.data_dir), str(tmp_path / "x.tar"), at]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout.readline() == "there\n"
        process.send_signal(signal.SIGKILL)
    (left,) = tmp_path.glob(f"{ASIDE}*")
    assert stat.S_IMODE(left.stat().st_mode) == 0o700
    assert not (tmp_path / "x.tar").exists()
    write_backup(settings, tmp_path / "x.tar")
    assert list(tmp_path.glob(f"{ASIDE}*")) == []


def test_a_folder_that_is_not_there_is_not_taken_for_a_file(settings, house, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match=r"an existing folder, or a file that ends in \.tar"):
        write_backup(settings, tmp_path / "nightly")
    assert not (tmp_path / "nightly").exists()
