"""Two services and two workers that share PostgreSQL and a Milvus and nothing else; each of the four is killed in turn.

Each has a data folder of its own, as on a machine of its own. `private_milvus.py` says what its Milvus stands for.
`--kills` says how often (20 is one round of four kills, 200 are ten), `--seed` draws other moments.
"""

from __future__ import annotations

import itertools
import json
import random
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from private_milvus import serving_milvus
from private_postgresql import Server

from index.store.database import reading
from service.bootstrap import Application, build
from service.config import Settings
from service.store.tables import jobs

from .processes import (
    ENDED,
    WORK,
    Caller,
    Service,
    assert_each_ended_once,
    assert_each_statement_once,
    callers,
    calling,
    check_body,
    count,
    ends_of,
    free_port,
    import_body,
    send,
    wait_until,
    with_model,
)

pytestmark = pytest.mark.loopback

KILLS_A_ROUND = 20  # of `--kills`: as long as the one service's own test takes for so many
MOST_WAITING = 30
STATEMENTS = 6
SOON_SECONDS = 30  # on a machine that is busy with other things; what it takes is printed, and in benchmarks/RESULTS.md


@dataclass(frozen=True)
class Machines:
    """Four machines, and a fifth that looks at what they share."""

    serving: list[Service]
    working: list[Service]
    onlooker: Application
    secret: str

    def __iter__(self) -> Iterator[Service]:
        return iter((*self.serving, *self.working))

    def send(self, place: int, *call: Any, **more: Any) -> tuple[int, Any]:
        """Call one of the two services."""
        return send(self.serving[place % 2], self.secret, *call, **more)


@pytest.fixture
def machines(tmp_path: Path, models_dir: Path, postgresql: Server) -> Iterator[Machines]:
    with serving_milvus(tmp_path / "milvus", free_port()) as milvus:
        shared = Settings(
            database_url=postgresql.create(),
            milvus_uri=milvus.address,
            pair_model="rules",
            max_waiting_per_key=MOST_WAITING,
        )

        def machine(name: str, command: str, **own: Any) -> Service:
            folder = with_model(tmp_path / name, models_dir)
            return Service(replace(shared, data_dir=folder, port=free_port(), **own), tmp_path / f"{name}.log", command)

        serving = [machine(f"serve-{each}", "serve", workers=0) for each in "ab"]
        working = [machine(f"worker-{each}", "worker") for each in "ab"]
        with ExitStack() as stack:
            for each in (*serving, *working):
                stack.callback(each.end)
                each.start()  # all at once, on an empty database and an empty Milvus
            onlooker = build(replace(shared, data_dir=with_model(tmp_path / "onlooker", models_dir)))
            stack.callback(onlooker.close)
            secret = onlooker.keys.create("crowd", ("check", "read", "write"), None).secret
            yield Machines(serving, working, onlooker, secret)


def is_back(machine: Service) -> bool:
    """Whether a machine does again what it is there for."""
    if machine.command == "worker":
        return machine.log.read_text().count("Working.") == machine.starts
    try:
        with urllib.request.urlopen(f"{machine.address}/readyz", timeout=30) as reply:
            return bool(reply.status == 200)
    except OSError:  # refused, or not ready: an HTTPError is one
        return False


def holds_work(machine: Service, application: Application) -> bool:
    """Whether a worker has a job in its hands."""
    assert machine.process is not None
    query = sa.select(sa.func.count()).select_from(jobs)
    with reading(application.statements.engine) as connection:
        return bool(connection.execute(query.where(jobs.c.worker.contains(f":{machine.process.pid}:"))).scalar_one())


def ended(application: Application) -> int:
    return sum(count(application, table, *ENDED) for table in WORK)


def kill_in_the_midst(machine: Service, machines: Machines, checks: Caller, draw: random.Random) -> bool:
    """Kill a machine while it accepts or works; the others go on by themselves, and then it comes back.

    What a worker held the other takes up when it has been silent for long enough, since it cannot know of its death;
    or it does so itself when it comes back sooner. Whether it held something.
    """
    application = machines.onlooker
    if machine.command == "worker":
        wait_until(lambda: holds_work(machine, application))
    else:
        enough = len(checks.accepted) + draw.randrange(1, 6)
        wait_until(lambda: len(checks.accepted) >= enough)
    time.sleep(draw.uniform(0, 0.05))
    held = machine.command == "worker" and holds_work(machine, application)
    machine.kill()
    before = (ended(application), len(checks.accepted))
    wait_until(lambda: ended(application) >= before[0] + 3 and len(checks.accepted) >= before[1] + 3)
    if held and draw.random() < 0.5:
        wait_until(lambda: not holds_work(machine, application))
    machine.start()
    wait_until(lambda: is_back(machine), pause=0.2)
    return held


