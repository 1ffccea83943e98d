"""`gegencheck statements` as a person and a pipe use it."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from index.exchange.claimreview import read_review
from index.store.statements import StatementStore

SENTENCE = "Hot lemon water cures diabetes within seven days."
Run = Callable[..., Result]


def test_an_import_ends_with_a_report_and_twice_changes_nothing(run: Run, feed: Path) -> None:
    first = run("statements", "import", feed)
    assert first.exit_code == 0
    assert "line 2: rejected, " in first.stdout
    assert first.stdout.splitlines()[-1].startswith("2 added, 0 updated, 0 unchanged, 1 rejected")
    second = json.loads(run("statements", "import", feed, "--json").stdout)
    assert (second["added"], second["updated"], second["unchanged"]) == (0, 0, 2)
    assert [note["line"] for note in second["rejected"]] == [2]


def test_the_same_warning_is_printed_once_with_its_lines(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"Bridge {n} is made of cheese.;https://a.example/{n};Daneben\r\n" for n in range(8))
    path = tmp_path / "excel.csv"
    path.write_bytes(f"claim;url;rating;Notiz\r\n{rows}".encode("cp1252"))
    told = run("statements", "import", path).stdout.splitlines()
    assert told == [
        "line 1: the column “Notiz” is unknown and is left out",
        "lines 2, 3, 4, 5, 6 and 3 more: the rating “Daneben” is not mapped, so it decides nothing",
        "8 added, 0 updated, 0 unchanged, 0 rejected, 9 warnings.",
    ]


def test_a_page_without_markup_says_so(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<!doctype html><p>Nothing here.</p>", encoding="utf-8")
    told = run("statements", "import", path).stdout.splitlines()
    assert told == [
        "there is no ClaimReview markup on this page",
        "0 added, 0 updated, 0 unchanged, 0 rejected, 1 warning.",
    ]


def test_what_was_exported_can_be_imported_again(run: Run, feed: Path, tmp_path: Path) -> None:
    run("statements", "import", feed)
    run("statements", "export", tmp_path / "all.ndjson")
    lines = (tmp_path / "all.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["@type"] for line in lines] == ["ClaimReview"] * 2
    again = json.loads(run("statements", "import", tmp_path / "all.ndjson", "--json").stdout)
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, 2)


def test_statements_are_listed_by_words_and_language(run: Run, feed: Path) -> None:
    run("statements", "import", feed)
    assert SENTENCE in run("statements", "list").stdout
    (line,) = run("statements", "list", "--language", "de", "--json").stdout.splitlines()
    assert json.loads(line)["claim_reviewed"] == "Enten dürfen nicht mehr gefüttert werden."
    assert run("statements", "list", "--query", "lemon").stdout.startswith(SENTENCE)


def test_an_export_is_for_whoever_the_person_lets_read_it(run: Run, tmp_path: Path, lemons: dict[str, Any]) -> None:
    store = StatementStore.open(f"sqlite:///{tmp_path}/data/gegencheck.db")
    store.create(read_review(lemons).statement)
    store.close()
    before = os.umask(0o022)
    try:
        run("statements", "export", tmp_path / "all.ndjson")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "all.ndjson").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "data" / "gegencheck.db").stat().st_mode) == 0o600


def test_a_file_of_ones_own_is_previewed_and_then_imported(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "desk.csv"
    path.write_text("Satz;Ergebnis\nThe moon is hollow.;Falsch\nThe moon is round.;Daneben\n;Falsch\n", "utf-8")
    said = ("--column", "claim_reviewed=Satz", "--column", "rating=Ergebnis", "--set", "url=https://bank.example/a")
    seen = run("statements", "import", path, *said, "--preview").stdout.splitlines()
    assert seen[0] == "line 4: rejected, claimReviewed is missing"
    assert seen[1] == "line 3: the rating “Daneben” is not mapped, so it decides nothing"
    assert seen[2] == "line 2: The moon is hollow."
    assert seen[-3:] == [
        "1 × “Falsch” → false",
        "1 × “Daneben” → unmapped",
        "2 statements, 1 rejected, 1 warning. Nothing was stored.",
    ]
    assert json.loads(run("statements", "import", path, *said, "--preview", "--json").stdout)["usable"] == 2
    done = json.loads(run("statements", "import", path, *said, "--json").stdout)
    assert (done["added"], len(done["rejected"])) == (2, 1)


def test_a_column_is_said_as_field_and_name(run: Run, feed: Path) -> None:
    for said, told in (("rating", "write FIELD=COLUMN"), ("verdict=x", "There is no field “verdict”")):
        refused = run("statements", "import", feed, "--column", said)
        assert refused.exit_code == 2
        assert told in refused.stderr
