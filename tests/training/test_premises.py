"""Premises: each hypothesis carries the stance that it was written for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.pairs.corpus import Part
from training.pairs.examples import NO_TARGET, STANCES
from training.pairs.premises import Premise, premise_examples, read_premises

ROW = {
    "language": "en",
    "premise": "Ann bought a house.",
    "hypotheses": {
        "supports": ["Ann owns a house."],
        "neutral": ["Ann is rich.", "It is old."],
        "refutes": ["No sale."],
    },
}


def all_parts(folder: Path) -> list[Premise]:
    return [premise for part in Part for premise in read_premises(part, folder)]


def test_a_premise_teaches_the_stance_of_each_hypothesis_and_no_label(tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_text(json.dumps(ROW))
    found = premise_examples(all_parts(tmp_path))
    assert [(each.statement, STANCES[each.stance]) for each in found] == [
        ("Ann owns a house.", "supports"),
        ("Ann is rich.", "neutral"),
        ("It is old.", "neutral"),
        ("No sale.", "refutes"),
    ]
    assert {each.label for each in found} == {NO_TARGET}
    assert {each.claim for each in found} == {"Ann bought a house."}


@pytest.mark.parametrize("change", [{"hypotheses": {"entails": ["x"]}}, {"hypotheses": ["x"]}, {"premise": None}])
def test_a_malformed_premise_is_named_by_file_and_line(tmp_path: Path, change: dict[str, object]) -> None:
    (tmp_path / "bad.jsonl").write_text(f"{json.dumps(ROW)}\n{json.dumps(ROW | change)}\n")
    with pytest.raises(ValueError, match=r"bad\.jsonl:2"):
        all_parts(tmp_path)


def test_the_premises_read_are_of_both_languages_and_split() -> None:
    learned = read_premises(Part.LEARN)
    unseen = [premise for part in Part if part is not Part.LEARN for premise in read_premises(part)]
    assert len(learned) >= 800
    assert 0.1 <= len(unseen) / len(learned) <= 0.25
    assert {premise.language for premise in unseen} == {"de", "en"}
    stances = [stance for premise in learned for stance, _ in premise.hypotheses]
    assert all(stances.count(stance) >= len(stances) / 5 for stance in STANCES)
