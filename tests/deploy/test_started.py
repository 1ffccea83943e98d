"""The command lines of deploy/, each really started as its file says: another user without a home, a read-only system."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from private_postgresql import Server
from room import STRANGER, Room
from shipped import DEPLOY, Start, compose_start, image_health, read_compose, unit_start

TEXT = "Die Masernimpfung löst bei Kindern Autismus aus."
CHECK = """
import json, sys, time, urllib.request as web
headers = {"Content-Type": "application/json", "Host": "localhost", **json.loads(sys.argv[1])}
def ask(path, body=None):
    with web.urlopen(web.Request("http://127.0.0.1:8000" + path, body, headers), timeout=60) as reply:
        return json.load(reply)
check = ask("/v1/checks", json.dumps({"text": sys.argv[2], "wait": 30}).encode())
end = time.monotonic() + 500
while check["state"] not in ("finished", "failed") and time.monotonic() < end:
    time.sleep(0.3)
    check = ask("/v1/checks/" + check["id"])
print((check["verdict"] or check["problem"])["code"])
"""
ATTEMPTS = """
import os, pathlib, tempfile
for place in ("/", "/etc", "/usr", "/opt/gegencheck", "/root", "/var/lib", "/var/log", "/run", os.getcwd()):
    try:
        (pathlib.Path(place) / "written").write_text("x")
        print(place)
    except OSError:
        pass
print(tempfile.gettempdir(), os.environ.get("HOME"), os.getuid())
"""

SECONDS = 600  # for a first start on a machine that has much else to do; 15 where it has not

pytestmark = pytest.mark.timeout(1200)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """An empty data folder."""
    room = Room(tmp_path)
    yield room
    room.close()


def stop(process: subprocess.Popen[str]) -> str:
    """End a process as systemd and container engines do; what it said."""
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=SECONDS)
    assert "Stopping." in said
    return said


def ready() -> list[str]:
    """The compose file's health check of the service, run by the Python of these tests."""
    check = read_compose()["services"]["service"]["healthcheck"]["test"]
    assert check[:2] == ["CMD", "python3"]
    return [sys.executable, *check[2:]]


def alive() -> list[str]:
    """The image's health check, likewise."""
    check = image_health()
    assert check[0] == "python3"
    return [sys.executable, *check[1:]]


def test_the_room_is_as_closed_as_it_is_meant_to_be(room: Room) -> None:
    found = room.run([sys.executable, "-c", ATTEMPTS], {})
    user = STRANGER if STRANGER else 0
    assert found.stdout == f"/tmp None {user}\n".replace("/tmp", "/var/lib/gegencheck\n/tmp"), found.stderr
    assert (room.data / "written").exists()


def test_the_units_serve_and_work_from_an_empty_folder(room: Room) -> None:
    """The first start of all: models are prepared and the starter statements embedded in the one place to write to."""
    service, worker = unit_start("gegencheck.service"), unit_start("gegencheck-worker@.service")
    serving = room.start(service.command, service.environment)
    room.wait_for(serving, "/healthz", alive(), SECONDS)
    room.wait_for(serving, "/readyz", ready(), SECONDS)
    working = room.start(worker.command, worker.environment)
    answer = room.ask(serving, [sys.executable, "-c", CHECK, "{}", TEXT])
    assert answer.stdout == "refuted\n", answer.stderr
    # A worker that still warms up is cut off inside a library after ten seconds, and then aborts: its code says nothing.
    assert "Working." in stop(working)
    said = stop(serving)
    assert serving.returncode == 0
    assert "Ready: 504 verified statements." in said
    assert TEXT not in said
    for path in room.data.rglob("*"):
        assert path.is_symlink() or not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def as_composed(name: str, database: str) -> Start:
    """A service of the compose file, on another database and without Milvus, of which none runs here."""
    start = compose_start(name)
    there = {"GEGENCHECK_DATABASE_URL": database, "GEGENCHECK_MILVUS_URI": "", "GEGENCHECK_ALLOWED_HOSTS": ""}
    assert there.keys() <= start.environment.keys() | {"GEGENCHECK_ALLOWED_HOSTS"}
    path = f"/opt/gegencheck/bin:{start.environment['PATH']}"
    return Start(start.command, start.environment | there | {"PATH": path})


def composed_command(which: str) -> list[str]:
    """What the compose file's head tells to run in the service's container."""
    found = re.search(rf"run --rm service ({which} .*)", (DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert found is not None
    return ["gegencheck", *found[1].split()]


def test_what_is_composed_serves_and_works_on_postgresql(tmp_path: Path, postgresql: Server) -> None:
    postgresql.folder.chmod(0o711)  # another user comes to its socket
    database = postgresql.create()
    room = Room(tmp_path, (postgresql.folder,))
    try:
        service, worker = as_composed("service", database), as_composed("worker", database)
        made = room.run(composed_command("keys create"), service.environment)
        assert made.returncode == 0, made.stderr
        key = made.stdout.split()[-1]
        serving = room.start(service.command, service.environment)
        working = room.start(worker.command, worker.environment)  # at once: both find an empty database
        room.wait_for(serving, "/readyz", ready(), SECONDS)
        bearer = json.dumps({"Authorization": f"Bearer {key}"})
        answer = room.ask(serving, [sys.executable, "-c", CHECK, bearer, TEXT])
        assert answer.stdout == "refuted\n", answer.stderr
        assert "401" in room.ask(serving, [sys.executable, "-c", CHECK, "{}", TEXT]).stderr, "others need a key"
        stop(working)
        stop(serving)
    finally:
        room.close()
