"""What people decided about matches, and what follows: counted once each, fitted, judged on what was held out."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from index.models import NormalizedRating, Rating, Stance, Statement
from index.pairs.site import SiteCalibration
from service.calibrating import (
    MIN_DECISIONS,
    PastCheck,
    Report,
    ShownMatch,
    fitted,
    flips_under,
    held_out,
    quality,
    reliability,
    report_on,
)
from service.findings import Finding, Mode, SentenceFindings
from service.models import VerdictCode
from service.store.corrections import CORRECTION
from service.store.feedback import FeedbackKind, FeedbackStatus
from service.terminal_calibration import print_report
from service.thresholds import DEFAULTS, SiteThresholds

FRUIT = ("lemon", "apple", "cherry", "banana", "papaya", "mango", "quince", "melon")
ILLNESSES = ("diabetes", "measles", "malaria", "asthma", "gout", "scurvy", "rabies", "mumps")
FOUND = Finding(7, "a", NormalizedRating.FALSE, "x", 0.9, 0.8, Stance.SUPPORTS, 0.9, Mode.ASSERTED)


def matches(many: int, right_share: float, confidence: float = 0.9, minimum: float = 0.7) -> list[ShownMatch]:
    right = round(many * right_share)
    return [ShownMatch(confidence, minimum, f"s{n}", n < right) for n in range(many)]


def test_complaints_among_many_matches_move_little_and_a_fair_sample_more() -> None:
    decided = matches(60, 0.5)
    others = [ShownMatch(0.9, 0.7, f"o{n}") for n in range(2000)]
    report = Report(100, 0, 30, 30, 2000, fair_sample=False)
    held_back = fitted(report, [*decided, *others], [])
    moved = fitted(replace(report, fair_sample=True), [*decided, *others], [])
    assert held_back.site.confidence(0.9) == pytest.approx((2000 * 0.9 + 30) / 2060, abs=0.005)
    assert moved.site.confidence(0.9) == pytest.approx(0.5, abs=0.08)
    assert held_back.helps
    assert moved.helps


def test_figures_are_of_matches_held_out_with_their_statement() -> None:
    decided = matches(100, 0.6)
    after = held_out(decided, [])
    assert len(after) == 100
    as_shipped = quality(decided, [0.9] * 100)
    assert (as_shipped.precision, as_shipped.found) == (0.6, 1.0)
    set_right = quality(decided, after)
    assert set_right.found == 0.0, "at .6 none of them is past .7"
    assert set_right.precision is None
    assert set_right.loss < as_shipped.loss
    one = [ShownMatch(0.9, 0.7, "one", n < 30) for n in range(60)]
    assert held_out(one, []) == [0.9] * 60, "nothing is left to learn from where all are of one statement"


def test_the_reliability_is_told_by_what_shipped() -> None:
    decided = [*matches(10, 0.5, 0.75), *matches(20, 0.9, 0.97), ShownMatch(1.0, 0.7, "x", True)]
    low, high = reliability(decided, [0.6] * 10 + [0.9] * 21)
    assert (low.matches, low.before, low.after, low.right) == (10, pytest.approx(0.75), pytest.approx(0.6), 0.5)
    assert (high.matches, high.right) == (21, pytest.approx(19 / 21))


def test_what_does_not_help_is_said_not_to() -> None:
    chance = random.Random(3)
    decided = [ShownMatch(sure, 0.7, f"s{n}", chance.random() < sure) for n in range(80) for sure in (0.8, 0.95)]
    report = fitted(Report(1, 0, 140, 20, 0, fair_sample=True), decided, [])
    assert abs(report.after.loss - report.before.loss) < 0.02
    assert report.helps is (report.after.loss < report.before.loss)


def test_flips_are_told_from_stored_findings_by_each_check_s_own_numbers() -> None:
    findings = (SentenceFindings(0, 9, 0.9, True, Mode.ASSERTED, 12, False, True, (FOUND,), 0),)
    past = PastCheck("a", VerdictCode.REFUTED, findings, DEFAULTS)
    assert flips_under(SiteCalibration(1.0, 0.0), [past]) == ()
    assert flips_under(SiteCalibration(1.0, -1.0), [past, past]) == (
        (VerdictCode.REFUTED, VerdictCode.NOT_ENOUGH_EVIDENCE, 2),
    )
    own = replace(past, thresholds=replace(DEFAULTS, site=SiteThresholds(1.0, -1.0)))
    assert flips_under(SiteCalibration(1.0, -1.0), [own]) == (), "they are set right already"


def decide(house: Any, check_id: str, status: FeedbackStatus) -> None:
    from service.ruling_out import decide_feedback

    made = house.application.feedback.add(check_id, "", FeedbackKind.WRONG_MATCH, 0, None)
    decide_feedback(house.application, made.id, status, None)


def sayings() -> list[str]:
    return [f"Eating {fruit} cures {illness} within seven days." for fruit in FRUIT for illness in ILLNESSES]


@pytest.mark.sqlite
def test_decisions_on_kept_checks_are_counted_and_what_is_applied_counts(house: Any, capsys: Any) -> None:
    rating = Rating("False", normalized=NormalizedRating.FALSE)
    said = sayings()
    house.application.statements.put_many(
        [Statement(text, f"https://checks.example/{n}", rating, language="en") for n, text in enumerate(said)]
    )
    house.application.index.update()
    ids = [house.client.post("/v1/checks", json={"text": text, "wait": 0}).json["id"] for text in said]
    house.work()
    report = report_on(house.application, 5000)
    assert (report.checks, report.right, report.wrong, report.enough, report.site) == (64, 0, 0, False, None)
    shown = report.undecided
    assert shown >= 64
    decided = ids[: MIN_DECISIONS + 4]
    for place, id in enumerate(decided):
        decide(house, id, FeedbackStatus.ACCEPTED if place % 2 else FeedbackStatus.REJECTED)
    house.application.schedules.plan(CORRECTION, CORRECTION, 60)
    house.application.schedules.hurry(CORRECTION)
    house.work()  # past checks lose what was ruled out, as they do soon after a decision
    assert house.client.get(f"/v1/checks/{decided[1]}").json["verdict"]["code"] == "not_enough_evidence"
    report = report_on(house.application, 5000, fair_sample=True)
    assert report.right + report.wrong + report.undecided == shown, "also what checks rest on no more"
    assert report.wrong >= 27
    assert report.right >= 27
    assert report.enough
    assert report.helps
    assert report.site.offset < 0
    assert sum(count for *_, count in report.flips) > 0
    assert report_on(house.application, 10).checks == 10
    house.check(text=said[0] + " ", fresh=True)
    assert report_on(house.application, 5000).right == report.right, "the same text counts once"
    print_report(house.application, 5000, fair_sample=True, apply=True, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["applied"], told["offset"]) == (True, report.site.offset)
    assert house.application.index.current().site == report.site
    assert report_on(house.application, 5000, fair_sample=True).right == report.right, "counted as shipped"
