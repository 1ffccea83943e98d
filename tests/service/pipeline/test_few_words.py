"""When a few words are surely the statement itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.models import Match, PairJudgement, Rating, Statement
from service.pipeline.few_words import is_surely, leaves_out, share_of_words
from service.thresholds import SHORT


def rated(statement: str, confidence: float) -> Match:
    found = Statement(statement, "https://a.example/1", Rating("Falsch"), key=1)
    return Match(found, 0.9, confidence, True, PairJudgement(confidence, 0.7, 0.1, 0.2))


@pytest.mark.parametrize(
    ("text", "statement", "confidence", "surely"),
    [
        ("Die Erde ist flach.", "Die Erde ist flach.", 0.99, True),
        ("Die Erde ist flach.", "Die Erde ist flach.", 0.94, False),
        ("Masernimpfung löst Autismus aus", "Die Masernimpfung löst bei Kindern Autismus aus.", 0.99, True),
        ("5G causes covid", "5G causes COVID-19.", 0.99, True),
        ("Schulen wegen Schimmel geschlossen.", "Im Mai 2021 wurden in Ulm zwölf Schulen wegen Schimmel geschlossen.", 0.99, False),
        ("Grillen im Garten verbieten.", "Die Grünen wollen das Grillen im Garten ab 2025 verbieten.", 0.99, False),
        ("Lehnen die Steuerreform ab.", "Drei Viertel der Deutschen lehnen die Steuerreform ab.", 0.99, False),
        ("Bargeld wird verboten", "In Schweden wird Bargeld verboten", 0.99, False),
        ("Die Welt ist eine Scheibe", "Die Erde ist eine Scheibe, und die NASA verheimlicht das.", 0.99, False),
        ("Impfung tötet.", "Die Grippeimpfung tötet jedes Jahr viele alte Menschen.", 0.99, False),
    ],
)  # fmt: skip
def test_a_few_words_are_surely_a_statement_where_nothing_of_it_is_missing(
    text: str, statement: str, confidence: float, surely: bool
) -> None:
    assert is_surely(text, rated(statement, confidence)) is surely


def test_the_share_is_that_of_the_longer_side_by_the_first_letters() -> None:
    assert share_of_words("Impfungen töten", "Die Impfung tötet Kinder massenhaft", SHORT) == 0.5
    assert share_of_words("", "", SHORT) == 0.0
    assert share_of_words("Impfungen töten", "Impfung tötet", SHORT) == 1.0
    assert share_of_words("Impfungen töten", "Impfung tötet", replace(SHORT, stem=5)) == 0.5


def test_what_a_statement_names_and_few_words_do_not_is_left_out() -> None:
    assert leaves_out("Bargeld wird verboten", "In Schweden wird Bargeld verboten")
    assert not leaves_out("In Schweden wird Bargeld verboten", "Bargeld wird verboten")
