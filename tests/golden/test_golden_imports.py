"""Dirty feeds of every kind: what is taken, what is said about it, and what is rejected and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .imports import EXPECTED, dirty_files, made_of


@pytest.mark.parametrize("file", dirty_files(), ids=lambda file: file.stem)
def test_a_dirty_file_is_read_as_it_was_meant(file: Path) -> None:
    expected = json.loads(EXPECTED.read_text("utf-8"))
    assert made_of(file) == expected[file.name]


def test_there_are_twenty_and_more_and_no_loss_goes_unsaid() -> None:
    expected = json.loads(EXPECTED.read_text("utf-8"))
    assert [file.name for file in dirty_files()] == sorted(expected)
    assert len(expected) >= 20
    for name, made in expected.items():
        assert made["statements"] or made["rejected"], name
        assert all(reason for _, reason in made["rejected"]), name
