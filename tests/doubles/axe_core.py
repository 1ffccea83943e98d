"""axe-core, which judges whether pages keep anybody out. Loaded by the tests that open a page, so that others need no browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def axe_core() -> str:
    """The script, to be evaluated in a page."""
    import axe_playwright_python

    return Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
