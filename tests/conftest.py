"""What all tests share: no network, one Playwright (a process can run only one), and the databases that tests run on."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from network_guard import NetworkGuard
from private_postgresql import Server, running

if TYPE_CHECKING:
    from playwright.sync_api import Playwright


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the long tests are: short in the gate, longer by `make test-crash` and `make test-api`."""
    parser.addoption("--kills", type=int, default=20, help="how often the service is killed (service/test_killed.py)")
    parser.addoption("--cases", type=int, default=0, help="least calls made up for the API (service/web/test_api.py)")
    parser.addoption("--seed", type=int, default=11, help="what these draw from")


GUARD = NetworkGuard()
GUARD.install()

settings.register_profile("untimed", deadline=None)  # how long an example takes is the machine's business
settings.load_profile("untimed")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before anything of a test is made, say how far it may reach."""
    GUARD.begin(allows_loopback=any(item.iter_markers("loopback")) or any(item.iter_markers("browser")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test that reached further fails, even where what it tests swallowed that."""
    result = yield
    assert GUARD.reached == [], f"{item.name} reached the network"
    return result


@pytest.fixture
def network_guard() -> NetworkGuard:
    """The guard in place, for its own tests."""
    return GUARD


ON_BOTH_DATABASES = ("index/store", "service/store", "service/work", "service/test_killed.py")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is about the database on each kind of it."""
    if "database_kind" in metafunc.fixturenames:
        own = any(mark.name == "sqlite" for mark in metafunc.definition.iter_markers())
        both = any(f"/tests/{each}" in metafunc.definition.path.as_posix() for each in ON_BOTH_DATABASES) and not own
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"] if both else ["sqlite"], scope="session")


@pytest.fixture(scope="session")
def database_kind() -> str:
    """Replaced for each test by the kinds that it runs on."""
    return "sqlite"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own, started when the first test needs it."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver; browsers are the tests' own. Loaded here, so that all others run without it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Where the prepared bundled model is kept between runs, out of the tester's own data folder."""
    return Path(__file__).parents[1] / "build" / "models"
