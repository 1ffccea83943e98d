"""How far two sentences go: all against some of the same, a cause against what merely goes together."""

from __future__ import annotations

import pytest

from index.models import Difference, DifferenceKind
from index.pairs.reach import causation_differs, extent_differs

EXTENT, CAUSATION = DifferenceKind.EXTENT, DifferenceKind.CAUSATION


@pytest.mark.parametrize(
    ("claim", "statement", "words"),
    [
        ("Alle Impfstoffe enthalten Quecksilber.", "Einige Impfstoffe enthalten Quecksilber.", ("Alle", "Einige")),
        ("Manche der Impfstoffe wirken.", "Alle Impfstoffe wirken.", ("Manche", "Alle")),
        ("Every vaccine contains mercury.", "Some vaccines contain mercury.", ("Every", "Some")),
        ("Most of the doctors agree.", "All doctors agree.", ("Most", "All")),
        ("Fast alle Ärzte warnen.", "Alle Ärzte warnen.", ("Fast alle", "Alle")),
        ("Nicht alle Ärzte warnen.", "Alle Ärzte warnen.", ("Nicht alle", "Alle")),
        ("Das hilft immer.", "Das hilft manchmal.", ("immer", "manchmal")),
        ("It always works.", "It often works.", ("always", "often")),
    ],
)
def test_all_against_some_of_the_same(claim: str, statement: str, words: tuple[str, str]) -> None:
    assert extent_differs(claim, statement) == Difference(EXTENT, *words)
    assert extent_differs(statement, claim) == Difference(EXTENT, *reversed(words))


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("Alle Impfstoffe wirken.", "Alle Impfstoffe wirken."),
        ("Alle Impfstoffe wirken.", "Impfstoffe wirken."),
        ("Alle Impfstoffe wirken.", "Einige Ärzte warnen."),
        ("All vaccines work, and some vaccines hurt.", "Some vaccines hurt."),
        ("Vor allem Kinder sind betroffen.", "Einige Kinder sind betroffen."),
        ("It is not known at all.", "Some of it is known."),
        ("Es wird immer wärmer.", "Es wird manchmal wärmer."),
        ("Every other child is ill.", "Some children are ill."),
        ("Some 40 people died.", "All people died."),
        ("At the most people laughed.", "All people laughed."),
        ("", "Alle Impfstoffe wirken."),
    ],
)
def test_the_same_extent_another_thing_and_idioms_are_no_difference(claim: str, statement: str) -> None:
    assert extent_differs(claim, statement) is None
    assert extent_differs(statement, claim) is None


@pytest.mark.parametrize(
    ("cause", "correlation", "words"),
    [
        ("Das Handy verursacht Krebs.", "Handys korrelieren mit Krebs.", ("verursacht", "korrelieren")),
        ("Er ist durch die Impfung gestorben, Tote durch die Impfung.", "Gestorben nach der Impfung.", ("Tote durch", "Gestorben nach")),
        ("Vaccines cause autism.", "Vaccines are linked to autism.", ("cause", "linked to")),
        ("Stress leads to ulcers.", "There is a link between stress and ulcers.", ("leads to", "link between")),
        ("She died from the vaccine.", "She died shortly after the vaccine.", ("died from", "died shortly after")),
        ("Stress führt bei vielen zu Geschwüren.", "Stress geht mit Geschwüren einher.", ("führt bei vielen zu", "geht mit Geschwüren einher")),
    ],
)  # fmt: skip
def test_a_cause_against_what_goes_together(cause: str, correlation: str, words: tuple[str, str]) -> None:
    assert causation_differs(cause, correlation) == Difference(CAUSATION, *words)
    assert causation_differs(correlation, cause) == Difference(CAUSATION, *reversed(words))


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("Vaccines cause autism.", "Vaccines trigger autism."),
        ("Vaccines cause autism.", "Vaccines contain mercury."),
        ("Vaccines cause autism.", "Vaccines are not linked to autism."),
        ("Impfungen verursachen Autismus.", "Es gibt keinen Zusammenhang zwischen Impfung und Autismus."),
        ("It is linked to cancer and causes ulcers.", "It causes cancer."),
        ("Die Straße führt nach Bonn.", "Bonn und die Straße hängen zusammen."),
        ("", ""),
    ],
)
def test_the_same_tie_none_or_a_denied_one_is_no_difference(claim: str, statement: str) -> None:
    assert causation_differs(claim, statement) is None
    assert causation_differs(statement, claim) is None
