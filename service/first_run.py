"""Making an application ready: the starter statements into an empty store, and the index caught up with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from index.errors import IndexFault
from index.store.one_store import within_one_store

if TYPE_CHECKING:
    from service.bootstrap import Application

Say = Callable[[str], None]


def make_ready(application: Application, say: Say) -> None:
    """Load the starter statements where the store never held any, then bring the index up to date, saying so."""
    try:
        with within_one_store():  # not into data that are restored meanwhile
            load_starter(application, say)
        if application.index.status(wait=True).reason:
            started = time.monotonic()
            say("Bringing the index up to date …")
            application.index.update()
            say(f"The index is up to date ({time.monotonic() - started:.0f} s).")
    except IndexFault as fault:
        say(f"The index is not ready: {fault}")
        return
    status = application.index.status(wait=True)
    say(f"Ready: {status.statements:,} verified statements.")


def load_starter(application: Application, say: Say) -> None:
    """Import the bundled statements on the very first run; never again, so that deleting them lasts."""
    from index.exchange.importing import import_reviews
    from index.starter import starter_reviews

    if application.statements.checkpoint().sequence > 0:
        return
    report = import_reviews(application.statements, starter_reviews(), "application/x-ndjson")
    say(f"First run: loaded {report.added} starter statements.")
