"""The service and workers as processes of their own, and clients that call them: for tests that kill some of them."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import sqlalchemy as sa

from index.model.weights import prepare_engine
from index.store.database import reading
from service.bootstrap import Application
from service.config import Settings
from service.store.tables import metadata

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 300  # for a loaded machine
REVIEWS = 30  # in each import
TELLING, TOLD = 10, 7  # one check in so many says what this statement of an import says
PAUSES = {"checks": 0.1, "statements/import": 1.0, "batches": 1.0}
WORK = ("checks", "imports")  # the tables of what is worked on
ENDED = ("finished", "failed")
FORK_SERVER_ALONE = re.compile(r"Traceback.*\n(?: .*\n)*?.*/multiprocessing/forkserver\.py\".*\n(?: .*\n)*EOFError\n")
FLAGS = ("data_dir", "database_url", "milvus_uri", "port", "workers", "max_waiting_per_key", "fetch_hosts")


@dataclass
class Service:
    """`gegencheck serve`, or another command that goes on, on a data folder, as a process of its own."""

    settings: Settings
    log: Path
    command: str = "serve"
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def start(self) -> None:
        self.starts += 1
        flags = {name.replace("_", "-"): getattr(self.settings, name) for name in FLAGS}
        flags["fetch-hosts"] = ",".join(self.settings.fetch_hosts)
        flags |= {"pair-model": "rules", "min-checkworthiness": 0, "log-level": "WARNING"}
        program = [sys.executable, "-c", "from service.cli import main; main()", self.command]
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

    def has_faults(self) -> bool:
        """Whether its log shows an exception, save one that is Python's: its fork server says EOFError where the
        process that it serves is killed in the midst of asking for another."""
        return "Traceback" in FORK_SERVER_ALONE.sub("", self.log.read_text())

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def end(self) -> None:
        """Whatever the test found: nothing of it goes on."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@dataclass
class Caller:
    """A client that asks for one thing after the other, each again and again until it was accepted.

    Of several services each try goes to the next one.
    """

    services: Sequence[Service]
    key: str
    call: str
    body_of: Callable[[int], bytes]
    content_type: str
    accepted: dict[str, str] = field(default_factory=dict)  # ids by Idempotency-Key
    refused: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._turns = itertools.cycle(self.services)

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
        return send(next(self._turns), self.key, method, call, body, name, self.content_type)


