"""Lines: which of them were only broken at a width."""

from __future__ import annotations

import pytest

from service.pipeline.wrapping import LAST_WORDS, LINE_END, ends_unfinished, lines_of, wrapped_lines

COLUMN = """Im Rathaus von Musterstadt wurde am Montag über den
Haushalt gesprochen. Die nächste Sitzung ist Ende
Dezember. Im Mai 2021 wurden in Musterstadt neun
Schulen wegen Schimmel geschlossen, sagte der
Sprecher am Abend."""


def test_in_a_column_a_full_line_goes_on_before_any_noun() -> None:
    assert [line for _, line in lines_of(COLUMN)] == [COLUMN]


def test_a_short_line_above_a_column_is_a_heading() -> None:
    text = f"Neues aus dem Rathaus\nSchulen geschlossen\n{COLUMN}"
    assert [line for _, line in lines_of(text)] == ["Neues aus dem Rathaus", "Schulen geschlossen", COLUMN]


@pytest.mark.parametrize(
    ("lines", "goes_on"),
    [
        (["Die Kinder der Grundschule machten am Mitt-", "woch einen Lauf."], True),
        (["Seit mehr als 50 Jahren", "werden Masken", "geprüft."], True),
        (["> Im Mai wurden in Musterstadt zwölf", "> Schulen geschlossen."], True),
        (["Ab der 4.", "Klasse lernt man das."], True),
        (["Hot lemon water", "has cured diabetes", "within 7 days.", "Best", "Anna"], True),
        (["Der Bus", "ist heute", "in Ulm", "ausgefallen."], True), (["> Hot lemon water", "> cures it."], True),
        (["Impfungen lösen bei vielen", "Kindern Autismus aus."], True), (["Strahlung von neuen", "Masten"], True),
        (["> In Ulm wurde gestern", "> Geld gefunden."], True), (["Gestern sind in Ulm alle", "Züge ausgefallen."], True),
        (["Ein Blick von oben", "Dächer in Ulm"], False), (["He has a degree in science", "Anna works here."], False),
        (["Was in Ulm heute wichtig wird", "Schulen geschlossen."], False), (["Das ist neu in Ulm", "Züge sind ausgefallen."], False),
        (["Alles über die Wahl in Ulm", "Grüne gewählt."], False), (["Zutaten", "mehl und zucker"], False), (["mehl", "zucker und salz."], False), (["Zutaten", "mehl", "Zucker."], False),
        (["Symptoms:", "sore throat."], False), (["Symptoms:", "sore throat"], False), (["sore throat", "fever"], False),
        (["A heading of some length without a stop", "First sentence of the text."], False),
        (["It ended here after a long while.", "iPhones were sold."], False),
        (["A line of some length and then", "", "a new paragraph"], False),
        (["Man braucht Mehl und", "- zwei Eier"], False), (["Das ist die", "2. Möglichkeit"], False),
        (["Masernimpfung löst Autismus aus", "Das behauptet ein Arzt."], False),
        (["Impfzwang kommt", "Bargeld wird abgeschafft"], False),
    ],
)  # fmt: skip
def test_whether_a_line_goes_on(lines: list[str], goes_on: bool) -> None:
    assert wrapped_lines(lines)[0] is goes_on


def test_words_are_cut_off_nowhere() -> None:
    assert not ends_unfinished("x" * LAST_WORDS + "der")
    assert not ends_unfinished("x" * (LAST_WORDS - 9) + "eder großen")
    assert ends_unfinished("x " * LAST_WORDS + "der großen")
    assert wrapped_lines([" " * LINE_END + "der" + " " * LINE_END, "Hund"]) == [False, False]


def test_lines_no_program_made_are_paragraphs() -> None:
    long = "Der Minister hat in Berlin über die neuen Regeln gesprochen und " * 4
    assert wrapped_lines([f"{long}mit der", f"{long}Schluss", "Neues aus Berlin"]) == [True, False, False]


def test_a_narrow_column_goes_on_before_a_noun_where_breaks_are_sure() -> None:
    lines = [
        "Der Rat hat gestern",
        "Abend beschlossen, das",
        "Bad zu schließen. Der",
        "Bürgermeister bedauert",
        "den Beschluss sehr.",
    ]
    assert wrapped_lines(lines) == [True, True, True, True, False]
    items = ["Mehl und Zucker", "Butter", "Eier"]
    assert wrapped_lines(items) == [False] * 3
