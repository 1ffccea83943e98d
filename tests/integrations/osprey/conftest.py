"""Puts the plug-in and what is restated of Osprey on the path, for these tests alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SOURCE = HERE.parents[2] / "integrations" / "osprey" / "src"


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both are imported anew in each test."""
    monkeypatch.syspath_prepend(str(HERE / "restated"))
    monkeypatch.syspath_prepend(str(SOURCE))
    monkeypatch.setenv("GEGENCHECK_ADDRESS", "https://facts.example/")
    monkeypatch.setenv("GEGENCHECK_KEY", "gck_secret")
    yield
    for name in [name for name in sys.modules if name.split(".")[0] in ("osprey", "gegencheck_osprey")]:
        del sys.modules[name]
