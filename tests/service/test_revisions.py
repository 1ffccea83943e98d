"""What a check said before: one sentence for people, and the verdicts of that time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from index.models import Match, NormalizedRating, PairJudgement, Rating, Stance, Statement
from service.actions import Action, PolicyDecision
from service.models import (
    Check,
    CheckedClaim,
    CheckRequest,
    CheckResult,
    CheckState,
    Earlier,
    JudgedMatch,
    ScoredSentence,
    Sentence,
    Verdict,
    VerdictCode,
)
from service.revisions import present_revisions, revised_words

TUESDAY, THURSDAY, FRIDAY = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (24, 26, 27))


def result(code: VerdictCode, *keys: int, normalized: NormalizedRating = NormalizedRating.UNMAPPED) -> CheckResult:
    """A result whose claim has these statements as evidence."""
    evidence = tuple(
        JudgedMatch(
            Match(
                Statement("Ulm zahlt.", "https://a.example", Rating("Falsch", normalized=normalized),
                          date_published=date(2026, 1, 2), key=key),
                0.9, 0.9, True, PairJudgement(0.9, 0.9, 0.05, 0.05),
            ),
            Stance.SUPPORTS, 0.9,
        )
        for key in keys
    )  # fmt: skip
    claim = ScoredSentence(Sentence("Ulm zahlt jedem.", 0, 16), 0.9, True)
    return CheckResult(claims=(CheckedClaim(claim, Verdict(code, 0.8), evidence),), verdict=Verdict(code, 0.8, 0))


NOTHING, ONE = result(VerdictCode.NOT_ENOUGH_EVIDENCE), result(VerdictCode.REFUTED, 1)
MAPPED = result(VerdictCode.REFUTED, 1, normalized=NormalizedRating.FALSE)
TWO, OTHERWISE = result(VerdictCode.CONFLICTING_EVIDENCE, 1, 2), result(VerdictCode.SUPPORTED, 1)


def check(now: CheckResult, *earlier: Earlier) -> Check:
    request = CheckRequest(url="https://news.example/a")
    return Check("id", "", request, CheckState.FINISHED, TUESDAY, None, TUESDAY, now, None, FRIDAY, earlier)


@pytest.mark.parametrize(
    ("before", "now", "german", "english"),
    [
        (
            NOTHING, ONE,
            "Geprüft am 24. November 2026. Damals hieß es: Keine passenden Faktenchecks gefunden. "
            "Seit dem 26. November 2026 liegt ein Faktencheck dazu vor.",
            "Checked on 24 November 2026. At that time the result was: No matching fact-checks found. "
            "Since 26 November 2026 there has been a fact-check.",
        ),
        (
            ONE, TWO,
            "Geprüft am 24. November 2026. Am 26. November 2026 kam ein weiterer Faktencheck dazu. "
            "Vorher hieß es: Enthält widerlegte Aussagen.",
            "Checked on 24 November 2026. On 26 November 2026 another fact-check was added. "
            "Before that the result was: Contains statements rated false.",
        ),
        (
            ONE, OTHERWISE,
            "Geprüft am 24. November 2026. Am 26. November 2026 hat sich ein Faktencheck geändert. "
            "Vorher hieß es: Enthält widerlegte Aussagen.",
            "Checked on 24 November 2026. On 26 November 2026 a fact-check changed. "
            "Before that the result was: Contains statements rated false.",
        ),
        (
            TWO, ONE,
            "Geprüft am 24. November 2026. Seit dem 26. November 2026 zählt ein Faktencheck hier nicht mehr: Er wurde "
            "geändert oder zurückgezogen, oder seine Gültigkeit ist abgelaufen. "
            "Vorher hieß es: Umstritten oder aus dem Zusammenhang gerissen.",
            "Checked on 24 November 2026. Since 26 November 2026 a fact-check no longer counts here: it was changed or "
            "withdrawn, or its period is over. Before that the result was: Disputed or out of context.",
        ),
        (
            result(VerdictCode.FACT_CHECK_FOUND, 1), MAPPED,
            "Geprüft am 24. November 2026. Seit dem 26. November 2026 ist hier bekannt, was die Bewertung eines "
            "Faktenchecks bedeutet. Vorher hieß es: Dazu gibt es einen Faktencheck.",
            "Checked on 24 November 2026. Since 26 November 2026 it has been known here what a fact-check’s rating "
            "means. Before that the result was: A fact-check about this exists.",
        ),
    ],
)  # fmt: skip
def test_a_sentence_says_when_it_was_checked_and_what_came_since(
    before: CheckResult, now: CheckResult, german: str, english: str
) -> None:
    revised = check(now, Earlier(before, TUESDAY, THURSDAY))
    assert (revised_words(revised, "de"), revised_words(revised, "en")) == (german, english)


def test_of_several_revisions_the_newest_is_told() -> None:
    revised = check(OTHERWISE, Earlier(ONE, THURSDAY, FRIDAY), Earlier(NOTHING, TUESDAY, THURSDAY))
    assert "27. November 2026 hat sich" in revised_words(revised, "de")


def test_what_was_never_judged_anew_says_nothing() -> None:
    assert revised_words(check(ONE), "de") == ""
    assert present_revisions(check(ONE), "de") == []


def test_each_earlier_verdict_has_its_time_its_words_and_its_action() -> None:
    flagged = PolicyDecision("desk.1", Action.FLAG)
    revised = check(NOTHING, Earlier(ONE, THURSDAY, FRIDAY, flagged), Earlier(NOTHING, TUESDAY, THURSDAY))
    first, second = present_revisions(revised, "en")
    assert (first["concluded_at"], first["replaced_at"]) == ("2026-11-26T12:00:00.000Z", "2026-11-27T12:00:00.000Z")
    assert (first["action"], second["action"]) == ("flag", None)
    assert first["verdict"]["code"] == "refuted"
    assert first["verdict"]["headline"].startswith("Contains statements rated false.")
    assert second["verdict"]["headline"].startswith("No matching fact-checks found.")


def test_one_that_failed_before_has_no_verdict_of_that_time() -> None:
    blank = Earlier(replace(NOTHING, verdict=None), TUESDAY, THURSDAY)
    assert present_revisions(check(ONE, blank), "en")[0]["verdict"] is None
