"""What may be meant, and in what a match differs: sentences for a person, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.models import Difference, DifferenceKind, Match, NormalizedRating, PairJudgement, Rating, Stance, Statement
from service.models import CheckedClaim, Hint, JudgedMatch, ScoredSentence, Sentence, Shortfall, Verdict, VerdictCode
from service.suggestions import MAX_STATEMENT_LETTERS, did_you_mean, differing_words, suggested


def candidate(text: str, *shortfalls: Shortfall, differences: tuple[Difference, ...] = ()) -> JudgedMatch:
    statement = Statement(text, "https://checks.example/1", Rating("False", normalized=NormalizedRating.FALSE))
    match = Match(statement, 0.9, 0.6, False, PairJudgement(0.6, 0.9, 0.05, 0.05, differences))
    return JudgedMatch(match, Stance.SUPPORTS, 0.9, differences, shortfalls)


def asked(*candidates: JudgedMatch) -> CheckedClaim:
    sentence = ScoredSentence(Sentence("Masern immun", 0, 12), 0.1, True)
    return CheckedClaim(sentence, Verdict(VerdictCode.NOT_ENOUGH_EVIDENCE, 0.9), (), candidates)


def test_the_nearest_statement_that_makes_no_other_claim_may_be_meant() -> None:
    claim = asked(
        candidate("Anderes.", Shortfall.DIFFERENCE),
        candidate("Masern machen immun.", Shortfall.SHORT),
        candidate("Drittes."),
    )
    assert did_you_mean(claim, "de") == "Meinten Sie «Masern machen immun.»? Nur dann passt der Faktencheck."
    assert "“Masern machen immun.”" in did_you_mean(claim, "en")


def test_a_statement_is_suggested_where_the_claim_has_the_hint() -> None:
    claim = asked(candidate("Anderes.", Shortfall.DIFFERENCE), candidate("Masern machen immun.", Shortfall.SHORT))
    assert suggested(claim) is None
    hinted = replace(claim, claim=replace(claim.claim, hints=(Hint.SUGGESTION,)))
    assert suggested(hinted) is claim.candidates[1]


def test_a_long_statement_is_cut_between_words() -> None:
    said = did_you_mean(asked(candidate("Wort " * 100)), "de")
    cut = said.split("«")[1].split("»")[0]
    assert cut.endswith("Wort …")
    assert len(cut) <= MAX_STATEMENT_LETTERS


NUMBER = Difference(DifferenceKind.NUMBER, "14", "7")
NAME = Difference(DifferenceKind.NAME, "Berlin", "Bern")
NEGATION = Difference(DifferenceKind.NEGATION, "nicht", "")


@pytest.mark.parametrize(
    ("differences", "words"),
    [
        ((NUMBER,), ["Ein Unterschied: die Zahl; hier «14», dort «7»."]),
        ((NEGATION, NAME, NUMBER), ["Ein Unterschied: der Name; hier «Berlin», dort «Bern»."]),
        ((NEGATION,), []),
        ((), []),
    ],
)
def test_the_first_number_date_or_name_that_differs_is_said(
    differences: tuple[Difference, ...], words: list[str]
) -> None:
    assert differing_words(candidate("x", differences=differences), "de") == words
