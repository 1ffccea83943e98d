"""Where a pair comes before the models in other words, their names must be others: past checks go by them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.pairs.plain import READING
from index.pairs.rules import RulePairModel
from scripts.note_readings import KEPT, note_readings, reading_of

NOTED: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))


def test_each_pair_is_read_as_this_version_reads_it() -> None:
    changed = [
        noted for noted in NOTED["readings"] if reading_of(noted["claim"], noted["statement"]) != noted
    ]  # where there are any: raise READING, then run scripts/note_readings.py
    assert (NOTED["version"], changed) == (READING, [])


def test_the_pairs_are_of_all_kinds() -> None:
    kinds = {kind for noted in NOTED["readings"] for kind, *_ in noted["differences"]}
    assert kinds == {"attribution", "causation", "date", "extent", "name", "negation", "number"}
    assert {noted["read"][2] for noted in NOTED["readings"]} == {True, False}
    assert any(noted["read"][0] != noted["claim"] and not noted["read"][2] for noted in NOTED["readings"])


def test_models_name_the_version_of_reading() -> None:
    assert RulePairModel.model_id.endswith(f".{READING}")


def test_another_reading_is_noted_only_under_another_version(tmp_path: Path) -> None:
    first, kept = NOTED["readings"][0], tmp_path / "readings.json"
    other = [{**first, "stance": [0.1, 0.1]}]
    kept.write_text(json.dumps({"version": READING, "readings": other}), encoding="utf-8")
    with pytest.raises(SystemExit, match="raise READING"):
        note_readings(kept)
    kept.write_text(json.dumps({"version": READING - 1, "readings": other}), encoding="utf-8")
    note_readings(kept)
    assert json.loads(kept.read_text(encoding="utf-8")) == {"version": READING, "readings": [first]}
