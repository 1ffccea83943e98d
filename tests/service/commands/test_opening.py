"""How every command begins, and how it fails when it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

ROOT = Path(__file__).parents[3]
Run = Callable[..., Result]


def test_a_damaged_database_is_one_line_not_a_trace(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data" / "gegencheck.db").write_bytes(b"something else" * 500)
    done = run("statements", "list")
    assert done.exit_code == 1
    assert "damaged" in done.stderr
    assert isinstance(done.exception, SystemExit)


def test_without_a_home_the_data_folder_can_be_named_or_lies_here(tmp_path: Path) -> None:
    """A user whom the system does not know, as containers have."""
    program = (
        "import os, pwd\n"
        "def nobody(*_): raise KeyError('no such user')\n"
        "pwd.getpwuid = nobody\n"
        "from service.config import read_settings\n"
        "print(read_settings(os.environ).data_dir)"
    )
    environment = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_DATA_HOME")}
    named = {**environment, "GEGENCHECK_DATA_DIR": "/srv/gegencheck", "PYTHONPATH": str(ROOT)}
    for given, folder in (
        (named, "/srv/gegencheck"),
        ({**environment, "PYTHONPATH": str(ROOT)}, f"{tmp_path}/gegencheck-data"),
    ):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, env=given)
        assert (done.stdout.strip(), done.stderr) == (folder, "")
