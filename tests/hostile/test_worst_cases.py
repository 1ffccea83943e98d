"""The test of the tester: it must find what is slow, and let pass what is not."""

from __future__ import annotations

import re

import growth
import pytest
from growth import Growth, too_fast
from worst_cases import WorstCase, worst_cases

EXPONENTIAL = [r"(a+)+$", r"(?:a|a)*b", r"(?:<!--.*?-->\s*)*<p", r"[a-z0-9]([a-z0-9_-]*\.?)*$", r"(\w+\s?)+!"]
POLYNOMIAL = [
    r"\s+$", r".*a.*b", r"\d+:", r"a-\s*\n\s*b", r"\w+\d", r"x\s*[\"']?\s*y", r"soll (?=.*\bhaben\b)",
    r"\d+(?![\d:]*\d)", r"^\W*(?:[.&]+ )?false", r"\b[A-Z][\w-]+ [A-Z]", r"(?:\s*[/,]\s*)",
]  # fmt: skip
LINEAR = [
    r"(?<!\s)\s++$", r"\w+", r"(?<!a)(?:a++)+$", r"a-[^\S\n]*+\n\s*+b", r"soll (?=.{0,300}\bhaben\b)", r"^\s+x", r"\bw\w*",
    r"<!--[^<>]*-->", r"(?<![\d:])\d++(?![\d:]*\d)", r"(?:und|oder)$", r"[^<>]{0,900}>?", r"(?<=[.!?])\s+(?=[A-Z])",
]  # fmt: skip


def slowest(pattern: str) -> Growth | None:
    compiled = re.compile(pattern, re.S if "<!" in pattern else 0)

    def run(text: str) -> None:
        for _ in compiled.finditer(text):
            pass

    return next((found for case in worst_cases(compiled) if (found := too_fast(run, case.build))), None)


@pytest.mark.parametrize("pattern", [*EXPONENTIAL, *POLYNOMIAL])
def test_slow_patterns_are_found(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "CAP", 0.3)
    found = slowest(pattern)
    assert found is not None
    assert found.ratio > growth.MAX_RATIO


@pytest.mark.parametrize("pattern", LINEAR)
def test_linear_patterns_pass(pattern: str) -> None:
    assert slowest(pattern) is None


def test_quadratic_and_endless_code_is_found_and_linear_code_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "CAP", 0.3)

    def square(size: int) -> None:
        for _ in range(size):
            sum(range(size // 20))

    def endless(_: int) -> None:
        while True:
            pass

    assert too_fast(square, int) is not None
    assert too_fast(lambda size: sum(range(size * 200)), int) is None
    assert too_fast(endless, int) == Growth(32, float("inf"))


def test_a_case_has_the_size_that_is_asked_for() -> None:
    case = WorstCase("<<", "abc", ">")
    assert case.build(30) == "<<" + "abc" * 10 + ">"
    assert case.build(1) == "<<abc>"
