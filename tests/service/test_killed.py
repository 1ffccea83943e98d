"""The whole service, killed again and again while checks and imports come in: nothing accepted is lost or doubled.

`--kills` says how often (20, on PostgreSQL 10; `make test-crash` 200 on each), `--seed` draws other moments.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import sqlalchemy as sa

from index.model.weights import prepare_engine
from index.store.database import reading
from service.bootstrap import Application, build
from service.config import Settings
from service.store.tables import metadata

pytestmark = pytest.mark.loopback

ROOT = Path(__file__).parents[2]
KILLS_IN_THE_GATE = 20
PATIENCE_SECONDS = 120  # for a loaded machine
REVIEWS = 30  # in each import
PAUSES = {"checks": 0.1, "statements/import": 1.0}
WORK = ("checks", "imports")  # the tables of what is worked on
ENDED = ("finished", "failed")
LEFT_OVER = (".building-", ".gen-", ".preparing-")


@dataclass
class Service:
    """`gegencheck serve` on a data folder, as a process of its own."""

    settings: Settings
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def start(self) -> None:
        flags = {
            "data-dir": self.settings.data_dir, "database-url": self.settings.database_url, "port": self.settings.port,
            "pair-model": "rules", "min-checkworthiness": 0, "log-level": "WARNING",
        }  # fmt: skip
        program = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
        command = [*program, *(f"--{name}={value}" for name, value in flags.items())]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)

    def kill(self) -> None:
        """SIGKILL, as the kernel does where memory is short: what it had started must end by itself."""
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.wait()
        _, alive = psutil.wait_procs(children, timeout=10)
        assert not [child for child in alive if child.status() != psutil.STATUS_ZOMBIE], "processes were left behind"

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


@dataclass
class Caller:
    """A client that asks for one thing after the other, each again and again until it was accepted."""

    service: Service
    key: str
    call: str
    body_of: Callable[[int], bytes]
    content_type: str
    accepted: dict[str, str] = field(default_factory=dict)  # ids by Idempotency-Key
    refused: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Until `stopping`; what was begun then is asked for until it is accepted, unless the caller is `gone`."""
        while not self.stopping.is_set() and not self.refused:
            name = f"{self.call}-{len(self.accepted)}"
            while name not in self.accepted and not self.refused and not self.gone.is_set():
                self._try(name)
            self.stopping.wait(PAUSES[self.call])

    def _try(self, name: str) -> None:
        try:
            status, reply = self.send("POST", self.call, self.body_of(len(self.accepted)), name)
        except (OSError, ValueError, http.client.HTTPException):  # down, or ended in the midst of its answer
            time.sleep(0.05)
            return
        if status in (200, 202):
            self.accepted[name] = reply["id"]
        elif status in (429, 503):
            time.sleep(0.2)
        else:
            self.refused.append(f"{status} {reply}")

    def send(self, method: str, call: str, body: bytes | None = None, name: str = "") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": self.content_type}
        headers |= {"Idempotency-Key": name} if name else {}
        request = urllib.request.Request(f"{self.service.address}/v1/{call}", body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, json.loads(reply.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())


@contextmanager
def calling(*callers: Caller) -> Iterator[None]:
    """Callers at work meanwhile; at the end everything that they began is accepted."""
    threads = [threading.Thread(target=caller.run, daemon=True) for caller in callers]
    for thread in threads:
        thread.start()
    try:
        yield
        for caller in callers:
            caller.stopping.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive(), "the service accepts nothing any more"
    finally:
        for caller in callers:
            caller.stopping.set()
            caller.gone.set()


def check_body(number: int) -> bytes:
    text = f"Hot lemon water number {number} cures diabetes within {number} days. So it was told in town {number}."
    return json.dumps({"text": text, "wait": 0}).encode()


def claim(number: int, place: int) -> str:
    return f"The council of town {number} buys {place} purple pears for its fountains."


def import_body(number: int) -> bytes:
    reviews = [
        {
            "@type": "ClaimReview", "claimReviewed": claim(number, place), "inLanguage": "en",
            "url": f"https://checks.example/{number}/{place}", "author": {"name": "Example Checks"},
            "reviewRating": {"alternateName": "False"},
        }
        for place in range(REVIEWS)
    ]  # fmt: skip
    return "\n".join(map(json.dumps, reviews)).encode()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def data_dir(tmp_path: Path, models_dir: Path) -> Path:
    """A data folder whose model is prepared already, without its bytes twice."""
    prepared = prepare_engine(models_dir)
    shutil.copytree(prepared, tmp_path / "data" / "models" / prepared.name, copy_function=os.link)
    return tmp_path / "data"


@pytest.fixture
def application(data_dir: Path, database_kind: str, request: pytest.FixtureRequest) -> Iterator[Application]:
    """The same data folder and database, looked at from here."""
    url = request.getfixturevalue("postgresql").create() if database_kind == "postgresql" else ""
    built = build(Settings(data_dir=data_dir, database_url=url, port=free_port(), pair_model="rules"))
    yield built
    built.close()


@pytest.fixture
def service(application: Application, tmp_path: Path) -> Iterator[Service]:
    made = Service(application.settings, tmp_path / "log")
    yield made
    made.stop()


def count(application: Application, table: str, *states: str) -> int:
    """How many checks or imports there are, in any of some states where they are named."""
    one = metadata.tables[table]
    query = sa.select(sa.func.count()).select_from(one)
    with reading(application.statements.engine) as connection:
        return int(connection.execute(query.where(one.c.state.in_(states)) if states else query).scalar_one())


def wait_for_some_moment(draw: random.Random, checks: Caller, application: Application) -> None:
    """The moment to kill: while the service starts, after it accepted some checks, or in the midst of its work.

    In the midst comes after something else was finished: else the same job would be hit each time, and given up.
    """
    kind = draw.choice(["starting", "accepting", *WORK])
    if kind == "accepting":
        enough = len(checks.accepted) + draw.randrange(1, 10)
        wait_until(lambda: len(checks.accepted) >= enough)
    elif kind in WORK:
        done = count(application, kind, *ENDED) + draw.randrange(1, 4)
        wait_until(lambda: count(application, kind, *ENDED) >= done and count(application, kind, "running") > 0)
    time.sleep(draw.uniform(0.1, 1.5) if kind == "starting" else draw.uniform(0, 0.4))


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.005)


