"""What the command line prints of statements and feedback."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from index.models import Publisher, Rating, Statement
from service.errors import NotFound
from service.terminal_data import print_decision, print_feedback, print_statements

WORDS = "Hot lemon water cures diabetes within seven days."


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.mark.parametrize(
    ("publisher", "day", "line"),
    [
        (Publisher("Blatt", "blatt.example"), date(2021, 5, 3), "Blatt · False · 3 May 2021 · https://blatt.example/1"),
        (Publisher(None, "blatt.example"), None, "blatt.example · False · https://blatt.example/1"),
        (Publisher(), None, "False · https://blatt.example/1"),
    ],
)
def test_what_is_not_known_of_a_statement_leaves_no_gap(
    capsys: pytest.CaptureFixture[str], publisher: Publisher, day: date | None, line: str
) -> None:
    statement = Statement("Lemons.", "https://blatt.example/1", Rating("False"), publisher, date_published=day)
    print_statements([statement], as_json=False)
    assert capsys.readouterr().out == f"Lemons.\n  {line}\n"


def test_feedback_is_printed_with_its_sentence_and_closed(house: Any, capsys: pytest.CaptureFixture[str]) -> None:
    check = house.check(text=WORDS)
    said = house.client.post(
        f"/v1/checks/{check['id']}/feedback", json={"kind": "wrong_match", "claim": 0, "comment": "Another\nlemon."}
    ).json
    print_feedback(house.application, "open", 20, as_json=False)
    shown = capsys.readouterr().out
    assert shown.startswith(f"{said['id']}  The two sentences do not mean the same thing.  (open)\n  Another lemon.\n")
    assert WORDS in shown
    assert check["id"] in shown
    print_decision(house.application, said["id"], "rejected", "It is that lemon.", as_json=False)
    assert "(rejected)" in capsys.readouterr().out
    print_feedback(house.application, "open", 20, as_json=False)
    assert capsys.readouterr().out == "There is no open feedback.\n"
    print_feedback(house.application, None, 20, as_json=True)
    listed = json.loads(capsys.readouterr().out)
    assert (listed["status"], listed["note"]) == ("rejected", "It is that lemon.")


def test_what_nobody_said_cannot_be_closed(house: Any) -> None:
    with pytest.raises(NotFound):
        print_decision(house.application, "none", "accepted", None, as_json=False)
