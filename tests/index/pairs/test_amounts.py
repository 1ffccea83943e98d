"""Amounts that differ beyond doubt: bounds, rounding, what is counted, several of a kind. More in tests/quality."""

from __future__ import annotations

import pytest

from index.pairs.amounts import amounts_differ


@pytest.mark.parametrize(
    ("claim", "statement", "differ"),
    [
        ("Weniger als ein Viertel zahlt Steuern.", "20 Prozent zahlen Steuern.", False),
        ("Weniger als ein Viertel zahlt Steuern.", "40 Prozent zahlen Steuern.", True),
        ("At least 40 percent pay taxes.", "More than a third pay taxes.", False),
        ("At least 40 percent pay taxes.", "20 percent or less pay taxes.", True),
        ("Bis zu 500 Menschen kamen.", "Mehr als 800 Menschen kamen.", True),
        ("Rund 1.000 Menschen kamen.", "1.083 Menschen kamen.", False),
        ("Es kamen 1.234 Menschen.", "Es kamen 1.200 Menschen.", False),  # rounded
        ("75 Prozent oder mehr zahlen.", "90 Prozent zahlen.", False),
        ("Drei Kinder kamen mit 2 Hunden.", "Drei Hunde kamen mit 2 Kindern.", False),  # told as no difference either
        ("Im Jahr 2020 zahlten 300 Bürger.", "Im Jahr 2021 zahlten 300 Bürger.", False),  # a date, no amount
        ("60 Prozent der Männer und 40 Prozent der Frauen zahlen.", "60 Prozent der Männer zahlen.", False),
        ("60 Prozent der Männer und 40 Prozent der Frauen zahlen.", "40 Prozent der Männer und 60 Prozent der Frauen zahlen.",
         False),
        ("Die Stadt zahlt 300 Euro.", "Die Stadt zahlt 300 Bürger aus.", False),
        ("Die Stadt zahlt.", "Die Stadt zahlt 300 Euro.", False),
    ],
)  # fmt: skip
def test_amounts_differ_where_none_goes_with_another(claim: str, statement: str, differ: bool) -> None:
    assert amounts_differ(claim, statement) is differ
    assert amounts_differ(statement, claim) is differ
