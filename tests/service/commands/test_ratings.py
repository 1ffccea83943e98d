"""`gegencheck ratings` as a person and a pipe use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
ROWS = "claim,url,rating,publisher\n" + "".join(
    f"Ducks number {n} are banned in Ulm.,https://odd.example/{n},{words},Odd\n"
    for n, words in enumerate(("Quatsch", "Quatsch", "Unfug"))
)


@pytest.fixture
def imported(run: Run, tmp_path: Path) -> Run:
    path = tmp_path / "odd.csv"
    path.write_text(ROWS)
    assert run("statements", "import", path).exit_code == 0
    return run


def test_words_are_listed_mapped_and_taken_back(imported: Run) -> None:
    run = imported
    lines = run("ratings", "list").stdout.splitlines()
    assert [line.split() for line in lines[:2]] == [["2", "Quatsch"], ["odd.example", "(2)"]]
    assert "Ducks number 1 are banned in Ulm. · https://odd.example/1" in lines[2]
    assert lines[-1] == "2 wordings are mapped to no rating, so they decide nothing."
    made = json.loads(run("ratings", "map", "quatsch", "false", "--json").stdout)
    assert (made["statements"], made["normalized"], made["mapped_by"]) == (2, "false", "terminal")
    assert [json.loads(line)["words"] for line in run("ratings", "list", "--json").stdout.splitlines()] == ["Unfug"]
    assert (
        f"{made['id']}  quatsch → false · for all publishers · 2 statements"
        in run("ratings", "list", "--mapped").stdout
    )
    assert run("ratings", "unmap", made["id"]).exit_code == 0
    assert run("ratings", "list", "--mapped").stdout == "Nobody has mapped a rating here yet.\n"
    assert run("ratings", "unmap", made["id"]).exit_code == 1


def test_of_many_the_first_are_shown_and_the_others_counted(imported: Run) -> None:
    assert imported("ratings", "list", "--limit", "1").stdout.endswith("nothing.\n1 other\n")


def test_one_may_be_for_a_publisher_alone(imported: Run) -> None:
    shown = imported("ratings", "map", "Unfug", "satire", "--publisher", "Odd.example").stdout
    assert "Unfug → satire · for odd.example only · 1 statement · terminal" in shown
    listed = imported("ratings", "list", "--mapped", "--json").stdout.splitlines()
    assert [json.loads(line)["publisher"] for line in listed] == ["odd.example"]


def test_where_all_is_mapped_it_says_so(run: Run) -> None:
    assert run("ratings", "list").stdout == "All ratings are mapped.\n"


def test_what_cannot_be_a_mapping_is_refused(run: Run) -> None:
    for said in (("x", "unmapped"), ("x", "falsch"), (" ", "false")):
        assert run("ratings", "map", *said).exit_code == 2


@pytest.mark.parametrize("publisher", ["https://odd.example", "odd.example/", "Odd Example", ""])
def test_a_publisher_is_named_by_its_site_as_in_the_api(run: Run, publisher: str) -> None:
    """Any other name would be kept, and decide for nothing."""
    refused = run("ratings", "map", "Quatsch", "false", "--publisher", publisher)
    assert refused.exit_code == 2
    assert "Name the publisher by its site" in refused.output
