"""What all tests share: one Playwright, because a process can run only one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver; browsers are the tests' own."""
    with sync_playwright() as started:
        yield started
