"""Thresholds: one value with a digest, recorded and read back, and no number that decides beside it."""

from __future__ import annotations

import ast
from dataclasses import fields, replace
from itertools import takewhile
from pathlib import Path

import pytest

from index import thresholds as of_index
from service import thresholds as of_service
from service.config import Settings
from service.thresholds import DEFAULTS, Thresholds, configured_thresholds, thresholds_of

NUMBERS = [
    (group.name, number.name) for group in fields(Thresholds) for number in fields(getattr(DEFAULTS, group.name))
]


@pytest.mark.parametrize(("group", "name"), NUMBERS)
def test_where_one_number_is_another_so_is_the_name(group: str, name: str) -> None:
    numbers = getattr(DEFAULTS, group)
    value = getattr(numbers, name)
    changed = "x" if isinstance(value, str) else (1, 2) if isinstance(value, tuple) else value + 1
    other = replace(DEFAULTS, **{group: replace(numbers, **{name: changed})})
    assert other.digest != DEFAULTS.digest
    assert thresholds_of(other.values) == other


def test_the_name_is_that_of_the_numbers_alone() -> None:
    assert Thresholds().digest == DEFAULTS.digest
    assert len(DEFAULTS.digest) == 16
    assert thresholds_of(DEFAULTS.values).digest == DEFAULTS.digest


def test_numbers_of_another_version_are_refused_and_never_filled_in() -> None:
    values = DEFAULTS.values
    for wrong in ({}, {**values, "more": {}}, {**values, "growth": {"few_claims": 4}}, {**values, "growth": "x"}):
        with pytest.raises(ValueError, match="another version"):
            thresholds_of(wrong)


def test_checks_from_before_confidences_could_be_set_right_had_the_shipped_ones() -> None:
    before = {name: numbers for name, numbers in DEFAULTS.values.items() if name != "site"}
    assert thresholds_of(before) == DEFAULTS


def test_checks_from_before_suggestions_had_a_bar_suggested_every_candidate() -> None:
    short = {name: number for name, number in DEFAULTS.values["short"].items() if name != "min_suggested"}
    found = thresholds_of({**DEFAULTS.values, "short": short})
    assert found.short.min_suggested == DEFAULTS.match.min_candidate
    assert replace(found, short=DEFAULTS.short) == DEFAULTS


def test_settings_change_the_number_that_they_name() -> None:
    assert configured_thresholds(Settings()) is DEFAULTS
    low = configured_thresholds(replace(Settings(), min_checkworthiness=0.2))
    assert low.claims.min_checkworthiness == 0.2
    assert replace(low, claims=DEFAULTS.claims) == DEFAULTS


@pytest.mark.parametrize("module", [of_index, of_service])
def test_each_number_has_its_source_beside_it(module: object) -> None:
    """A figure of RESULTS, a script, a measurement or a choice: in the comment at each number or its group's docstring."""
    path = Path(str(module.__file__))  # type: ignore[attr-defined]
    lines = path.read_text(encoding="utf-8").splitlines()
    for group in ast.parse("\n".join(lines)).body:
        if not isinstance(group, ast.ClassDef) or group.name == "Thresholds":
            continue
        told = names_source(ast.get_docstring(group) or "")
        for number in (each for each in group.body if isinstance(each, ast.AnnAssign)):
            beside = lines[number.lineno - 1].strip()
            above = [
                line.strip()
                for line in takewhile(lambda line: line.strip().startswith("#"), lines[number.lineno - 2 :: -1])
            ]
            assert told or names_source(" ".join([beside, *above])), f"{group.name}: {beside}"


def names_source(comment: str) -> bool:
    return any(word in comment for word in ("RESULTS", "hoice", "training/pairs/", "Measured", "calibrated with"))


# Numbers that decide nothing about a claim: how much of a text a reading rule looks at, what is refused, what explains.
OTHER_NUMBERS = {
    "budget": {"MAX_LISTED"},
    "checkworthiness": {"MAX_FEATURES", "MIN_WEIGHT"},
    "modes": {"MAX_TEXT", "MAX_WORDLESS", "TITLE_CHARACTERS", "RATING_LINES", "RATING_CHARACTERS", "LABEL_CHARACTERS"},
    "quoting": {"SINGLE_LENGTHS"},
}  # fmt: skip


@pytest.mark.parametrize(
    "stage",
    [
        "budget",
        "checked",
        "checkworthiness",
        "claims",
        "evidence",
        "few_words",
        "modes",
        "quoting",
        "stance",
        "verdict",
    ],
)
def test_no_number_that_decides_stands_elsewhere(stage: str) -> None:
    path = Path(str(of_service.__file__)).parent / "pipeline" / f"{stage}.py"
    named = {
        target.id
        for line in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(line, ast.Assign) and is_number(line.value)
        for target in line.targets
        if isinstance(target, ast.Name)
    }
    assert named == OTHER_NUMBERS.get(stage, set())


def is_number(value: ast.expr) -> bool:
    if isinstance(value, ast.Tuple):
        return all(map(is_number, value.elts))
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float)