def send(
    service: Service, key: str, method: str, call: str, body: bytes | None = None, name: str = "",
    content_type: str = "application/json",
) -> tuple[int, Any]:  # fmt: skip
    """Status and reply of one call; `name` is its Idempotency-Key."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": content_type}
    headers |= {"Idempotency-Key": name} if name else {}
    request = urllib.request.Request(f"{service.address}/v1/{call}", body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, json.loads(reply.read() or b"null")
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


def callers(services: Sequence[Service], key: str) -> tuple[Caller, Caller]:
    """One that sends checks, and one that sends imports."""
    return (
        Caller(services, key, "checks", check_body, "application/json"),
        Caller(services, key, "statements/import", import_body, "application/x-ndjson"),
    )


def check_text(number: int) -> str:
    """Two sentences. One text in ten says what an import brings, the others nothing that is near to one.

    What is near is judged anew with each import, which takes as long as all the rest.
    """
    other = claim(number, TOLD) if number % TELLING == 0 else f"So said the radio at {number}."
    return f"Hot lemon water number {number} cures diabetes within {number} days. {other}"


def check_body(number: int) -> bytes:
    return json.dumps({"text": check_text(number), "wait": 0}).encode()


class Receiver:
    """Takes webhooks on loopback, and keeps the ids under which each batch was told."""

    def __init__(self) -> None:
        self.told: dict[str, list[str]] = {}
        self.bodies: list[tuple[bytes, dict[str, str]]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.bodies.append((body, dict(self.headers)))
                receiver.told.setdefault(json.loads(body)["data"]["id"], []).append(self.headers["webhook-id"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def batch_caller(services: Sequence[Service], key: str, receiver: Receiver) -> Caller:
    """One that sends batches and wants to be told of them."""
    hook = f"http://{receiver.host}/"
    return Caller(services, key, "batches", lambda number: batch_body(number, hook), "application/json")


def batch_body(number: int, hook: str) -> bytes:
    """Three items, two of them the same text, and one that is refused."""
    texts = [check_text(10**6 + TELLING * number + which) for which in (1, 2, 1)]
    items: list[dict[str, str]] = [{"text": text, "reference": f"{number}/{n}"} for n, text in enumerate(texts)]
    return json.dumps({"items": [*items, {"url": "http://127.0.0.1/"}], "callback_url": hook}).encode()


def items_of(caller: Caller, batches: Sequence[Any]) -> list[Any]:
    """The checks of all items that were not refused; each item has ended, in its place, and its batch with it."""
    found = []
    for batch in batches:
        _, page = caller.send("GET", f"batches/{batch['id']}/items")
        *items, refused = page["items"]
        assert (refused["state"], refused["check"], len(items)) == ("failed", None, 3), page
        assert [item["reference"].split("/")[1] for item in items] == ["0", "1", "2"]
        assert all(item["state"] == item["check"]["state"] in ENDED for item in items), page
        assert batch["counts"]["total"] == batch["counts"]["finished"] + batch["counts"]["failed"] == 4
        found += [item["check"] for item in items]
    return found


def claim(number: int, place: int) -> str:
    return f"The council of town {number} buys {place} purple pears for its fountains."


def import_body(number: int) -> bytes:
    return "\n".join(json.dumps(review(claim(number, place), f"{number}/{place}")) for place in range(REVIEWS)).encode()


def review(claim_reviewed: str, page: str) -> dict[str, Any]:
    return {
        "@type": "ClaimReview", "claimReviewed": claim_reviewed, "inLanguage": "en",
        "url": f"https://checks.example/{page}", "author": {"name": "Example Checks"},
        "reviewRating": {"alternateName": "False"},
    }  # fmt: skip


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def with_model(data_dir: Path, models_dir: Path) -> Path:
    """A data folder whose model is prepared already, without its bytes twice."""
    prepared = prepare_engine(models_dir)
    shutil.copytree(prepared, data_dir / "models" / prepared.name, copy_function=os.link)
    return data_dir


def count(application: Application, table: str, *states: str) -> int:
    """How many checks or imports there are, in any of some states where they are named."""
    one = metadata.tables[table]
    query = sa.select(sa.func.count()).select_from(one)
    with reading(application.statements.engine) as connection:
        return int(connection.execute(query.where(one.c.state.in_(states)) if states else query).scalar_one())


def wait_until(condition: Callable[[], bool], pause: float = 0.005) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(pause)


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


def assert_each_ended_once(application: Application, checks: list[Any], imports: list[Any], few: int) -> None:
    """A job that was interrupted three times is given up, saying so; that happens to few, by chance, so `few` has room."""
    assert count(application, "checks") == len({check["id"] for check in checks}) == len(checks)
    assert count(application, "imports") == len({each["id"] for each in imports}) == len(imports)
    assert application.jobs.count() == 0
    given_up = [each for each in checks + imports if each["state"] == "failed"]
    assert len(given_up) <= few, given_up
    assert all("was interrupted 3 times" in each["problem"]["detail"] for each in given_up), given_up
    for check in checks:
        assert check["state"] == "failed" or len(check["claims"]) == 2, check
    for each in imports:
        assert each["rejected_count"] == each["updated"] == 0
        assert each["state"] == "failed" or each["added"] + each["unchanged"] == REVIEWS, each


def assert_each_statement_once(claims: Sequence[str], imports: Sequence[Any]) -> None:
    """Of the claims in the store every one of the imports is there, once."""
    assert len(claims) == len(set(claims))
    wanted = {
        claim(number, place) for number, each in enumerate(imports) for place in range(REVIEWS)
        if each["state"] == "finished"
    }  # fmt: skip
    assert wanted <= set(claims)
    assert all(each["state"] == "finished" for each in imports) is (wanted == set(claims)) or len(wanted) < len(claims)
