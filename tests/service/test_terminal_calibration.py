"""What `gegencheck calibrate` says: a report first, a refusal with what is lacking, what is in force."""

from __future__ import annotations

import json
from typing import Any

import click
import pytest

from index.pairs.site import SiteCalibration
from service.calibrating import Bin, Quality, Report
from service.models import VerdictCode
from service.terminal_calibration import present_report, print_in_force, print_report, print_words, take_back

REPORT = Report(
    checks=120,
    skipped=2,
    right=40,
    wrong=20,
    undecided=300,
    fair_sample=False,
    site=SiteCalibration(0.9, -0.25),
    before=Quality(0.667, 1.0, 0.71),
    after=Quality(0.8, 0.9, 0.6),
    bins=(Bin(60, 0.91, 0.7, 0.667),),
    flips=((VerdictCode.REFUTED, VerdictCode.NOT_ENOUGH_EVIDENCE, 3),),
)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def test_the_report_has_counts_numbers_quality_reliability_and_flips(capsys: Any) -> None:
    print_words(REPORT)
    told = capsys.readouterr().out.replace("\u00a0", " ")
    for words in (
        "120 kept checks were looked at.", "40 right, 20 wrong. Nobody decided on 300 others.", "2 were left out",
        "multiplied by 0.90, and -0.25 added", "as shipped: 67 % of the matches are right, 100 % of the right ones match; log loss 0.71",
        "set right: 80 % of the matches are right, 90 % of the right ones match; log loss 0.60",
        "60 matches: shipped 91 %, set right 70 %, right 67 %", "3 checks would have a different result",
        "contains statements rated false → no matching fact-check", "nearer to what people decided",
    ):  # fmt: skip
        assert words in told


def test_as_json_it_has_the_same_and_is_what_is_kept(capsys: Any) -> None:
    shown = present_report(REPORT)
    assert json.loads(json.dumps(shown)) == shown
    assert (shown["slope"], shown["offset"], shown["enough"], shown["helps"]) == (0.9, -0.25, True, True)
    assert shown["after"] == {"precision": 0.8, "found": 0.9, "log_loss": 0.6}
    assert shown["flips"] == [{"before": "refuted", "after": "not_enough_evidence", "checks": 3}]


def test_with_too_few_decisions_it_says_how_many_it_takes_and_applies_nothing(house: Any, capsys: Any) -> None:
    print_report(house.application, 100, fair_sample=False, apply=False, as_json=False)
    assert "It takes 50 decisions, 10 of each kind." in capsys.readouterr().out
    with pytest.raises(click.ClickException, match="Nothing was changed"):
        print_report(house.application, 100, fair_sample=False, apply=True, as_json=True)
    assert json.loads(capsys.readouterr().out)["applied"] is False
    assert house.application.calibrations.list() == []


def test_what_is_in_force_and_what_was_taken_back_is_listed(house: Any, capsys: Any) -> None:
    print_in_force(house.application, as_json=False)
    assert capsys.readouterr().out == "Confidences are as shipped.\n"
    model = house.application.index.current().pair_model
    house.application.calibrations.apply(SiteCalibration(0.9, -0.25), model, {"right": 40})
    print_in_force(house.application, as_json=False)
    assert "log odds times 0.90, plus -0.25" in capsys.readouterr().out
    assert "set right by decisions" in house.client.get("/docs/accuracy?lang=en").text
    take_back(house.application, as_json=True)
    assert json.loads(capsys.readouterr().out)["report"] == {"right": 40}
    print_in_force(house.application, as_json=False)
    assert "(taken back on " in capsys.readouterr().out
    assert "set right by decisions" not in house.client.get("/docs/accuracy?lang=en").text
    with pytest.raises(click.ClickException, match="as shipped"):
        take_back(house.application, as_json=False)
