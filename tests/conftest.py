"""What all tests share: one Playwright, because a process can run only one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the long tests are: short in the gate, longer by `make test-crash` and `make test-api`."""
    parser.addoption("--kills", type=int, default=20, help="how often the service is killed (service/test_killed.py)")
    parser.addoption("--cases", type=int, default=0, help="least calls made up for the API (service/web/test_api.py)")
    parser.addoption("--seed", type=int, default=11, help="what these draw from")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver; browsers are the tests' own."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Where the prepared bundled model is kept between runs, out of the tester's own data folder."""
    return Path(__file__).parents[1] / "build" / "models"
