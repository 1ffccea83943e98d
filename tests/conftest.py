"""What all tests share: one Playwright, because a process can run only one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver; browsers are the tests' own."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Where the prepared bundled model is kept between runs, out of the tester's own data folder."""
    return Path(__file__).parents[1] / "build" / "models"
