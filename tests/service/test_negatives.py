"""The negative list: what is nearly the same text, and what is another claim."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.models import Match, NormalizedRating, PairJudgement, Rating, Stance, Statement
from service.findings import Finding, Mode, SentenceFindings
from service.negatives import Negative, NegativeList

TEXT = "The mayor of Ulm says that the new bridge costs 12 million euros and opens in May."
LIST = NegativeList([Negative("n1", TEXT, "s1", "ann", datetime(2026, 1, 1, tzinfo=UTC))])


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.upper().replace(".", "!"),
        f"  {TEXT.replace(' ', '  ')}",
        TEXT.replace("new ", ""),
        TEXT.replace("new bridge", "new stone bridge"),
        TEXT.replace("costs", "cost"),
    ],
)
def test_nearly_the_same_text_is_ruled_out(text: str) -> None:
    assert LIST.rules_out(text, "s1")


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("12", "90"),
        TEXT.replace("Ulm", "Bonn"),
        TEXT.replace("opens", "never opens"),
        "The new bridge costs 12 million euros.",
        "Hot lemon water cures diabetes within seven days.",
        "",
    ],
)
def test_another_claim_is_not(text: str) -> None:
    assert not LIST.rules_out(text, "s1")


def test_it_is_ruled_out_for_that_statement_alone() -> None:
    assert not LIST.rules_out(TEXT, "s2")


def test_its_digest_names_what_is_on_it_in_any_order() -> None:
    one, two = (Negative(id, TEXT, "s1", "ann", datetime(2026, 1, 1, tzinfo=UTC)) for id in ("n1", "n2"))
    assert NegativeList([one, two]).digest == NegativeList([two, one]).digest != NegativeList([one]).digest
    assert NegativeList().digest is None


def finding(statement: str) -> Finding:
    return Finding(1, statement, NormalizedRating.FALSE, "x", 0.9, 0.9, Stance.SUPPORTS, 0.9, Mode.ASSERTED)


def test_of_findings_only_those_for_the_sentence_and_statement_are_left_out() -> None:
    page = f"Good morning. {TEXT}"
    both = (finding("s1"), finding("s2"))
    found = [
        SentenceFindings(start, end, 0.9, True, Mode.ASSERTED, 9, False, True, both)
        for start, end in ((0, 13), (14, len(page)))
    ]
    left = LIST.without(found, page)
    assert [[each.statement_id for each in sentence.findings] for sentence in left] == [["s1", "s2"], ["s2"]]
    assert NegativeList().without(found, page) == tuple(found)


def test_matches_that_are_ruled_out_come_last_and_match_no_more() -> None:
    judged = PairJudgement(0.9, 0.1, 0.0, 0.0)
    found = [
        Match(Statement("x", "https://a.example/", Rating("x"), id=id), 0.9, 0.9, True, judged) for id in ("s1", "s2")
    ]
    assert [(each.statement.id, each.confidence, each.is_match) for each in LIST.unmatched(TEXT, found)] == [
        ("s2", 0.9, True), ("s1", 0.0, False),
    ]  # fmt: skip
    assert LIST.unmatched("Something else.", found) == found