@pytest.mark.timeout(3600)
def test_each_is_killed_in_turn_and_nothing_is_lost_or_doubled(
    machines: Machines, pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds, draw = (
        max(pytestconfig.getoption("kills") // KILLS_A_ROUND, 1),
        random.Random(pytestconfig.getoption("seed")),
    )
    wait_until(lambda: all(map(is_back, machines)), pause=0.2)
    checks, imports = callers(machines.serving, machines.secret)
    began, hit = time.monotonic(), 0
    with calling(checks, imports):
        for _ in range(rounds):
            for machine in draw.sample([*machines], 4):
                hit += kill_in_the_midst(machine, machines, checks, draw)
    assert not checks.refused + imports.refused
    ended_checks, ended_imports = ends_of(checks, "checks"), ends_of(imports, "imports")
    with capsys.disabled():
        print(
            f"\n{4 * rounds} kills in {time.monotonic() - began:.0f} s, {hit} of them of workers that held jobs; "
            f"{len(ended_checks)} checks and {len(ended_imports)} imports ended"
        )
    assert_each_ended_once(machines.onlooker, ended_checks, ended_imports, few=rounds)
    assert_milvus_equals_truth(machines.onlooker, ended_imports)

    assert_what_one_makes_the_other_reads(machines, next(iter(checks.accepted.values())))
    assert_a_key_makes_one_thing(machines)
    seconds = assert_statements_are_found_through_the_other(machines)
    with capsys.disabled():
        print(f"found through the other after {', '.join(f'{each:.2f}' for each in seconds)} s")
    assert_what_waits_is_bounded_together(machines)
    assert not any(machine.has_faults() for machine in machines)


def assert_milvus_equals_truth(application: Application, imports: list[Any]) -> None:
    """Every statement once in the store and once in Milvus, whichever machine imported it, and nothing besides."""
    index = application.index
    assert index.status(wait=True).behind == 0
    truth = {change.key: change.statement for change in application.statements.changes_since(0, 10**6)}
    assert None not in truth.values()
    claims = [each.claim_reviewed for each in truth.values() if each and each.url.startswith("https://checks.example/")]
    assert_each_statement_once(claims, imports)
    view = index.current().view
    assert view.statements == view.collections.count(view.state.collection) == len(truth)  # type: ignore[attr-defined]
    assert set(view.collections.vectors(view.state.collection, sorted(truth), "Strong")) == set(truth)  # type: ignore[attr-defined]
    assert index.is_sound()


def assert_what_one_makes_the_other_reads(machines: Machines, id: str) -> None:
    """A check, by the key that made it; and gone at both once it is deleted at one."""
    (status, here), (_, there) = (machines.send(place, "GET", f"checks/{id}?include=text") for place in (0, 1))
    assert (status, here) == (200, there)
    other = machines.onlooker.keys.create("other", ("check",), None).secret
    assert [send(each, other, "GET", f"checks/{id}")[0] for each in machines.serving] == [404, 404]
    assert machines.send(1, "DELETE", f"checks/{id}")[0] == 204
    assert machines.send(0, "GET", f"checks/{id}")[0] == 404


def assert_a_key_makes_one_thing(machines: Machines) -> None:
    """The same Idempotency-Key sent to both at once, and then with something else."""
    statement = json.dumps(
        {
            "claim_reviewed": "Once is enough.",
            "url": "https://checks.example/once",
            "rating": {"alternate_name": "False"},
        }
    )
    calls = {
        "checks": (check_body(9001), check_body(9002)),
        "statements": (statement.encode(), statement.replace("Once", "Twice").encode()),
        "statements/import": (import_body(9001), import_body(9002)),
    }
    for call, (body, another) in calls.items():
        content_type = "application/x-ndjson" if "import" in call else "application/json"
        with ThreadPoolExecutor(4) as pool:
            sent = [
                pool.submit(machines.send, place, "POST", call, body, "one key", content_type=content_type)
                for place in range(4)  # a key may upload two things to each at once
            ]
        replies = [each.result() for each in sent]
        assert {status for status, _ in replies} <= {200, 201, 202}, replies
        assert len({reply["id"] for _, reply in replies}) == 1, call
        assert machines.send(1, "POST", call, another, "one key", content_type=content_type)[0] == 422, call


def assert_statements_are_found_through_the_other(machines: Machines) -> list[float]:
    """A statement written through one, searched through the other at once; the seconds that each took to be found."""
    seconds = []
    for number in range(STATEMENTS):
        text = f"Glacier {number} was sold to a soft drink company from Bolivia."
        given = {
            "claim_reviewed": text,
            "url": f"https://checks.example/glacier/{number}",
            "rating": {"alternate_name": "False"},
        }
        assert machines.send(number, "POST", "statements", json.dumps(given).encode())[0] == 201
        began = time.monotonic()
        body = json.dumps({"texts": [text], "limit": 1}).encode()
        while True:
            status, reply = machines.send(number + 1, "POST", "match", body)
            if status == 200 and reply["results"][0]["matches"][0]["statement"]["claim_reviewed"] == text:
                break
            assert time.monotonic() - began < SOON_SECONDS
        seconds.append(time.monotonic() - began)
    return seconds


def assert_what_waits_is_bounded_together(machines: Machines) -> None:
    """While nobody works, a key may have as much waiting as one service would let it, however it spreads its calls."""
    for each in machines.working:
        each.stop()
    waiting = machines.onlooker.jobs.state().in_all
    numbers = itertools.count(20_000)
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(machines.send, place, "POST", "checks", check_body(next(numbers))) for place in range(40)]
    accepted = sum(each.result()[0] == 202 for each in sent)
    while any(
        (status := machines.send(place, "POST", "checks", check_body(next(numbers)))[0]) == 202 for place in (0, 1)
    ):
        accepted += 1  # whoever was on the way in counted for two in the crowd
    assert status == 429
    assert waiting + accepted == machines.onlooker.jobs.state().in_all == MOST_WAITING
    machines.working[0].start()
    wait_until(lambda: machines.onlooker.jobs.count() == 0)
