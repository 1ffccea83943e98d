"""Names that sentences can confuse: known answers in German and English, one name however it is spelled."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from index.pairs.names import find_names

GROUPS = json.loads(files("index.pairs").joinpath("names.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Österreich liefert kein Gas mehr.", {"country": {"Austria": "Österreich"}}),
        ("Austrian pipelines are empty.", {"country": {"Austria": "Austrian"}}),
        ("DEUTSCHLAND UND FRANKREICH", {"country": {"Germany": "DEUTSCHLAND", "France": "FRANKREICH"}}),
        ("Nothing to see here.", {}),
        ("", {}),
    ],
)
def test_a_name_is_found_by_its_group_in_both_languages(text: str, found: dict[str, dict[str, str]]) -> None:
    assert find_names(text) == found


def test_of_one_name_in_several_spellings_the_first_words_are_kept() -> None:
    assert find_names("The Germans say that Deutschland and Germany agree.") == {"country": {"Germany": "Germans"}}


def test_a_part_of_a_longer_word_is_no_name() -> None:
    assert find_names("Deutschlandfunk, Polenta und Swissair") == {}


def test_a_name_ends_where_its_word_ends() -> None:
    assert find_names("Polen.") == find_names("„Polen“") == {"country": {"Poland": "Polen"}}


@pytest.mark.parametrize(("group", "aliases"), [(group, names) for group, each in GROUPS.items() for names in each])
def test_each_spelling_in_the_table_is_found_as_its_name(group: str, aliases: str) -> None:
    name = aliases.split("|")[0]
    for alias in aliases.split("|"):
        found = find_names(f"Es geht um {alias}.")
        assert found.get(group, {}).get(name) == alias, alias


def test_no_spelling_stands_for_two_names() -> None:
    meanings: dict[str, set[tuple[str, str]]] = {}
    for group, names in GROUPS.items():
        for aliases in names:
            for alias in aliases.split("|"):
                meanings.setdefault(alias.lower(), set()).add((group, aliases.split("|")[0]))
    assert {alias: found for alias, found in meanings.items() if len(found) > 1} == {}


@pytest.mark.parametrize("text", ["Doctors who warn us", "Who told us?", "Us and them", "who", "Tell Us Weekly"])
def test_everyday_words_are_no_names(text: str) -> None:
    assert find_names(text) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The WHO and the US agree.", {"institution": {"WHO": "WHO"}, "country": {"USA": "US"}}),
        ("U.S. troops, US-Truppen", {"country": {"USA": "U.S."}}),
        ("(U.S.)", {"country": {"USA": "U.S."}}),
    ],
)
def test_names_that_are_written_like_words_are_known_by_their_capitals(
    text: str, found: dict[str, dict[str, str]]
) -> None:
    assert find_names(text) == found
