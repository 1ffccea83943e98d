"""Differences between two sentences: known answers, German and English."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.models import DifferenceKind
from index.pairs.dates import find_dates
from index.pairs.differences import find_differences
from index.pairs.quantities import find_quantities, parse_digits

NUMBER, DATE, NAME = DifferenceKind.NUMBER, DifferenceKind.DATE, DifferenceKind.NAME
NEGATION, ATTRIBUTION = DifferenceKind.NEGATION, DifferenceKind.ATTRIBUTION
EXTENT, CAUSATION = DifferenceKind.EXTENT, DifferenceKind.CAUSATION


def kinds(claim: str, statement: str) -> set[DifferenceKind]:
    return {difference.kind for difference in find_differences(claim, statement)}


@pytest.mark.parametrize(
    ("digits", "value"),
    [("1.000", 1000), ("1,000", 1000), ("1'000", 1000), ("2.000.000", 2e6), ("1,5", 1.5), ("1.5", 1.5), ("12", 12)],
)
def test_digits_in_german_english_and_swiss_spelling(digits: str, value: float) -> None:
    assert parse_digits(digits) == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("zwei Millionen Menschen", [2e6]),
        ("2,000,000 people", [2e6]),
        ("3 Milliarden Euro", [3e9]),
        ("two billion dollars", [2e9]),
        ("12 Prozent", [12]),
        ("im Jahr 2021", []),
        ("am 3. Mai 2021", []),
        ("drei Viertel der Deutschen", [75]),
        ("three quarters of voters", [75]),
        ("ein Viertel der Kinder", [25]),
        ("im Viertel am Bahnhof", []),
        ("the third wave", []),
        ("the Third Reich", []),
        ("two-thirds of voters", [200 / 3]),
        ("die Hälfte der Kinder", [50]),
        ("half of the children", [50]),
        ("drei von vier Ärzten", [75]),
        ("9 out of 10 doctors", [90]),
        ("one in three women", [100 / 3]),
        ("jeder Dritte", [100 / 3]),
        ("every second child", [50]),
        ("12 von 10 Kindern", [12, 10]),
        ("eine Billion Euro", [1e12]),
        ("1,5 Billionen Euro", [1.5e12]),
        ("one billion dollars", [1e9]),
        ("Das kostet den Staat 2 Billion Euro", [2e12]),
        ("eine Milliarde Menschen", [1e9]),
        ("eine halbe Million Menschen", [5e5]),
        ("half a million people", [5e5]),
        ("a dozen eggs", [12]),
        ("ein Mann und eine Frau", []),
        ("2 trillion dollars", [2e12]),
    ],
)
def test_numbers_in_digits_and_words(text: str, values: list[float]) -> None:
    assert [quantity.value for quantity in find_quantities(text)] == values


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("am 3. Mai 2021", (2021, 5, 3)),
        ("on May 3, 2021", (2021, 5, 3)),
        ("2021-05-03", (2021, 5, 3)),
        ("03.05.2021", (2021, 5, 3)),
        ("im Jahr 2021", (2021, None, None)),
        ("im Mai 2021", (2021, 5, None)),
        ("Oktober 2021", (2021, 10, None)),
        ("in May 2021", (2021, 5, None)),
        ("seit März", (None, 3, None)),
        ("in October", (None, 10, None)),
        ("Ende Jänner", (None, 1, None)),
    ],
)
def test_dates_in_any_spelling(text: str, date: tuple[int | None, ...]) -> None:
    assert [(day.year, day.month, day.day) for day in find_dates(text)] == [date]


@pytest.mark.parametrize(
    ("claim", "statement", "expected"),
    [
        ("Die Preise stiegen um 10 %.", "Die Preise stiegen um 12 Prozent.", {NUMBER}),
        ("Prices rose by 10 percent.", "Die Preise stiegen um 10 %.", set()),
        ("Es kamen zwei Millionen Menschen.", "2,000,000 people came.", set()),
        ("Es kamen 1.987.000 Menschen.", "Es kamen zwei Millionen Menschen.", set()),
        ("Es kamen drei Millionen Menschen.", "Es kamen zwei Millionen Menschen.", {NUMBER}),
        ("Die Stadt hat 1.000 Bäume gefällt.", "The city felled 1,000 trees.", set()),
        ("Das Gesetz gilt seit dem 3. Mai 2021.", "The law has applied since May 3, 2021.", set()),
        ("Das Gesetz gilt seit 2021.", "Das Gesetz gilt seit dem 3. Mai 2021.", set()),
        ("Das Gesetz gilt seit 2019.", "Das Gesetz gilt seit 2021.", {DATE}),
        ("Im Mai 2021 brannte das Werk.", "Im Oktober 2021 brannte das Werk.", {DATE}),
        ("In May 2021 the plant burned.", "In October 2021 the plant burned.", {DATE}),
        ("Im Mai brannte das Werk.", "Im Oktober 2021 brannte das Werk.", {DATE}),
        ("Im Mai 2021 brannte das Werk.", "Am 3. Mai brannte das Werk.", set()),
        ("They may march in London.", "They marched in London in October.", set()),
        ("Drei Viertel der Deutschen lehnen das ab.", "75 Prozent der Deutschen lehnen das ab.", set()),
        ("Zwei Drittel der Deutschen lehnen das ab.", "67 Prozent der Deutschen lehnen das ab.", set()),
        ("Zwei Drittel der Deutschen lehnen das ab.", "66 % der Deutschen lehnen das ab.", set()),
        ("Zwei Drittel der Deutschen lehnen das ab.", "Drei Viertel der Deutschen lehnen das ab.", {NUMBER}),
        ("Jeder Dritte lehnt das ab.", "One in three people reject it.", set()),
        ("Das kostet eine Billion Euro.", "Das kostet eine Milliarde Euro.", {NUMBER}),
        ("Das kostet eine Milliarde Euro.", "It costs one billion euros.", set()),
        ("Das kostet eine Billion Euro.", "It costs one billion euros.", {NUMBER}),
        ("Das kostet eine Billion Euro.", "It costs one trillion euros.", set()),
        ("In Frankreich ist Bargeld verboten.", "In Schweden ist Bargeld verboten.", {NAME}),
        ("In Sweden cash is banned.", "In Schweden ist Bargeld verboten.", set()),
        ("The city of Toronto has banned all bells.", "The city of Springfield has banned all bells.", {NAME}),
        ("The city of Springfield has banned all bells.", "In Springfield they have banned all bells.", set()),
        ("Die Stadt Ulm zahlt in Raten an die Bank.", "Die Stadt Ulm zahlt in Eile an die Bank.", set()),
        ("Bargeld ist verboten.", "In Schweden ist Bargeld verboten.", set()),
        ("Die Impfung schützt nicht.", "Die Impfung schützt.", {NEGATION}),
        ("The vaccine doesn't protect.", "The vaccine protects.", {NEGATION}),
        ("Es ist falsch, dass die Impfung nicht schützt.", "Die Impfung schützt.", set()),
        ("Die Impfung schützt nicht und ist nicht sicher.", "Die Impfung schützt nicht.", set()),
        ("Nein, die Impfung schützt nicht.", "Die Impfung schützt nicht.", set()),
        ("The vaccine is not safe and does not protect.", "The vaccine doesn't protect.", set()),
        ("Es stimmt, dass die Impfung schützt.", "Die Impfung schützt.", set()),
        ("Nicht nur Kinder werden geimpft.", "Kinder werden geimpft.", set()),
        ("Die Familie geriet in Not und bekam Hilfe.", "Die Familie bekam Hilfe.", set()),
        ("Laut dem Blog heilt Saft Krebs.", "Saft heilt Krebs.", {ATTRIBUTION}),
        ("The blog claims that juice cures cancer.", "Juice cures cancer.", {ATTRIBUTION}),
        ("Saft heilt Krebs.", "Laut dem Blog heilt Saft Krebs.", set()),
        ("Alle Geimpften müssen zum Arzt.", "Einige Geimpfte müssen zum Arzt.", {EXTENT}),
        ("Manche der Flüchtlinge bekommen ein Auto.", "Alle Flüchtlinge bekommen ein Auto.", {EXTENT}),
        ("Fast alle Bäume im Park sind krank.", "Alle Bäume im Park sind krank.", {EXTENT}),
        ("Nicht alle Bäume im Park sind krank.", "Alle Bäume im Park sind krank.", {EXTENT, NEGATION}),
        ("Das Gerät ist immer ungenau.", "Das Gerät ist manchmal ungenau.", {EXTENT}),
        ("All of the vaccines contain metal.", "Some vaccines contain metal.", {EXTENT}),
        ("Many schools ban phones.", "Every school bans phones.", {EXTENT}),
        ("Every school bans phones.", "All schools ban phones.", set()),
        ("Schools ban phones.", "All schools ban phones.", set()),
        ("The most expensive schools ban phones.", "All schools ban phones.", set()),
        ("Vor allem Kinder erkranken.", "Einige Kinder erkranken.", set()),
        ("Alle Ärzte warnen, und viele Kinder erkranken.", "Viele Kinder erkranken.", set()),
        ("Some 200 people came to all concerts.", "All people came.", set()),
        ("Handystrahlung verursacht Krebs.", "Handystrahlung hängt mit Krebs zusammen.", {CAUSATION}),
        (
            "Mobilfunk wird mit Schlafstörungen in Verbindung gebracht.",
            "Mobilfunk löst Schlafstörungen aus.",
            {CAUSATION},
        ),
        ("Der Mann starb durch die Impfung.", "Der Mann starb kurz nach der Impfung.", {CAUSATION}),
        ("Phone radiation causes cancer.", "Phone radiation is linked to cancer.", {CAUSATION}),
        ("The diet is associated with dementia.", "Die Diät führt zu Demenz.", {CAUSATION}),
        ("She died from the vaccine.", "She died shortly after the vaccine.", {CAUSATION}),
        ("Phone radiation causes cancer.", "Phone radiation leads to cancer.", set()),
        ("Phone radiation causes cancer.", "There is no link between phones and cancer.", {NEGATION}),
        ("In diesem Zusammenhang steigen die Preise.", "Das Gesetz führt zu höheren Preisen.", set()),
        ("Die Mieten haben sich verdreifacht.", "Die Mieten haben sich verdoppelt.", {NUMBER}),
        ("Hundreds protested in Berlin.", "Tens of thousands protested in Berlin.", {NUMBER}),
        ("Ein zwölfjähriges Mädchen verschwand.", "Ein sechzehnjähriges Mädchen verschwand.", {NUMBER}),
        ("Der Bürgermeister, der nie beliebt war, tritt nicht zurück.", "Der Bürgermeister tritt zurück.", {NEGATION}),
        ("The suitcase stood at the baggage claim.", "The suitcase stood there.", set()),
        ("Die Kinder durften laut rufen.", "Die Kinder durften rufen.", set()),
        ("Der Verein behauptet sich an der Spitze.", "Der Verein steht an der Spitze.", set()),
        ("She reads the annual reports.", "She reads the reports.", set()),
        ("Laut Bericht schließt die Stadt Bäder.", "Die Stadt schließt Bäder.", {ATTRIBUTION}),
        ("The mayor claims that the bath closes.", "The bath closes.", {ATTRIBUTION}),
        ("Der Hund schläft.", "Die Katze frisst.", set()),
        ("", "", set()),
    ],
)
def test_a_pair(claim: str, statement: str, expected: set[DifferenceKind]) -> None:
    assert kinds(claim, statement) == expected


def test_a_denial_in_a_side_remark_denies_the_remark_alone() -> None:
    post = "Ich kann es nicht fassen! Die Stadt Ulm schafft alle Spielplätze ab. Das geht gar nicht. Bitte teilen."
    assert kinds(post, "Die Stadt Ulm schafft alle Spielplätze ab.") == set()


def test_a_denial_right_before_or_after_denies_the_claim() -> None:
    text = "Wieder ein Gerücht aus Ulm, das viele teilen. Die Stadt Ulm schafft alle Spielplätze ab: Das ist falsch."
    assert NEGATION in kinds(
        f"Hallo zusammen, gute Nachrichten. {text[46:]}", "Die Stadt Ulm schafft alle Spielplätze ab."
    )


def test_a_difference_names_the_words_on_both_sides() -> None:
    (difference,) = find_differences("Die Preise stiegen um 10 %.", "Die Preise stiegen um 12 Prozent.")
    assert (difference.claim, difference.statement) == ("10 %", "12 Prozent")


def test_between_lists_of_numbers_nothing_is_sure() -> None:
    many = " ".join(f"{n} Euro," for n in range(100, 151))
    assert kinds_of(f"Es sind {many}", "Es sind 7 Euro") == {DifferenceKind.NUMBER}
    assert kinds_of(f"Es sind {many}", f"Es sind {many.replace('1', '3')}") == set()


def test_only_the_beginning_of_a_long_text_is_compared() -> None:
    filler = "x " * 1000
    assert kinds_of(f"Es sind 5 Euro {filler}", "Es sind 7 Euro") == {DifferenceKind.NUMBER}
    assert kinds_of(f"{filler} Es sind 5 Euro", "Es sind 7 Euro") == set()


def kinds_of(claim: str, statement: str) -> set[DifferenceKind]:
    return {difference.kind for difference in find_differences(claim, statement)}


def test_of_several_differences_the_first_in_the_claim_is_named_whatever_the_hash_seed() -> None:
    program = (
        "from index.pairs.differences import find_differences;"
        "print(find_differences('In Berlin and Italy, near Oslo and from Kiel, the EU met.',"
        " 'In Hamburg and Spain, near Rome and from Bonn, the UN met.'))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2", "3", "4")
    }  # fmt: skip
    assert len(said) == 1
    assert "Berlin" in said.pop()


GOLDEN = Path(__file__).parents[2] / "golden"
COMPARE = """
import json, sys
from index.pairs.differences import find_differences
pages, statements = ([json.loads(line) for line in open(path, encoding="utf-8")] for path in sys.argv[1:])
for page in pages:
    for text in (page["title"], *page["paragraphs"]):
        for statement in statements:
            print(*find_differences(text, statement["claimReviewed"]))
"""


def test_the_golden_pages_differ_from_the_golden_statements_in_the_same_way_whatever_the_hash_seed() -> None:
    files = [str(GOLDEN / name) for name in ("pages.jsonl", "statements.jsonl")]
    said = [
        subprocess.run(
            [sys.executable, "-c", COMPARE, *files],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert said[0] == said[1]
    assert all(kind.name in said[0] for kind in (DifferenceKind.NUMBER, DifferenceKind.NAME, DifferenceKind.NEGATION))
