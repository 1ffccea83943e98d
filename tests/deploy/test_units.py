"""The systemd units: sound by systemd itself, closed as far as the program allows, one user and one truth."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from shipped import DEPLOY, UNITS, read_unit, unit_start

from service.cli import main
from service.config import Settings, read_settings, variable

# What stands in both, and may differ.
OWN = ("Description", "After", "Environment", "ExecStart")
CLOSED = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "UMask": "0077",
    "StateDirectory": "gegencheck", "StateDirectoryMode": "0700", "CapabilityBoundingSet": "", "User": "gegencheck",
    "MemoryMax": "3G", "Restart": "always", "MemoryDenyWriteExecute": "yes", "SystemCallFilter": "@system-service",
}  # fmt: skip


@pytest.fixture
def installed(tmp_path: Path) -> list[Path]:
    """The units as they are once the program is installed: systemd looks whether what they start is there."""
    program = tmp_path / "gegencheck"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    paths = []
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        paths.append(tmp_path / name)
        paths[-1].write_text(text.replace("/opt/gegencheck/bin/gegencheck", str(program)))
    return paths


def analyze(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Ask systemd."""
    line = ["systemd-analyze", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True)


def test_systemd_understands_every_line(installed: list[Path]) -> None:
    found = analyze("verify", "--man=no", *installed)
    assert (found.returncode, found.stderr) == (0, "")


def test_systemd_is_really_asked(installed: list[Path]) -> None:
    installed[0].write_text(installed[0].read_text().replace("MemoryMax=3G", "MemoryMost=3G"))
    assert "MemoryMost" in analyze("verify", "--man=no", installed[0]).stderr


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_calls_little_exposed(unit: str) -> None:
    """1.5 of 10 with systemd 252; 2 leaves room for what later versions look at as well."""
    found = analyze("security", "--offline=true", "--threshold=20", "--no-pager", DEPLOY / unit)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_closed(unit: str) -> None:
    lines = read_unit(unit)
    assert {key: lines[key] for key in CLOSED} == {key: [value] for key, value in CLOSED.items()}
    assert not {"ReadWritePaths", "ExecStartPre", "PermissionsStartOnly"} & lines.keys()


def test_both_are_closed_alike() -> None:
    service, worker = ({k: v for k, v in read_unit(name).items() if k not in OWN} for name in UNITS)
    assert service == worker


def test_they_work_on_one_folder_and_share_what_is_set_beside() -> None:
    service, worker = (read_settings(unit_start(name).environment) for name in UNITS)
    assert service.data_dir == worker.data_dir == Path("/var/lib") / read_unit(UNITS[0])["StateDirectory"][0]
    assert (service.workers, worker.workers) == (0, 2)
    assert read_unit(UNITS[0])["EnvironmentFile"] == ["-/etc/gegencheck/environment"]


@pytest.mark.parametrize("unit", UNITS)
def test_what_they_start_and_set_exists(unit: str) -> None:
    start = unit_start(unit)
    assert start.command[1] in main.commands
    assert start.environment.keys() <= {variable(name) for name in Settings.__dataclass_fields__}


def test_the_user_is_made_as_systemd_makes_users() -> None:
    path = DEPLOY / "gegencheck.sysusers"
    found = subprocess.run(["systemd-sysusers", "--dry-run", path], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    kind, name, _, _, home = path.read_text(encoding="utf-8").replace('"Gegencheck"', "Gegencheck").split()
    assert (kind, name, home) == ("u", read_unit(UNITS[0])["User"][0], "/var/lib/gegencheck")
