"""Which numbers agree, and what kind of unit they have. (How they are read out of sentences: test_differences.py.)"""

from __future__ import annotations

import pytest

from index.pairs.quantities import Quantity, find_quantities, is_german, parse_digits, round_to


def only(text: str) -> Quantity:
    (found,) = find_quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("Es kostet 5 Euro.", 5, "money"),
        ("It costs $ 5 million dollars", 5e6, "money"),
        ("CHF: 20 Franken", 20, "money"),
        ("12 Prozent", 12, "%"),
        ("12%", 12, "%"),
        ("12 per cent", 12, "%"),
        ("40 Grad", 40, ""),
        ("1’000 Leute", 1000, ""),
        ("1 234,5 Tonnen", 1234.5, ""),
        ("It cost $500,000.", 5e5, "money"),
        ("Ein zwölfjähriges Mädchen", 12, ""),
        ("eine vierköpfige Familie", 4, ""),
        ("Die Mieten haben sich verdoppelt.", 2, "times"),
        ("Rents have tripled.", 3, "times"),
        ("Das ist dreimal so teuer.", 3, "times"),
        ("half as likely to die", 0.5, "times"),
        ("Zehntausende kamen.", 1e4, "order"),
        ("Hundreds came.", 100, "order"),
        ("zwei Millionen kamen", 2e6, ""),
        ("£3 million", 3e6, "money"),
        ("a carpet for €1.2m", 1.2e6, "money"),
        ("the 100m of the finale", 100, ""),
        ("1,5 Mio. Euro", 1.5e6, "money"),
        ("anderthalb Millionen Euro", 1.5e6, "money"),
        ("one and a half billion dollars", 1.5e9, "money"),
        ("zweieinhalb Jahre", 2.5, ""),
        ("fünfundzwanzig Tote", 25, ""),
        ("Seventy-five people", 75, ""),
        ("achtzehn Jahre", 18, ""),
        ("Walmart pledged $100M.", 1e8, "money"),
        ("It cost 20k euros.", 2e4, "money"),
        ("$1.5B", 1.5e9, "money"),
        ("a 100m race", 100, ""),
        ("Five hundred caravans", 500, ""),
        ("two hundred thousand people", 2e5, ""),
    ],
)
def test_a_number_has_the_kind_of_its_unit(text: str, value: float, unit: str) -> None:
    found = only(text)
    assert (found.value, found.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("1.234 Leute", "1.200 Leute", True),
        ("1.234 Leute", "1.300 Leute", False),
        ("96 Leute", "100 Leute", True),
        ("8 Leute", "9 Leute", False),
        ("150 Leute", "200 Leute", False),
        ("12 Prozent", "12 Euro", False),
        ("12 Prozent", "12 Leute", True),
        ("zwei Drittel", "67 Prozent", True),
        ("zwei Drittel", "60 Prozent", False),
        ("0 Leute", "0 Leute", True),
    ],
)
def test_numbers_agree_where_one_is_the_other_rounded(one: str, other: str, agree: bool) -> None:
    assert only(one).agrees(only(other)) is only(other).agrees(only(one)) is agree


@pytest.mark.parametrize(
    ("text", "value"), [("2 Billion Euro für die Schulen", 2e12), ("2 billion dollars for the schools", 2e9)]
)
def test_a_billion_is_what_its_language_makes_of_it(text: str, value: float) -> None:
    assert is_german(text) is (value == 2e12)
    assert only(text).value == value


@pytest.mark.parametrize(
    ("digits", "value"),
    [("1.234.567,89", 1234567.89), ("1,234,567.89", 1234567.89), ("0,5", 0.5), ("1.2.3", None), ("12,34,56", None)],
)
def test_digits_that_are_no_number_are_none(digits: str, value: float | None) -> None:
    assert parse_digits(digits) == value


def test_rounding_keeps_so_many_digits() -> None:
    assert [round_to(1234.0, digits) for digits in (1, 2, 3)] == [1000.0, 1200.0, 1230.0]


@pytest.mark.parametrize("text", ["im Jahr 2021", "um 12:30 Uhr", "am 3. Mai", "Artikel 5/2", "die 3. Welle"])
def test_years_times_and_ordinals_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == []
