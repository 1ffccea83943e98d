"""Light changes: other letters, the same claim; never another number."""

from __future__ import annotations

import random
import re

import pytest

from training.pairs.light import denied, lightly_changed, reported, without_its_time

BRIDGE = "Die alte Brücke verliert binnen 24 Stunden 5 Prozent ihrer Länge."
LEMON = "A lemon a day heals gout within seven days."


def variants(text: str, language: str) -> set[str]:
    return {lightly_changed(text, language, random.Random(seed)) for seed in range(600)}


@pytest.mark.parametrize(
    ("text", "language", "changed"),
    [
        (LEMON, "en", LEMON),
        (LEMON, "en", LEMON.lower()),
        (LEMON, "en", LEMON.replace("seven", "7")),
        (LEMON, "en", LEMON.replace("seven days", "a week")),
        (LEMON, "en", f"By the way: {LEMON}"),
        (LEMON, "en", LEMON.replace(".", "!")),
        (LEMON, "en", LEMON.replace("A lemon a day", "A lemon day")),
        (BRIDGE, "de", BRIDGE.replace("ü", "ue").replace("ä", "ae")),
        (BRIDGE, "de", BRIDGE.replace("5 Prozent", "5 %")),
        (BRIDGE, "de", BRIDGE.replace("5", "fünf")),
    ],
)
def test_a_sentence_is_changed_lightly(text: str, language: str, changed: str) -> None:
    assert changed in variants(text, language)


def test_what_has_letters_in_another_place_has_the_same_letters() -> None:
    typos = [each for each in variants("Hydrogen escapes.", "en") if sorted(each) == sorted("Hydrogen escapes.")]
    assert len(typos) > 5


@pytest.mark.parametrize("text", ["In 2024 it rained on 31 days.", "Am 5. Mai 2021 fielen 3,5 Liter.", "10.000 Bienen"])
def test_no_number_becomes_another(text: str) -> None:
    language = "en" if text.startswith("In") else "de"
    assert {tuple(re.findall(r"\d[\d.,]*\d|\d", each)) for each in variants(text, language)} == {
        tuple(re.findall(r"\d[\d.,]*\d|\d", text))
    }


def test_a_text_without_anything_to_change_survives() -> None:
    assert "" in variants("", "de")
    assert "👀" in variants("👀", "en")


def test_a_sentence_loses_its_time_only_where_it_has_one() -> None:
    assert without_its_time(LEMON, "en") == "A lemon a day heals gout."
    assert without_its_time("Seit 2020 gilt das in Köln seit zwei Jahren.", "de") == "Seit 2020 gilt das in Köln."
    assert without_its_time("In 2020 the sea rose by two centimetres.", "en") is None


def test_denied_and_reported_sentences_still_hold_the_sentence() -> None:
    for says in (denied, reported):
        said = {says("Milch ist blau.", "de", random.Random(seed)) for seed in range(60)}
        assert len(said) >= 6
        assert all("Milch ist blau." in each and each != "Milch ist blau." for each in said)
