"""A room as deploy/ promises it (closed_room.sh), in which its commands are really started."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shipped import ROOT

SCRIPT = Path(__file__).with_name("closed_room.sh")
IS_ROOT = os.geteuid() == 0
STRANGER = 64321 if IS_ROOT else os.geteuid()  # a user that the system has no entry of
PATIENCE_SECONDS = 660  # with one command, on a machine that has much else to do
# prctl(PR_SET_MDWE): what MemoryDenyWriteExecute=yes asks for. Kernels before 6.3 do not know it, and go on without.
LAUNCHER = f"""#!/bin/sh
export PYTHONPATH={ROOT}
exec {sys.executable} -uc "import ctypes; ctypes.CDLL(None).prctl(65, 1, 0, 0, 0); from service.cli import main; main()" "$@"
"""
WAITING = """
import contextlib, sys, time, urllib.request
end = time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    with contextlib.suppress(OSError), urllib.request.urlopen(sys.argv[1], timeout=60):
        raise SystemExit(0)
    time.sleep(0.3)
raise SystemExit("no answer")
"""


def is_being_closed(pid: int) -> bool:
    """Whether a room is not ready yet. Between two programs of one process its line is empty."""
    line = Path(f"/proc/{pid}/cmdline").read_text()
    return not line or SCRIPT.name in line


@dataclass
class Room:
    """One data folder, and whatever is started on it: each in namespaces of its own, with nothing else to write to."""

    folder: Path
    kept: tuple[Path, ...] = ()  # further folders that are to be seen
    _running: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "launcher").write_text(LAUNCHER)
        self.data.mkdir(mode=0o700)
        os.chown(self.data, STRANGER, STRANGER if IS_ROOT else -1)

    @property
    def data(self) -> Path:
        """What is /var/lib/gegencheck inside."""
        return self.folder / "data"

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
        """Start a command that stays. Its process is the one that is returned."""
        process = subprocess.Popen(
            self._line(command, environment), stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )
        self._running.append(process)
        while process.poll() is None and is_being_closed(process.pid):
            time.sleep(0.05)
        return process

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self._line(command, environment), capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )

    def ask(self, process: subprocess.Popen[str], command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run a command where a process that was started lives, as a health check is."""
        user = ["--user", "--preserve-credentials"] if not IS_ROOT else []
        line = ["nsenter", "--target", str(process.pid), *user, "--mount", "--net", *command]
        return subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE_SECONDS)

    def wait_for(self, process: subprocess.Popen[str], path: str, command: Sequence[str], seconds: float) -> None:
        """Wait until the service answers at a path with 200, and a health check says so too.

        One process waits, because a Python a second for the check would slow down a busy machine for whom it asks.
        """
        waited = self.ask(process, [sys.executable, "-c", WAITING, f"http://127.0.0.1:8000{path}", str(seconds)])
        assert waited.returncode == 0, (waited.stderr, process.poll() is not None and process.communicate()[1])
        tries = 10  # it has four seconds, of which a busy machine may need more
        while (asked := self.ask(process, command)).returncode:
            tries -= 1
            assert tries, asked.stderr

    def close(self) -> None:
        """End what still runs."""
        for process in self._running:
            process.kill()
            process.communicate()

    def _line(self, command: Sequence[str], environment: Mapping[str, str]) -> list[str]:
        own = ["--map-root-user"] if not IS_ROOT else []
        kept = map(str, (sys.prefix, sys.base_prefix, ROOT, *self.kept))
        variables = [f"{name}={value}" for name, value in environment.items()]
        return [
            "unshare", *own, "--mount", "--net", "sh", str(SCRIPT), sys.executable, str(self.folder / "launcher"),
            str(self.data), str(STRANGER) if IS_ROOT else "0", *kept, "--", *variables, *command,
        ]  # fmt: skip
