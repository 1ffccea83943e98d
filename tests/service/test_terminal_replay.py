"""What `gegencheck replay` prints."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.pipeline.replaying import Changes
from service.store.check_lists import Wanted
from service.terminal_replay import print_replays

LEMONS = "Hot lemon water cures diabetes within seven days."


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def test_everybody_s_flips_are_told_with_their_reasons_and_their_sum(house: Any, capsys: Any) -> None:
    key = house.key("check")
    mine = house.check(text=LEMONS, headers=key, reference="ticket 7")
    house.check(url="https://none.example/", headers=key)
    print_replays(house.application, Wanted(), Changes(min_confidence=1.0), 100, as_json=False)
    told = capsys.readouterr().out
    assert f"{mine['id']}  contains statements rated false → no matching fact-check" in told
    assert "  ticket 7\n  The match is on the other side of the threshold. (" in told
    assert "1 check would have a different result\n1 check was replayed. 1 was left out" in told


def test_as_json_it_is_one_object_and_walks_all_pages_up_to_the_limit(house: Any, capsys: Any) -> None:
    for number in range(12):
        house.check(text=f"{LEMONS} {number}", reference=f"{number}")
    print_replays(house.application, Wanted(), Changes(newest=True, min_confidence=1.0), 11, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["replayed"], told["skipped"], len(told["flips"])) == (11, 0, 11)
    assert told["changes"] == [
        {
            "before": {"verdict": "refuted", "action": None},
            "after": {"verdict": "not_enough_evidence", "action": None},
            "checks": 11,
        }
    ]
