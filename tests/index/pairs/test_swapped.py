"""Sides of a comparison that changed places, and orders of words that change nothing."""

from __future__ import annotations

import pytest

from index.pairs.swapped import sides_swapped


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("Germany imports more electricity than it exports.", "Germany exports more electricity than it imports."),
        (
            "Deutschland importiert mehr Strom, als es exportiert.",
            "Deutschland exportiert mehr Strom, als es importiert.",
        ),
        ("Bayern gewann gegen den Verein.", "Der Verein gewann gegen Bayern."),
        ("Brazil beats Chile.", "Chile beats Brazil."),
        ("Busse sind teurer als Bahnen.", "Bahnen sind teurer als Busse."),
    ],
)
def test_what_changed_places_makes_another_claim(claim: str, statement: str) -> None:
    assert sides_swapped(claim, statement)
    assert sides_swapped(statement, claim)


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("Gegen Bayern gewann der Verein.", "Der Verein gewann gegen Bayern."),
        ("Germany exports more electricity than it imports.", "Germany exports more electricity than it imports."),
        ("Germany exports more power than it imports.", "Germany exports more electricity than France."),
        ("Busse sind teurer als Bahnen.", "Bahnen sind billiger als Busse, teurer als Räder."),
        ("Die Elbe ist kürzer als der Rhein.", "Der Rhein ist länger als die Elbe."),
        ("Coffee is healthy.", "Tea is healthier than coffee."),
        ("", "than"),
    ],
)
def test_another_order_or_another_comparison_swaps_nothing(claim: str, statement: str) -> None:
    assert not sides_swapped(claim, statement)
