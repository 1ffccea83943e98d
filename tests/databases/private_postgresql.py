"""A PostgreSQL server of the tests' own: in a folder of its own, on a socket in it, gone with the session."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

import sqlalchemy as sa

BINARIES = Path("/usr/lib/postgresql/15/bin")
# Nothing of it is to outlive the session: what is written need not reach the disk.
SETTINGS = ("listen_addresses=''", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300")


@dataclass
class Server:
    """A server that runs; databases are made from templates, which takes less than making their tables."""

    folder: Path
    _names: Iterator[int] = field(default_factory=itertools.count)

    def url(self, name: str) -> str:
        """The address of a database, as a setting has it."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """The address of a new database like the template, to which nobody must be connected."""
        name = f"test_{next(self._names)}"
        engine = sa.create_engine(sa.make_url(self.url("postgres")).set(drivername="postgresql+psycopg"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        engine.dispose()
        return self.url(name)


@contextmanager
def running() -> Iterator[Server]:
    """A server, of the user `postgres` where this is root: PostgreSQL does not run as root.

    Its folder is not among pytest's, which only their owner may enter.
    """
    name = mkdtemp(prefix="gegencheck-pg-")
    try:
        yield from _running(Path(name))
    finally:
        # A quarter of a million files: nobody waits for that, for it would count as the last test's time.
        subprocess.run(["sh", "-c", 'rm -rf -- "$0" >/dev/null 2>&1 &', name], check=False)


def _running(folder: Path) -> Iterator[Server]:
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    data = folder / "data"

    def run(*command: object) -> None:
        subprocess.run([*as_user, *map(str, command)], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    run(
        BINARIES / "initdb",
        "-D",
        data,
        "-A",
        "trust",
        "-U",
        "postgres",
        "-E",
        "UTF8",
        "--locale",
        "C.UTF-8",
        "--no-sync",
    )
    options = " ".join(f"-c {each}" for each in (*SETTINGS, f"unix_socket_directories={folder}"))
    run(BINARIES / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
    try:
        yield Server(folder)
    finally:
        run(BINARIES / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
