"""Opposites without a negation: what stays valid, what is as frequent as before, what pays for itself."""

from __future__ import annotations

import pytest

from index.pairs.opposites import says_the_opposite
from index.pairs.plain import plain_pair, settle_stance

CROSS = "Ragt das Kreuz auf dem Stimmzettel über den Kreis hinaus, ist die Stimme ungültig."
CROSS_EN = "If the cross on the ballot paper goes over the edge of the circle, the vote is invalid."
WIND = "Ein Windrad erzeugt in seiner ganzen Lebenszeit weniger Energie, als für seinen Bau nötig war."
AUTISM = "Impfungen, vor allem die gegen Masern, lösen bei Kindern Autismus aus."
BAN = "The government has banned barbecues in private gardens."
TOXIN = "Fluoride in toothpaste is toxic."


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("Auch wenn das Kreuz etwas über den Kreis hinausgeht, bleibt der Stimmzettel gültig.", CROSS),
        ("Dein Stimmzettel zählt trotzdem, wenn du mit dem Kreuz ein Stück über den Rand gerätst.", CROSS),
        ("A ballot still counts if your cross strays slightly outside the circle.", CROSS_EN),
        ("Windräder holen die Energie für ihren Bau in weniger als einem Jahr wieder rein.", WIND),
        ("Nach der Masernimpfung ist Autismus genauso häufig wie ohne Impfung.", AUTISM),
        ("Autism is just as frequent among vaccinated children as among everyone else.", "Vaccines cause autism."),
        ("Grilling in your own garden stays legal.", BAN),
        ("Coffee raises the risk of diabetes.", "Coffee lowers the risk of diabetes."),
        ("Kaffee erhöht das Risiko für Diabetes.", "Kaffee senkt das Risiko für Diabetes."),
        ("The earth is round.", "The earth is flat."),
        ("Fluoride in toothpaste is safe in the usual amount.", TOXIN),
    ],
)
def test_what_says_the_opposite_in_words_of_its_own_supports_nothing(text: str, statement: str) -> None:
    assert says_the_opposite(text, statement)
    assert settle_stance(plain_pair(text, statement), 0.9, 0.05) == (0.0, 0.05)


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("Wer mit dem Kreuz über den Rand malt, macht den Zettel ungültig!", CROSS),
        ("Your vote counts? Not if the cross goes over the circle, then it is invalid.", CROSS_EN),
        ("Windräder erzeugen in ihrem ganzen Leben weniger Energie, als ihr Bau gekostet hat!", WIND),
        ("Früher war Grillen erlaubt, jetzt ist es im eigenen Garten verboten.", "Grillen im Garten wird verboten."),
        ("A vote with a cross over the edge is not valid.", CROSS_EN),
        ("Corona ist genauso gefährlich wie andere Grippen.", "Corona ist so gefährlich wie eine Grippe."),
        ("Impfungen lösen Autismus aus.", AUTISM),
        (
            "Prices in the country rose by less than three per cent.",
            "Argentina's monthly inflation fell below 3 percent.",
        ),
    ],
)
def test_what_says_the_same_or_is_unsure_is_no_opposite(text: str, statement: str) -> None:
    assert not says_the_opposite(text, statement)


def test_what_refutes_already_stays_as_it_is() -> None:
    pair = plain_pair("A ballot still counts if your cross strays outside the circle.", CROSS_EN)
    assert settle_stance(pair, 0.1, 0.8) == (0.1, 0.8)
