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
PATIENCE_SECONDS = 600  # with one command, on a machine that has much else to do
# prctl(PR_SET_MDWE): what MemoryDenyWriteExecute=yes asks for. Kernels before 6.3 do not know it, and go on without.
LAUNCHER = f"""#!/bin/sh
export PYTHONPATH={ROOT}
exec {sys.executable} -uc "import ctypes; ctypes.CDLL(None).prctl(65, 1, 0, 0, 0); from service.cli import main; main()" "$@"
"""


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

    def wait_for(self, process: subprocess.Popen[str], command: Sequence[str], seconds: float) -> None:
        """Wait until a health check says that all is well."""
        end = time.monotonic() + seconds
        while (asked := self.ask(process, command)).returncode:
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < end, asked.stderr
            time.sleep(0.5)

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
