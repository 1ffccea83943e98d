"""`gegencheck statements history`: who wrote which version, and what it changed, without colour alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from index.store.changes import Writer
from index.store.history import versions_of
from service.drafts import Change, DraftState
from service.errors import NotFound
from service.terminal_history import print_history, print_waiting, release_waiting


@pytest.fixture
def revised(house: Any) -> str:
    (first,) = house.application.statements.select().statements
    changed = replace(first, claim_reviewed=f"{first.claim_reviewed} Really.", owner="Desk")
    house.application.statements.revise(first.id, changed, writer=Writer("terminal", "Asked for."))
    return str(first.id)


def test_each_version_is_a_paragraph(house: Any, revised: str, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    print_history(house.application, revised, as_json=False)
    said = capsys.readouterr().out
    assert "2  Revised" in said
    assert "terminal\n  Asked for.\n" in said
    assert "[+Really.]" in said
    assert "owner: [+Desk]" in said
    assert "1  Added" in said
    assert "by an import" in said


def test_as_json_it_is_what_the_api_gives(house: Any, revised: str, capsys: Any) -> None:
    print_history(house.application, revised, as_json=True)
    assert json.loads(capsys.readouterr().out) == house.writer.get(f"/v1/statements/{revised}/history").json


def test_what_waits_is_listed_and_released(house: Any, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    store, drafts = house.application.statements, house.application.drafts
    print_waiting(house.application, as_json=False)
    assert capsys.readouterr().out == "Nothing waits for release.\n"
    content = {"claim_reviewed": "Lemons are blue.", "url": "https://x.example/", "rating": {"alternate_name": "False"}}
    draft = drafts.add("acc_ann", Change(content, reason="Asked for."), DraftState.WAITING)
    print_waiting(house.application, as_json=False)
    assert f"{draft.id}  New statement: Lemons are blue.\n  acc_ann · " in capsys.readouterr().out
    print_waiting(house.application, as_json=True)
    assert json.loads(capsys.readouterr().out)["tag"] == draft.tag
    release_waiting(house.application, draft.id)
    assert capsys.readouterr().out == "Released. It holds like this now.\n"
    (made,) = store.select(query="blue").statements
    (version,) = versions_of(store, made.id)
    assert (version.written_by, version.released_by, version.reason) == ("acc_ann", "terminal", "Asked for.")
    with pytest.raises(NotFound):
        release_waiting(house.application, draft.id)