def ends_of(caller: Caller, call: str) -> list[Any]:
    """Everything accepted, as it ended."""
    found = []
    for id in caller.accepted.values():
        until = time.monotonic() + PATIENCE_SECONDS  # for each: on a busy machine all together take long
        while True:
            status, reply = caller.send("GET", f"{call}/{id}")
            assert status in (200, 503), f"{call}/{id}: {status}"
            if status == 200 and reply["state"] in ENDED:
                found.append(reply)
                break
            assert time.monotonic() < until, f"{reply} after all this time"
            time.sleep(0.05)
    return found


@pytest.mark.timeout(3600)
def test_killed_at_random_moments_it_loses_and_doubles_nothing(
    service: Service, application: Application, data_dir: Path, pytestconfig: pytest.Config, capsys
) -> None:
    kills, draw = pytestconfig.getoption("kills"), random.Random(pytestconfig.getoption("seed"))
    if application.settings.database_url and kills <= KILLS_IN_THE_GATE:
        kills //= 2  # the gate has no time for as many on PostgreSQL
    secret = application.keys.create("crowd", ("check", "read", "write"), None).secret
    checks = Caller(service, secret, "checks", check_body, "application/json")
    imports = Caller(service, secret, "statements/import", import_body, "application/x-ndjson")
    hit = 0
    with calling(checks, imports):
        for _ in range(kills):
            service.start()
            wait_for_some_moment(draw, checks, application)
            service.kill()
            hit += any(count(application, table, "running") for table in WORK)
        service.start()
    assert not checks.refused + imports.refused
    ended_checks, ended_imports = ends_of(checks, "checks"), ends_of(imports, "imports")
    service.stop()
    application.imports.drop_strays(datetime.now(UTC) + timedelta(hours=2))  # no caller is left
    with capsys.disabled():
        print(
            f"\n{kills} kills, {hit} of them in the midst of jobs; {len(ended_checks)} checks and {len(ended_imports)} imports ended"
        )
    assert len(ended_checks) > kills / 2
    assert len(ended_imports) > kills / 4
    assert hit > kills / 4

    assert_each_ended_once(application, ended_checks, ended_imports, few=1 + kills // 10)
    assert_index_equals_truth(application, ended_imports)
    assert_nothing_left_over(data_dir)
    assert application.imports.blobs.names("imports", datetime.now(UTC) + timedelta(days=1)) == []
    assert "Traceback" not in service.log.read_text()


def assert_each_ended_once(application: Application, checks: list[Any], imports: list[Any], few: int) -> None:
    """A job that was interrupted time and again is given up, saying so; that happens to few."""
    assert count(application, "checks") == len({check["id"] for check in checks}) == len(checks)
    assert count(application, "imports") == len({each["id"] for each in imports}) == len(imports)
    assert application.jobs.count() == 0
    given_up = [each for each in checks + imports if each["state"] == "failed"]
    assert len(given_up) <= few, given_up
    assert all("Working on this" in each["problem"]["detail"] for each in given_up), given_up
    for check in checks:
        assert check["state"] == "failed" or len(check["claims"]) == 2, check
    for each in imports:
        assert each["rejected_count"] == each["updated"] == 0
        assert each["state"] == "failed" or each["added"] + each["unchanged"] == REVIEWS, each


def assert_index_equals_truth(application: Application, imports: list[Any]) -> None:
    """Every statement of every import once, in the store and in the index, which was built piece by piece."""
    store, live_index = application.statements, application.index
    status = live_index.status(wait=True)
    assert (status.ready, status.behind) == (True, 0), status.reason
    assert live_index.is_sound()
    current = live_index.current()
    truth = {change.key: change.statement for change in store.changes_since(0, 10**6) if change.statement}
    segments = current.view.generation.segments
    assert segments.keys() == truth.keys()
    claims = [each.claim_reviewed for each in truth.values() if each.url.startswith("https://checks.example/")]
    assert len(claims) == len(set(claims))
    wanted = {
        claim(number, place) for number, each in enumerate(imports) for place in range(REVIEWS)
        if each["state"] == "finished"
    }  # fmt: skip
    assert wanted <= set(claims)
    assert all(each["state"] == "finished" for each in imports) is (wanted == set(claims)) or len(wanted) < len(claims)
    some = sorted(truth)[:: max(1, len(truth) // 50)]
    vectors = live_index.embedder.encode_statements([truth[key].claim_reviewed for key in some])
    assert np.sum(vectors * segments.reconstruct(some), axis=1).min() > 0.99
    (found,) = current.search([claim(0, 7)], 1)
    assert found[0].statement.claim_reviewed == claim(0, 7)


def assert_nothing_left_over(data_dir: Path) -> None:
    """No half-made file or folder, no body of an import, one generation; and a sound database, where that can be asked."""
    names = [path.relative_to(data_dir).as_posix() for path in data_dir.rglob("*")]
    assert [
        name for name in names if name.split("/")[-1].startswith(LEFT_OVER) or name.endswith((".new", ".body"))
    ] == []
    assert len(list((data_dir / "index").glob("gen-*"))) == 1
    if (data_dir / "gegencheck.db").exists():
        with sqlite3.connect(data_dir / "gegencheck.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
