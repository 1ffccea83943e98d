"""The history's page: each version with what it changed, in words and signs, in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from index.store.changes import Writer


@pytest.fixture
def revised(house: Any) -> str:
    store = house.application.statements
    (first,) = store.select().statements
    store.revise(
        first.id, replace(first, explanation="Nobody <b>showed</b> that."), writer=Writer("terminal", "It had none.")
    )
    return str(first.id)


def test_versions_are_shown_with_what_they_changed(house: Any, revised: str) -> None:
    english = house.writer.get(f"/editor/{revised}/history?lang=en").text
    german = house.writer.get(f"/editor/{revised}/history?lang=de").text
    for said in ("Revised", "on the command line", "by an import", "Reason for the change: <bdi>It had none.</bdi>", "<ins>",
                 "Added: </span>", "Nobody &lt;b&gt;showed", "This statement is in use."):  # fmt: skip
        assert said in english
    for said in (
        "Geändert",
        "in der Kommandozeile",
        "durch einen Import",
        "Grund der Änderung",
        "Hinzugefügt: </span>",
    ):
        assert said in german
    assert english.index("Revised") < english.index(">Added<"), "the newest first"


def test_what_was_done_is_said_once_and_nothing_made_up(house: Any, revised: str) -> None:
    assert "The change was saved." in house.writer.get(f"/editor/{revised}/history?lang=en&done=saved").text
    assert "hacked" not in house.writer.get(f"/editor/{revised}/history?lang=en&done=hacked").text


def test_what_never_was_has_no_history(house: Any) -> None:
    missing = house.writer.get("/editor/none/history?lang=en")
    assert (missing.status_code, "There is no such statement" in missing.text) == (404, True)
