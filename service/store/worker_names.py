"""Names of worker processes, by which another on the same machine can tell whether one still lives."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from service.clock import boot_name

NUMBERING = Path("/proc/self/ns/pid")


@dataclass(frozen=True, slots=True)
class WorkerName:
    """Names a worker process: its machine, its number there, and a token that no other process has had."""

    host: str
    process: int
    token: str

    @classmethod
    def own(cls) -> WorkerName:
        """A name for this process that no other has had.

        Machines may be called alike, their runs are not. Containers of one machine have its run and maybe its name, but
        numbers of their own for processes.
        """
        host = f"{socket.gethostname()[:50].replace(':', '-')}-{numbering_name()}-{boot_name()[:8]}"
        return cls(host, os.getpid(), secrets.token_hex(8))

    def __str__(self) -> str:
        return f"{self.host}:{self.process}:{self.token}"

    def outlived(self, other: str) -> bool:
        """Whether `other` ran on this machine and is certainly gone."""
        host, process, token = other.rsplit(":", 2)
        if host != self.host or token == self.token:
            return False
        return int(process) == self.process or not _lives(int(process))


def numbering_name() -> str:
    """A name for what gives processes their numbers here; empty where the system does not say."""
    try:
        return NUMBERING.readlink().name.strip("pid:[]")
    except OSError:
        return ""


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
