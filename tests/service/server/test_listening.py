"""Who makes room when all places are taken, and how many places the system's files allow."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from service.server.channel import Doing
from service.server.listening import FILES_A_CONNECTION, FILES_FOR_THE_REST, allow_files, choose_to_close


@dataclass
class Connection:
    """What is to be known of one."""

    name: str
    doing: Doing
    waiting_since: float
    address: str = "127.0.0.1"

    @property
    def addr(self) -> tuple[str, int]:
        return (self.address, 1)


def chosen(*connections: Connection) -> str | None:
    found = choose_to_close(list(connections))  # type: ignore[arg-type]
    return found[0].name if found else None


def test_who_waited_longest_makes_room() -> None:
    assert chosen(Connection("new", Doing.WAITING, 9), Connection("old", Doing.WAITING, 1)) == "old"


def test_nobody_is_closed_while_being_served() -> None:
    served = Connection("served", Doing.SERVED, 1)
    assert chosen(served) is None
    assert chosen(served, Connection("new", Doing.WAITING, 9)) == "new"


def test_a_body_on_its_way_is_closed_after_those_who_only_wait() -> None:
    assert chosen(Connection("sending", Doing.SENDING, 1), Connection("new", Doing.WAITING, 9)) == "new"
    assert chosen(Connection("sending", Doing.SENDING, 1), Connection("served", Doing.SERVED, 0)) == "sending"


def test_an_address_with_many_connections_makes_room_before_others() -> None:
    crowd = [Connection(f"crowd-{number}", Doing.WAITING, 10 + number, "192.0.2.1") for number in range(3)]
    assert chosen(Connection("alone", Doing.WAITING, 1, "192.0.2.2"), *crowd) == "crowd-0"


def test_several_make_room_at_once_as_they_would_one_by_one() -> None:
    crowd = [
        Connection(f"crowd-{number}", Doing(number % 3), number * 7 % 20, f"192.0.2.{number % 4}")
        for number in range(40)
    ]
    one_by_one, left = [], list(crowd)
    for _ in range(20):
        (found,) = choose_to_close(left)  # type: ignore[arg-type]
        one_by_one.append(found)
        left.remove(found)
    assert choose_to_close(crowd, 20) == one_by_one  # type: ignore[arg-type]
    assert len(choose_to_close(crowd, 100)) == sum(each.doing is not Doing.SERVED for each in crowd)  # type: ignore[arg-type]


def test_the_connections_are_looked_at_once_for_a_crowd_of_newcomers() -> None:
    looks = 0

    class Watched(Connection):
        @property
        def doing(self) -> Doing:
            nonlocal looks
            looks += 1
            return Doing.WAITING

        @doing.setter
        def doing(self, _: Doing) -> None:
            pass

    crowd = [Watched(str(number), Doing.WAITING, number) for number in range(2000)]
    assert len(choose_to_close(crowd, 64)) == 64  # type: ignore[arg-type]
    assert looks == 2000


@pytest.fixture
def files() -> Iterator[tuple[int, int]]:
    """The limits on open files; put back afterwards."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield limits
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_the_limit_on_files_is_raised_as_far_as_needed(files: tuple[int, int]) -> None:
    hard = files[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (300, hard))
    assert allow_files(100) == 100
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 100 * FILES_A_CONNECTION + FILES_FOR_THE_REST


def test_where_it_cannot_be_raised_there_are_fewer_connections(files: tuple[int, int], monkeypatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 1024))
    assert allow_files(2000) == (1024 - FILES_FOR_THE_REST) // FILES_A_CONNECTION
