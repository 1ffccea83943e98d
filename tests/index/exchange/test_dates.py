"""Days as publishers write them."""

from __future__ import annotations

from datetime import date

import pytest

from index.exchange.dates import possible_days, read_day


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-03", "2024-5-3", "2024/05/03", "2024.05.03", "20240503", "2024-05-03T10:15:00+02:00", "2024-05-03 10:15",
        "3. Mai 2024", "03. Mai 2024", "3. mai 2024", "3.5.2024", "03.05.2024", "3. 5. 2024", "3.5.24", "3.5.2024 10:15",
        "03.05.2024, 10:15 Uhr", "3. Mai 2024 um 10:15 Uhr", "3. Mai 2024, 10.15 Uhr", "Freitag, 3. Mai 2024",
        "Fr., 03.05.2024", "am 3. Mai 2024",
        "Freitag, den 3. Mai 2024", "am Freitag, dem 3. Mai 2024, um 10:15 Uhr", "Fr., den 03.05.24", "Friday the 3rd of May 2024", "3.\u00a0Mai 2024", "May 3, 2024", "May 3rd, 2024", "3 May 2024",
        "3rd of May 2024", "Friday, May 3, 2024", "May 3, 2024 10:15 am", "Fri, 03 May 2024 10:15:00 GMT", " 3. Mai 2024 ",
        "3. Mai 24", "3. Mai ’24", "3. Mai 24, 10:15 Uhr", "3 May 24", "3.V.2024", "3. V. 2024", "Fr., 3.v.24", "1714723200",
        "1714723200000", "1714723200.5", "3.Mai 2024", "Stand: 3. Mai 2024", "Veröffentlicht am 03.05.2024", "vom 3. Mai 2024",
        "Erstmals veröffentlicht am Freitag, 3. Mai 2024", "Published: May 3, 2024", "First published on 3 May 2024",
    ],
)  # fmt: skip
def test_every_form_names_the_third_of_may(text: str) -> None:
    assert read_day(text) == date(2024, 5, 3)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1. Januar 2024", 1), ("1. Jänner 2024", 1), ("1. Jan. 2024", 1), ("1. Feber 2024", 2), ("1. März 2024", 3),
        ("1. Ma\u0308rz 2024", 3), ("1. Mrz. 2024", 3), ("1 March 2024", 3), ("1. Juni 2024", 6), ("1. Juli 2024", 7),
        ("Sept. 1, 2024", 9), ("1. Okt. 2024", 10), ("Oct 1, 2024", 10), ("1. Dez. 2024", 12), ("Dec 1, 2024", 12),
    ],
)  # fmt: skip
def test_months_in_both_languages_and_short(text: str, month: int) -> None:
    assert read_day(text) == date(2024, month, 1)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "Mai 2024", "2024", "5/3/2024", "03/05/2024", "03-05-2024 10:15", "3/5/24", "13/13/2024", "31/2/2024", "31. Juni 2024", "2024-13-01", "2024-02-30", "3. Ma 2024", "1. J 2024",
     "3. Mai 20240", "3.5.20241", "202405031", "3. Mai 240", "3.XIII.2024", "3.IIX.2024", "17147232000", "2714723200", "3. Irgendwann 2024", "3Mai 2024", "Aktualisiert am 3. Mai 2024", "bis zum 3. Mai 2024", "x" * 100_000, "9" * 100_000],
)  # fmt: skip
def test_what_names_no_certain_day_is_none(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25/12/2024", date(2024, 12, 25)), ("12/25/2024", date(2024, 12, 25)), ("25-12-2024", date(2024, 12, 25)),
        ("1/13/2024 5:00 PM", date(2024, 1, 13)), ("Fri, 13/09/2024", date(2024, 9, 13)), ("05/05/2024", date(2024, 5, 5)),
    ],
)  # fmt: skip
def test_a_slash_tells_the_day_where_only_one_reading_is_a_date(text: str, day: date) -> None:
    assert read_day(text) == day


def test_what_may_be_two_days_names_both_in_europe_s_reading_first() -> None:
    assert possible_days("03/05/2024") == (date(2024, 5, 3), date(2024, 3, 5))
    assert possible_days("3. Mai 2024") == ()
